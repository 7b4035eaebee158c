//! The value one season ago.

use super::checks;
use super::season_length::SeasonLength;
use super::stateless::Stateless;
use crate::error::FitError;
use crate::forecaster::{FittedForecaster, Forecaster};
use crate::history::Training;

/// Forecasts the last observed value of the same place in the season: `ŷ[T+h] = y[T+h−L·⌈h/L⌉]`. With a season length of
/// one it is [`Naive`](super::Naive).
///
/// Source: Hyndman & Athanasopoulos, *Forecasting: Principles and Practice* (3rd ed.), 5.2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeasonalNaive {
    /// Steps per season: `L`.
    pub season_length: SeasonLength,
}

impl Forecaster for SeasonalNaive {
    fn name(&self) -> &str {
        "seasonal-naive"
    }

    fn fit(&self, training: &Training<'_>) -> Result<Box<dyn FittedForecaster>, FitError> {
        let length = self.season_length.resolve(training);
        checks::positive(self.name(), "season length", length)?;
        Stateless::fit("seasonal-naive", training, length, move |values, horizon| {
            values[values.len() - length..]
                .iter()
                .copied()
                .cycle()
                .take(horizon)
                .collect()
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::history::History;

    #[test]
    fn the_last_season_repeats() {
        let history = History::new(&[9.0, 9.0, 1.0, 2.0, 3.0]);
        let model = SeasonalNaive {
            season_length: SeasonLength::Given(3),
        };
        let fitted = model.fit(&Training::new(&[history], 1)).unwrap();
        assert_eq!(
            fitted.forecast(&history, 7).unwrap(),
            [1.0, 2.0, 3.0, 1.0, 2.0, 3.0, 1.0]
        );
        assert!(fitted.forecast(&history.last(2), 1).is_err());
        assert!(
            SeasonalNaive {
                season_length: SeasonLength::Given(0)
            }
            .fit(&Training::new(&[history], 1))
            .is_err()
        );
    }
}
