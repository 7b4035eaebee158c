//! The last value, carried forward.

use super::stateless::Stateless;
use crate::error::FitError;
use crate::forecaster::{FittedForecaster, Forecaster};
use crate::history::Training;

/// Forecasts the last observed value: `ŷ[T+h] = y[T]`. Best possible for a random walk, and the floor for everything
/// else.
///
/// Source: Hyndman & Athanasopoulos, *Forecasting: Principles and Practice* (3rd ed.), 5.2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Naive;

impl Forecaster for Naive {
    fn name(&self) -> &str {
        "naive"
    }

    fn fit(&self, training: &Training<'_>) -> Result<Box<dyn FittedForecaster>, FitError> {
        Stateless::fit("naive", training, 1, |values, horizon| {
            vec![values[values.len() - 1]; horizon]
        })
    }
}
