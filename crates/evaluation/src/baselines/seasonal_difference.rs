//! The value one season ago, shifted by how much the level has moved since.

use super::checks;
use super::stateless::Stateless;
use crate::error::FitError;
use crate::forecaster::{FittedForecaster, Forecaster};
use crate::history::Training;
use crate::sums::mean;

/// Last season's value plus the recent seasonal difference:
///
/// `ŷ[T+h] = c[T+h−L] + mean(y[u] − y[u−L], u = T−k+1 … T)`
///
/// where `L` is the season length, `k` the trailing length, and `c` a centred mean of `smoothing` values of `y` (for an
/// even number one more before the middle than after it; `y` itself for 1). Beyond one season the forecasts take the
/// place of the values that are not there yet.
///
/// Smoothing pays where noise is larger than what the season changes within those few steps: the noise of a single old
/// value is otherwise added to the forecast in full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeasonalDifference {
    /// Steps per season: `L`.
    pub season_length: usize,
    /// Values in the mean around the value one season ago; 1 for that value alone.
    pub smoothing: usize,
    /// Recent differences that are averaged: `k`.
    pub trailing: usize,
}

impl SeasonalDifference {
    /// `seasonal-difference`: no smoothing, 50 trailing differences.
    pub fn new(season_length: usize) -> Self {
        Self {
            season_length,
            smoothing: 1,
            trailing: 50,
        }
    }

    /// `smoothed-seasonal-difference`: a mean of ten values around the one a season ago, 50 trailing differences.
    pub fn smoothed(season_length: usize) -> Self {
        Self {
            smoothing: 10,
            ..Self::new(season_length)
        }
    }

    fn static_name(&self) -> &'static str {
        if self.smoothing == 1 {
            "seasonal-difference"
        } else {
            "smoothed-seasonal-difference"
        }
    }
}

impl Forecaster for SeasonalDifference {
    fn name(&self) -> &str {
        self.static_name()
    }

    fn fit(&self, training: &Training<'_>) -> Result<Box<dyn FittedForecaster>, FitError> {
        let Self {
            season_length,
            smoothing,
            trailing,
        } = *self;
        checks::positive(self.name(), "season length", season_length)?;
        checks::positive(self.name(), "trailing", trailing)?;
        checks::at_most(
            self.name(),
            "smoothing",
            smoothing,
            season_length,
            "between 1 and the season length",
        )?;
        let needed = season_length.saturating_add((smoothing / 2).max(trailing));
        Stateless::fit(self.static_name(), training, needed, move |values, horizon| {
            let differences: Vec<f64> = (values.len() - trailing..values.len())
                .map(|u| values[u] - values[u - season_length])
                .collect();
            let shift = mean(&differences);
            let mut extended = values.to_vec();
            for _ in 0..horizon {
                let level = centred_mean(&extended, extended.len() - season_length, smoothing);
                extended.push(level + shift);
            }
            extended.split_off(values.len())
        })
    }
}

/// Mean of `length` values around `middle`: for an even length one more before it than after it.
pub(super) fn centred_mean(values: &[f64], middle: usize, length: usize) -> f64 {
    let first = middle - length / 2;
    mean(&values[first..first + length])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::error::ForecastError;
    use crate::history::History;

    #[test]
    fn a_season_with_a_steady_rise_is_forecast_exactly_beyond_one_season() {
        let value = |step: usize| [0.0, 5.0, 2.0, 7.0][step % 4] + (step / 4) as f64 * 3.0;
        let values: Vec<f64> = (0..20).map(value).collect();
        let history = History::new(&values);
        let model = SeasonalDifference {
            season_length: 4,
            smoothing: 1,
            trailing: 6,
        };
        let fitted = model.fit(&Training::new(&[history], 10)).unwrap();
        let expected: Vec<f64> = (20..30).map(value).collect();
        assert_eq!(fitted.forecast(&history, 10).unwrap(), expected);
    }

    /// A season, and before it half a smoothing window or the trailing differences, whichever reaches further back.
    #[test]
    fn it_needs_a_season_and_what_lies_before_it() {
        let values: Vec<f64> = (0..20).map(|step| f64::from(step % 7)).collect();
        for (smoothing, trailing, needed) in [(7, 1, 10), (6, 1, 10), (1, 1, 8), (3, 5, 12)] {
            let model = SeasonalDifference {
                season_length: 7,
                smoothing,
                trailing,
            };
            let fitted = model.fit(&Training::new(&[History::new(&values)], 1)).unwrap();
            let fits = |length: usize| fitted.forecast(&History::new(&values[..length]), 1).is_ok();
            assert!(
                fits(needed) && !fits(needed - 1),
                "smoothing {smoothing}, trailing {trailing}"
            );
        }
    }

    #[test]
    fn the_even_window_reaches_one_further_back() {
        let values = [1.0, 2.0, 4.0, 8.0, 16.0];
        assert_eq!(centred_mean(&values, 2, 2), 3.0);
        assert_eq!(centred_mean(&values, 2, 3), 14.0 / 3.0);
    }

    #[test]
    fn a_short_history_and_a_wide_smoothing_are_refused() {
        let values = [1.0; 12];
        let history = History::new(&values).with_unique_id("north");
        let model = SeasonalDifference {
            season_length: 7,
            smoothing: 1,
            trailing: 6,
        };
        let fitted = model.fit(&Training::new(&[history], 1)).unwrap();
        let error = fitted.forecast(&history, 1).unwrap_err();
        assert!(
            matches!(
                error,
                ForecastError::TooShort {
                    needed: 13,
                    found: 12,
                    ..
                }
            ),
            "{error}"
        );
        let error = SeasonalDifference::smoothed(7)
            .fit(&Training::new(&[history], 1))
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "smoothed-seasonal-difference: smoothing is 10, but must be between 1 and the season length"
        );
    }
}
