//! Losses with their gradients.

use recurra_series::Samples;
use serde::{Deserialize, Serialize};

use crate::error::TrainingError;

/// A loss: the mean of a function of the error `e = forecast − actual` over all forecasts of a batch and all their
/// outputs, as in Keras. Errors are taken and summed in f64, in index order.
///
/// With sample weights each window's loss is multiplied by its weight before the mean is taken (over the number of windows,
/// not the sum of the weights), as in Keras.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Loss {
    /// `e²`.
    MeanSquaredError,
    /// `|e|`, with the gradient 0 at 0.
    MeanAbsoluteError,
    /// `e²/2` up to `|e| = δ`, beyond it the line `δ·|e| − δ²/2`.
    Huber {
        /// Where the parabola becomes a line, in the unit of the targets.
        #[serde(default = "one")]
        delta: f64,
    },
    /// `ln(cosh(e))`: nearly `e²/2` for small errors and `|e| − ln 2` for large ones.
    LogCosh,
    /// The pinball loss, whose best forecast is the quantile `q`: `q·(−e)` where the forecast is too low, `(1 − q)·e` where
    /// it is too high.
    Quantile {
        /// The quantile, between 0 and 1.
        quantile: f64,
    },
    /// `100·|e| / |actual|`. An actual value of zero has no percentage: training on it is an error.
    MeanAbsolutePercentageError,
}

fn one() -> f64 {
    1.0
}

impl Default for Loss {
    /// The mean squared error.
    fn default() -> Self {
        Self::MeanSquaredError
    }
}

impl Loss {
    /// Refuses parameters for which the loss is not defined.
    pub(crate) fn check(self) -> Result<(), TrainingError> {
        let (option, value, fine, must_be) = match self {
            Self::Huber { delta } => ("delta", delta, delta.is_finite() && delta > 0.0, "a positive number"),
            Self::Quantile { quantile } => (
                "quantile",
                quantile,
                quantile > 0.0 && quantile < 1.0,
                "between 0 and 1, both excluded",
            ),
            _ => return Ok(()),
        };
        if fine {
            return Ok(());
        }
        Err(TrainingError::Option {
            option,
            value: value.to_string(),
            must_be,
        })
    }

    /// Refuses actual values for which the loss is not defined.
    pub(crate) fn check_actual(self, which: &'static str, samples: &dyn Samples) -> Result<(), TrainingError> {
        if self != Self::MeanAbsolutePercentageError {
            return Ok(());
        }
        let mut inputs = vec![0.0; samples.steps() * samples.columns()];
        let mut targets = vec![0.0; samples.outputs()];
        for window in 0..samples.len() {
            samples.gather(&[window], &mut inputs, &mut targets);
            if let Some(output) = targets.iter().position(|&actual| actual == 0.0) {
                return Err(TrainingError::ZeroActual { which, window, output });
            }
        }
        Ok(())
    }

    /// The loss of one error, and its derivative.
    fn of(self, error: f64, actual: f64) -> (f64, f64) {
        match self {
            Self::MeanSquaredError => (error * error, 2.0 * error),
            Self::MeanAbsoluteError => (error.abs(), sign(error)),
            Self::Huber { delta } if error.abs() <= delta => (0.5 * error * error, error),
            Self::Huber { delta } => (delta * error.abs() - 0.5 * delta * delta, delta * sign(error)),
            // |e| + ln((1 + exp(−2|e|))/2) does not overflow.
            Self::LogCosh => {
                let size = error.abs();
                (
                    size + libm::log1p(libm::exp(-2.0 * size)) - std::f64::consts::LN_2,
                    libm::tanh(error),
                )
            }
            Self::Quantile { quantile } if error < 0.0 => (-quantile * error, -quantile),
            Self::Quantile { quantile } => ((1.0 - quantile) * error, (1.0 - quantile) * sign(error)),
            Self::MeanAbsolutePercentageError => {
                let percent = 100.0 / actual.abs();
                (percent * error.abs(), percent * sign(error))
            }
        }
    }

    /// The sum of the losses of all forecasts (not their mean).
    ///
    /// # Panics
    /// If the two slices differ in length.
    #[must_use]
    pub fn sum(self, forecasts: &[f32], actual: &[f32]) -> f64 {
        errors(forecasts, actual)
            .map(|(error, actual)| self.of(error, actual).0)
            .sum()
    }

    /// The mean loss of a batch; its gradient with respect to every forecast is written to `gradient`.
    ///
    /// ```
    /// use recurra_training::Loss;
    /// let mut gradient = [0.0; 2];
    /// let loss = Loss::Huber { delta: 1.0 }.mean(&[0.5, 5.0], &[0.0, 2.0], &mut gradient);
    /// assert_eq!(loss, (0.125 + 2.5) / 2.0);
    /// assert_eq!(gradient, [0.25, 0.5]);
    /// ```
    ///
    /// # Panics
    /// If the three slices differ in length.
    pub fn mean(self, forecasts: &[f32], actual: &[f32], gradient: &mut [f32]) -> f64 {
        self.weighted_mean(forecasts, actual, &[], gradient)
    }

