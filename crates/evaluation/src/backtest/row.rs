//! One forecast of one value.

use crate::statistics::Interval;
use recurra_series::Time;
use std::sync::Arc;

/// One forecast of one value, with what came.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ForecastRow {
    /// The series; empty if it has no name.
    pub unique_id: Arc<str>,
    /// The time that was forecast.
    pub ds: Time,
    /// The time of the last value that had been observed.
    pub cutoff: Time,
    /// Index of the forecast value in its series.
    pub index: usize,
    /// Steps from the cutoff, from 1.
    pub step: usize,
    /// The model.
    pub model: Arc<str>,
    /// What came.
    pub y: f64,
    /// What was forecast.
    pub yhat: f64,
    /// One interval per level of the table; `None` where too few errors had been observed.
    pub bounds: Vec<Option<Interval>>,
    /// The bands of quantiles that the model itself forecast, one per level, before past errors widened or narrowed them to `bounds`;
    /// empty for a model that forecasts none.
    pub quantiles: Vec<Interval>,
}
