//! What a network sees instead of a series' own values.

use recurra_series::{MinMaxScaler, ScaleError, StandardScaler, difference, integrate};
use serde::{Deserialize, Serialize};

use super::scaling::Scaling;

/// Why a series could not be scaled.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum TransformError {
    /// The scaler cannot be fitted, or a value has no logarithm.
    #[error(transparent)]
    Scale(#[from] ScaleError),
    /// Fewer values than a difference needs.
    #[error("{found} values have no difference over {lag} steps; give more data or difference over fewer steps")]
    TooShort {
        /// The lag of the difference.
        lag: usize,
        /// Values that there are.
        found: usize,
    },
}

/// The scaling of one series, fitted on its training part: logarithm (if asked for), then the difference over `lag`
/// steps (if asked for), then `(x - centre) / width`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transform {
    logarithm: bool,
    /// 0 if there is no difference.
    lag: usize,
    centre: f64,
    width: f64,
}

impl Transform {
    /// Fits the scaling on `values`, the training part alone. A `lag` of 0 takes no difference.
    ///
    /// # Errors
    /// If there are too few values, one is not finite, or one has no logarithm where [`Scaling::Log`] asks for it.
    pub fn fit(scale: Scaling, lag: usize, values: &[f64]) -> Result<Self, TransformError> {
        let plain = Self {
            logarithm: scale == Scaling::Log,
            lag,
            centre: 0.0,
            width: 1.0,
        };
        let stationary = plain.stationary(values)?;
        let (centre, width) = match scale {
            Scaling::Standard | Scaling::Log => {
                let StandardScaler { mean, deviation } = StandardScaler::fit(&stationary)?;
                (mean, deviation)
            }
            Scaling::MinMax => {
                let MinMaxScaler { minimum, width } = MinMaxScaler::fit(&stationary)?;
                (minimum, width)
            }
            Scaling::None => (0.0, 1.0),
        };
        Ok(Self { centre, width, ..plain })
    }

    /// The scaling `(y - centre) / width` and nothing else. It is [sound](Transform::is_sound) if `width` is above zero.
    #[must_use]
    pub fn of_affine(centre: f64, width: f64) -> Self {
        Self {
            logarithm: false,
            lag: 0,
            centre,
            width,
        }
    }

    /// How many values at the start of a series have no scaled counterpart: the lag of the difference.
    #[must_use]
    pub fn lag(&self) -> usize {
        self.lag
    }

    /// Centre and width if the scaling is `(y - centre) / width` and nothing else: no logarithm, no difference.
    #[must_use]
    pub fn affine(&self) -> Option<(f64, f64)> {
        (!self.logarithm && self.lag == 0).then_some((self.centre, self.width))
    }

    /// How many units of the series an error of 1 in the scaled series is; `None` for a logarithm, whose errors are ratios.
    #[must_use]
    pub fn unit(&self) -> Option<f64> {
        (!self.logarithm).then_some(self.width)
    }

    /// The scaled series: `values.len() - lag` numbers.
    ///
    /// # Errors
    /// If there are too few values, or one has no logarithm.
    pub fn apply(&self, values: &[f64]) -> Result<Vec<f32>, TransformError> {
        let stationary = self.stationary(values)?;
        Ok(stationary
            .iter()
            .map(|value| ((value - self.centre) / self.width) as f32)
            .collect())
    }

    /// The values that follow `history` when their scaled counterparts are `scaled`.
    ///
    /// # Errors
    /// If the history is shorter than the lag of the difference, or one of its values has no logarithm.
    pub fn invert(&self, history: &[f64], scaled: &[f32]) -> Result<Vec<f64>, TransformError> {
        let mut values: Vec<f64> = scaled
            .iter()
            .map(|&value| f64::from(value) * self.width + self.centre)
            .collect();
        if self.lag > 0 {
            let too_short = TransformError::TooShort {
                lag: self.lag,
                found: history.len(),
            };
            let recent = history
                .get(history.len().saturating_sub(self.lag)..)
                .unwrap_or_default();
            values = integrate(&self.levels(recent)?, &values, self.lag).ok_or(too_short)?;
        }
        if self.logarithm {
            values.iter_mut().for_each(|value| *value = libm::exp(*value));
        }
        Ok(values)
    }