    /// [`Loss::mean`] with one weight for each window of the batch; none at all count as ones.
    ///
    /// # Panics
    /// If the slices differ in length, or the forecasts are not a whole number of windows.
    pub fn weighted_mean(self, forecasts: &[f32], actual: &[f32], weights: &[f32], gradient: &mut [f32]) -> f64 {
        assert_eq!(gradient.len(), forecasts.len(), "one gradient for each forecast");
        let outputs = if weights.is_empty() {
            1
        } else {
            forecasts.len() / weights.len()
        };
        assert!(
            weights.is_empty() || outputs * weights.len() == forecasts.len(),
            "one weight for each window"
        );
        #[expect(clippy::cast_precision_loss, reason = "a batch is far below 2⁵³ forecasts")]
        let count = forecasts.len() as f64;
        let mut sum = 0.0;
        for (index, ((error, actual), gradient)) in errors(forecasts, actual).zip(gradient).enumerate() {
            let weight = weights.get(index / outputs).map_or(1.0, |&weight| f64::from(weight));
            let (loss, derivative) = self.of(error, actual);
            sum += weight * loss;
            #[expect(clippy::cast_possible_truncation, reason = "gradients are f32")]
            let derivative = (weight * derivative / count) as f32;
            *gradient = derivative;
        }
        sum / count
    }
}

/// The sum of the absolute errors, in index order in f64.
pub(crate) fn absolute_errors(forecasts: &[f32], actual: &[f32]) -> f64 {
    errors(forecasts, actual).map(|(error, _)| error.abs()).sum()
}

/// Errors, each with the actual value.
fn errors(forecasts: &[f32], actual: &[f32]) -> impl Iterator<Item = (f64, f64)> {
    assert_eq!(forecasts.len(), actual.len(), "one actual value for each forecast");
    let pairs = forecasts
        .iter()
        .zip(actual)
        .map(|(&forecast, &actual)| (f64::from(forecast), f64::from(actual)));
    pairs.map(|(forecast, actual)| (forecast - actual, actual))
}

/// −1, 0 or 1; NaN stays NaN, so that a diverged forecast is seen.
fn sign(value: f64) -> f64 {
    if value == 0.0 { 0.0 } else { value.signum() }
}

#[cfg(test)]
mod tests {
    use super::Loss;

    const LOSSES: [Loss; 8] = [
        Loss::MeanSquaredError,
        Loss::MeanAbsoluteError,
        Loss::Huber { delta: 1.0 },
        Loss::Huber { delta: 0.3 },
        Loss::LogCosh,
        Loss::Quantile { quantile: 0.5 },
        Loss::Quantile { quantile: 0.9 },
        Loss::MeanAbsolutePercentageError,
    ];

    #[test]
    fn derivatives_are_the_slopes() {
        for loss in LOSSES {
            for error in [-7.0, -1.1, -0.4, 0.25, 0.9, 3.0] {
                let step = 1e-6;
                let slope = (loss.of(error + step, -3.0).0 - loss.of(error - step, -3.0).0) / (2.0 * step);
                assert!((slope - loss.of(error, -3.0).1).abs() < 1e-7, "{loss:?} at {error}");
            }
        }
    }

    #[test]
    fn values_are_the_definitions() {
        assert_eq!(Loss::MeanSquaredError.sum(&[1.0, 3.0], &[2.0, 5.5]), 1.0 + 6.25);
        assert_eq!(Loss::MeanAbsoluteError.sum(&[1.0, 3.0], &[2.0, 5.5]), 1.0 + 2.5);
        assert_eq!(Loss::Huber { delta: 1.0 }.sum(&[1.5, 3.0], &[2.0, 5.5]), 0.125 + 2.0);
        assert_eq!(
            Loss::Quantile { quantile: 0.75 }.sum(&[1.0, 3.0], &[2.0, 2.0]),
            0.75 + 0.25
        );
        assert_eq!(
            Loss::MeanAbsolutePercentageError.sum(&[1.0, 3.0], &[2.0, -2.0]),
            50.0 + 250.0
        );
        assert_eq!(Loss::MeanAbsoluteError.of(0.0, 1.0), (0.0, 0.0));
    }

    #[test]
    fn a_large_error_does_not_overflow() {
        let (loss, derivative) = Loss::LogCosh.of(-1e30, 0.0);
        assert_eq!((loss, derivative), (1e30, -1.0));
    }

    #[test]
    fn a_forecast_that_is_no_number_gives_a_loss_that_is_none() {
        for loss in LOSSES {
            let mut gradient = [0.0];
            assert!(loss.mean(&[f32::NAN], &[1.0], &mut gradient).is_nan(), "{loss:?}");
            assert!(gradient[0].is_nan(), "{loss:?}");
        }
    }

    #[test]
    fn parameters_outside_their_range_are_refused() {
        let bad = [
            (Loss::Huber { delta: 0.0 }, "delta"),
            (Loss::Quantile { quantile: 1.0 }, "quantile"),
        ];
        for (loss, option) in bad {
            assert!(
                loss.check().is_err_and(|error| error.to_string().contains(option)),
                "{loss:?}"
            );
        }
    }
}
