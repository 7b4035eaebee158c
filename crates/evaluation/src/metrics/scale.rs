//! What scaled errors are divided by.

use super::Undefined;

/// The errors that the seasonal naive forecast makes within a training part: `y[t]` against `y[t − m]` for all
/// `t ≥ m`, where `m` is the season length (1 for the plain naive forecast).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SeasonalScale {
    mean_absolute: f64,
    mean_squared: f64,
}

impl SeasonalScale {
    /// Measures a training part.
    ///
    /// # Errors
    /// If there is no pair of values one season apart, if a value is not finite, or if the error is zero: a scale of
    /// zero would make every scaled error infinite.
    pub fn new(training: &[f64], season_length: usize) -> Result<Self, Undefined> {
        let season_length = season_length.max(1);
        if training.len() <= season_length {
            return Err(Undefined::TooFew {
                needed: season_length.saturating_add(1),
                found: training.len(),
            });
        }
        if let Some(index) = training.iter().position(|value| !value.is_finite()) {
            return Err(Undefined::NotFinite { index });
        }
        let differences = || {
            training[season_length..]
                .iter()
                .zip(training)
                .map(|(value, past)| value - past)
        };
        let count = (training.len() - season_length) as f64;
        let mean_absolute = differences().map(f64::abs).sum::<f64>() / count;
        let mean_squared = differences().map(|difference| difference * difference).sum::<f64>() / count;
        // The squares of tiny differences can vanish where the differences do not.
        if mean_squared == 0.0 {
            return Err(Undefined::ZeroScale { season_length });
        }
        Ok(Self {
            mean_absolute,
            mean_squared,
        })
    }

    /// The mean absolute error of the seasonal naive forecast.
    pub fn mean_absolute(&self) -> f64 {
        self.mean_absolute
    }

    /// Its mean squared error.
    pub fn mean_squared(&self) -> f64 {
        self.mean_squared
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn compares_values_one_season_apart() {
        let scale = SeasonalScale::new(&[1.0, 10.0, 2.0, 13.0], 2).unwrap();
        assert_eq!(scale.mean_absolute(), 2.0);
        assert_eq!(scale.mean_squared(), 5.0);
    }

    #[test]
    fn a_training_part_without_naive_errors_has_no_scale() {
        let repeated = SeasonalScale::new(&[1.0, 2.0, 1.0, 2.0], 2);
        assert_eq!(repeated, Err(Undefined::ZeroScale { season_length: 2 }));
        assert_eq!(
            SeasonalScale::new(&[1.0, 2.0], 2),
            Err(Undefined::TooFew { needed: 3, found: 2 })
        );
    }
}