    /// Whether the numbers can have come from [`Transform::fit`]: a file may hold anything.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.centre.is_finite() && self.width.is_finite() && self.width > 0.0
    }

    fn levels(&self, values: &[f64]) -> Result<Vec<f64>, TransformError> {
        if let Some(index) = values.iter().position(|value| !value.is_finite()) {
            return Err(ScaleError::NotFinite {
                index,
                value: values[index],
            }
            .into());
        }
        if !self.logarithm {
            return Ok(values.to_vec());
        }
        recurra_series::LogScaler::check(values)?;
        Ok(values.iter().map(|&value| libm::log(value)).collect())
    }

    fn stationary(&self, values: &[f64]) -> Result<Vec<f64>, TransformError> {
        let levels = self.levels(values)?;
        if self.lag == 0 {
            return Ok(levels);
        }
        if levels.len() <= self.lag {
            return Err(TransformError::TooShort {
                lag: self.lag,
                found: levels.len(),
            });
        }
        Ok(difference(&levels, self.lag))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn only_plain_scalings_are_affine() {
        let values = [1.0, 2.0, 4.0];
        let affine = |scale, lag| Transform::fit(scale, lag, &values).unwrap().affine();
        assert_eq!(affine(Scaling::MinMax, 0), Some((1.0, 3.0)));
        assert_eq!(affine(Scaling::None, 0), Some((0.0, 1.0)));
        assert_eq!(affine(Scaling::Log, 0), None);
        assert_eq!(affine(Scaling::None, 1), None);
        let unit = |scale, lag| Transform::fit(scale, lag, &values).unwrap().unit();
        assert_eq!(unit(Scaling::MinMax, 0), Some(3.0));
        assert_eq!(unit(Scaling::MinMax, 1), Some(1.0));
        assert_eq!(unit(Scaling::Log, 0), None);
    }

    #[test]
    fn every_combination_inverts() {
        let values: Vec<f64> = (0..40).map(|t| 50.0 + f64::from(t) + f64::from(t * 7 % 11)).collect();
        let (history, rest) = values.split_at(30);
        for scale in Scaling::ALL {
            for lag in [0, 1, 7] {
                let transform = Transform::fit(scale, lag, history).unwrap();
                let scaled = transform.apply(&values).unwrap();
                assert_eq!(scaled.len(), values.len() - lag);
                let back = transform.invert(history, &scaled[30 - lag..]).unwrap();
                for (back, value) in back.iter().zip(rest) {
                    assert!(
                        (back - value).abs() < 1e-4 * value,
                        "{scale} with lag {lag}: {back} for {value}"
                    );
                }
            }
        }
    }

    #[test]
    fn the_scaled_training_part_has_mean_zero_and_deviation_one() {
        let transform = Transform::fit(Scaling::Standard, 0, &[1.0, 3.0]).unwrap();
        assert_eq!(transform.apply(&[1.0, 3.0, 4.0]).unwrap(), [-1.0, 1.0, 2.0]);
    }

    #[test]
    fn what_cannot_be_scaled_says_why() {
        let error = Transform::fit(Scaling::Log, 0, &[1.0, 0.0]).unwrap_err();
        assert!(error.to_string().contains("value 1 (from 0) is 0"), "{error}");
        let error = Transform::fit(Scaling::Standard, 3, &[1.0; 3]).unwrap_err();
        assert_eq!(error, TransformError::TooShort { lag: 3, found: 3 });
        assert!(Transform::fit(Scaling::Standard, 0, &[f64::NAN]).is_err());
    }
}
