//! What comes out of a backtest.

use super::plan::Backtest;
use super::table::ForecastTable;
use crate::metrics::{SeasonalScale, Undefined};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A fit or a forecast that failed, of points or of quantiles alone. The other models, series and folds go on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Failure {
    /// The model.
    pub model: String,
    /// The series; `None` where the fit failed, which is one for all of them.
    pub unique_id: Option<String>,
    /// Values that had been observed, in the series (of a fit: in the first series).
    pub cutoff: usize,
    /// What the model said.
    pub message: String,
}

/// What came out of a backtest.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct BacktestResult {
    /// The plan.
    pub plan: Backtest,
    /// The scored forecasts.
    pub table: ForecastTable,
    /// What failed, in the order of models and cutoffs.
    pub failures: Vec<Failure>,
    /// Scored cutoffs that were left out for all models, as the last value before them had been filled in, or one before
    /// them from values after them ([`Series::sees_ahead`](recurra_series::Series::sees_ahead)).
    pub left_out: usize,
    /// Models whose intervals are made around quantiles that they forecast themselves; those of all others around points.
    pub own_quantiles: Vec<String>,
    /// For every series, the error of the seasonal naive forecast before the first cutoff.
    pub scales: Vec<(Arc<str>, Result<SeasonalScale, Undefined>)>,
}

impl BacktestResult {
    /// How many scored forecasts are missing, over all models: those that another model has made, for a model that failed there. (The
    /// naive forecast fails nowhere.) [`BacktestResult::failures`] count fits, which are of many forecasts, and folds that are not scored.
    pub fn missing_forecasts(&self) -> usize {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        // A model that failed everywhere has no rows.
        for failure in &self.failures {
            counts.insert(&failure.model, 0);
        }
        for row in &self.table.rows {
            *counts.entry(&row.model).or_default() += 1;
        }
        let most = counts.values().copied().max().unwrap_or(0);
        counts.values().map(|count| most - count).sum()
    }
}
