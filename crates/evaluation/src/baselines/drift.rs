//! The last value plus the mean change so far.

use super::stateless::Stateless;
use crate::error::FitError;
use crate::forecaster::{FittedForecaster, Forecaster};
use crate::history::Training;

/// Continues the line from the first to the last observed value: `ŷ[T+h] = y[T] + h · (y[T] − y[1]) / (T − 1)`.
///
/// Source: Hyndman & Athanasopoulos, *Forecasting: Principles and Practice* (3rd ed.), 5.2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Drift;

impl Forecaster for Drift {
    fn name(&self) -> &str {
        "drift"
    }

    fn fit(&self, training: &Training<'_>) -> Result<Box<dyn FittedForecaster>, FitError> {
        Stateless::fit("drift", training, 2, |values, horizon| {
            let (first, last) = (values[0], values[values.len() - 1]);
            let slope = (last - first) / (values.len() - 1) as f64;
            (1..=horizon).map(|step| last + step as f64 * slope).collect()
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::history::History;

    #[test]
    fn the_line_goes_on() {
        let history = History::new(&[1.0, 50.0, 5.0]);
        let fitted = Drift.fit(&Training::new(&[history], 1)).unwrap();
        assert_eq!(fitted.forecast(&history, 2).unwrap(), [7.0, 9.0]);
        assert!(fitted.forecast(&history.last(1), 1).is_err());
    }
}
