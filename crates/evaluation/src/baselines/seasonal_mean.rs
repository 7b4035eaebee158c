//! The mean of the last seasons at the same place, shifted by the recent residuals.

use super::checks;
use super::seasonal_difference::centred_mean;
use super::stateless::Stateless;
use crate::error::FitError;
use crate::forecaster::{FittedForecaster, Forecaster};
use crate::history::Training;
use crate::sums::mean;

/// What the last seasons had at this place, plus how far the recent values were from it:
///
/// `m[t] = mean(c[t−L], c[t−2L], … c[t−nL])`, `ŷ[T+h] = m[T+h] + mean(y[u] − m[u], u = T−k+1 … T)`
///
/// where `L` is the season length, `n` the number of seasons, `k` the trailing length, and `c` a centred mean of
/// `smoothing` values (for an even number one more before the middle than after it). Beyond one season the forecasts
/// take the place of the values that are not there yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeasonalMean {
    /// Steps per season: `L`.
    pub season_length: usize,
    /// Past seasons that are averaged: `n`.
    pub seasons: usize,
    /// Values in the mean around each of them.
    pub smoothing: usize,
    /// Recent residuals that are averaged: `k`.
    pub trailing: usize,
}

impl SeasonalMean {
    /// Two seasons, each smoothed over ten values, and 50 trailing residuals.
    pub fn new(season_length: usize) -> Self {
        Self {
            season_length,
            seasons: 2,
            smoothing: 10,
            trailing: 50,
        }
    }

    fn seasonal(&self, values: &[f64], step: usize) -> f64 {
        let past = 1..=self.seasons;
        let sum: f64 = past
            .map(|season| centred_mean(values, step - season * self.season_length, self.smoothing))
            .sum();
        sum / self.seasons as f64
    }
}

impl Forecaster for SeasonalMean {
    fn name(&self) -> &str {
        "seasonal-mean"
    }

    fn fit(&self, training: &Training<'_>) -> Result<Box<dyn FittedForecaster>, FitError> {
        let model = *self;
        checks::positive(self.name(), "season length", self.season_length)?;
        checks::positive(self.name(), "seasons", self.seasons)?;
        checks::positive(self.name(), "trailing", self.trailing)?;
        checks::at_most(
            self.name(),
            "smoothing",
            self.smoothing,
            self.season_length,
            "between 1 and the season length",
        )?;
        let needed = self
            .seasons
            .saturating_mul(self.season_length)
            .saturating_add(self.smoothing / 2)
            .saturating_add(self.trailing);
        Stateless::fit("seasonal-mean", training, needed, move |values, horizon| {
            let residuals: Vec<f64> = (values.len() - model.trailing..values.len())
                .map(|step| values[step] - model.seasonal(values, step))
                .collect();
            let shift = mean(&residuals);
            let mut extended = values.to_vec();
            for _ in 0..horizon {
                let level = model.seasonal(&extended, extended.len());
                extended.push(level + shift);
            }
            extended.split_off(values.len())
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::history::History;

    #[test]
    fn the_shift_is_measured_against_the_mean_of_the_seasons() {
        // Seasons 0 10, 2 12, 5 15: the mean of the last two, and the residuals of the last two values (4 each).
        let values = [0.0, 10.0, 2.0, 12.0, 5.0, 15.0];
        let history = History::new(&values);
        let model = SeasonalMean {
            season_length: 2,
            seasons: 2,
            smoothing: 1,
            trailing: 2,
        };
        let fitted = model.fit(&Training::new(&[history], 3)).unwrap();
        // 3.5 + 4, 13.5 + 4, then (7.5 + 5) / 2 + 4.
        assert_eq!(fitted.forecast(&history, 3).unwrap(), [7.5, 17.5, 10.25]);
    }

    #[test]
    fn exactly_the_needed_history_is_enough() {
        let values: Vec<f64> = (0..16).map(f64::from).collect();
        let model = SeasonalMean {
            season_length: 5,
            seasons: 2,
            smoothing: 5,
            trailing: 4,
        };
        let history = History::new(&values);
        let fitted = model.fit(&Training::new(&[history], 1)).unwrap();
        assert!(fitted.forecast(&history, 7).is_ok());
        assert!(fitted.forecast(&history.last(15), 1).is_err());
    }
}
