//! Everything that the metrics of one group of forecasts may need.

use super::{Intervals, Level, Points, SeasonalScale, Undefined, crps_from_quantiles};
use crate::sums::mean;

/// The bounds of one level, one pair per forecast.
#[derive(Debug, Clone, PartialEq)]
pub struct Bounds {
    /// The nominal coverage.
    pub level: Level,
    /// Lower bounds.
    pub lower: Vec<f64>,
    /// Upper bounds.
    pub upper: Vec<f64>,
}

/// A group of forecasts to score: one series, one horizon step, or all of them together.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Scored {
    /// Actual values.
    pub actual: Vec<f64>,
    /// Forecasts of them.
    pub forecast: Vec<f64>,
    /// The scale of each forecast's series, or why it has none.
    pub scales: Vec<Result<SeasonalScale, Undefined>>,
    /// Intervals, if there are any.
    pub bounds: Vec<Bounds>,
}

impl Scored {
    pub(super) fn points(&self) -> Result<Points<'_>, Undefined> {
        Points::new(&self.actual, &self.forecast)
    }

    /// Mean over the forecasts of the error's size, raised to one or two, each divided by its own series' scale.
    pub(super) fn mean_scaled(
        &self,
        size: impl Fn(f64) -> f64,
        scale: impl Fn(&SeasonalScale) -> f64,
    ) -> Result<f64, Undefined> {
        let points = self.points()?;
        if self.scales.len() != points.count() {
            return Err(Undefined::Lengths {
                left: points.count(),
                right: self.scales.len(),
            });
        }
        let scaled = points
            .errors()
            .zip(&self.scales)
            .map(|(error, own)| Ok(size(error) / scale(own.as_ref().map_err(Clone::clone)?)))
            .collect::<Result<Vec<f64>, Undefined>>()?;
        Ok(mean(&scaled))
    }

    pub(super) fn intervals(&self, level: Level) -> Result<Intervals<'_>, Undefined> {
        let missing = || Undefined::NoIntervals {
            wanted: format!("{level} % intervals"),
        };
        let bounds = self
            .bounds
            .iter()
            .find(|bounds| bounds.level == level)
            .ok_or_else(missing)?;
        Intervals::new(&self.actual, &bounds.lower, &bounds.upper)
    }

    /// From all bounds there are, with the point forecast as the median.
    pub(super) fn crps(&self) -> Result<f64, Undefined> {
        if self.bounds.is_empty() {
            return Err(Undefined::NoIntervals {
                wanted: "quantiles".to_owned(),
            });
        }
        let mut quantiles = vec![(0.5, &self.forecast[..])];
        for bounds in &self.bounds {
            let (lower, upper) = bounds.level.probabilities();
            quantiles.extend([(lower, &bounds.lower[..]), (upper, &bounds.upper[..])]);
        }
        crps_from_quantiles(&self.actual, &quantiles)
    }
}
