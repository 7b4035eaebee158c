//! The mean of the last values.

use super::checks;
use super::stateless::Stateless;
use crate::error::FitError;
use crate::forecaster::{FittedForecaster, Forecaster};
use crate::history::Training;
use crate::sums::mean;

/// Forecasts the mean of the last `length` values, the same for every step of the horizon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrailingMean {
    /// How many values the mean is taken over.
    pub length: usize,
}

impl Default for TrailingMean {
    /// The last 30 values: a month of days.
    fn default() -> Self {
        Self { length: 30 }
    }
}

impl Forecaster for TrailingMean {
    fn name(&self) -> &str {
        "trailing-mean"
    }

    fn fit(&self, training: &Training<'_>) -> Result<Box<dyn FittedForecaster>, FitError> {
        let length = self.length;
        checks::positive(self.name(), "length", length)?;
        Stateless::fit("trailing-mean", training, length, move |values, horizon| {
            vec![mean(&values[values.len() - length..]); horizon]
        })
    }
}
