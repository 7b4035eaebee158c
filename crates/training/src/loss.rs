//! Losses with their gradients.

use serde::{Deserialize, Serialize};

use crate::error::TrainingError;

/// A loss: the mean of a function of the error `e = forecast − actual` over all forecasts of a batch and all their
/// outputs, as in Keras. Errors are taken and summed in f64, in index order.
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
        match self {
            Self::Huber { delta } if !(delta.is_finite() && delta > 0.0) => Err(TrainingError::Option {
                option: "delta",
                value: delta.to_string(),
                must_be: "a positive number",
            }),
            _ => Ok(()),
        }
    }

    /// The loss of one error, and its derivative.
    fn of(self, error: f64) -> (f64, f64) {
        match self {
            Self::MeanSquaredError => (error * error, 2.0 * error),
            Self::MeanAbsoluteError => (error.abs(), sign(error)),
            Self::Huber { delta } if error.abs() <= delta => (0.5 * error * error, error),
            Self::Huber { delta } => (delta * error.abs() - 0.5 * delta * delta, delta * sign(error)),
        }
    }

    /// The sum of the losses of all forecasts (not their mean).
    ///
    /// # Panics
    /// If the two slices differ in length.
    #[must_use]
    pub fn sum(self, forecasts: &[f32], actual: &[f32]) -> f64 {
        errors(forecasts, actual).map(|error| self.of(error).0).sum()
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
        assert_eq!(gradient.len(), forecasts.len(), "one gradient for each forecast");
        #[expect(clippy::cast_precision_loss, reason = "a batch is far below 2⁵³ forecasts")]
        let count = forecasts.len() as f64;
        let mut sum = 0.0;
        for (error, gradient) in errors(forecasts, actual).zip(gradient) {
            let (loss, derivative) = self.of(error);
            sum += loss;
            #[expect(clippy::cast_possible_truncation, reason = "gradients are f32")]
            let derivative = (derivative / count) as f32;
            *gradient = derivative;
        }
        sum / count
    }
}

/// The sum of the absolute errors, in index order in f64.
pub(crate) fn absolute_errors(forecasts: &[f32], actual: &[f32]) -> f64 {
    errors(forecasts, actual).map(f64::abs).sum()
}

fn errors(forecasts: &[f32], actual: &[f32]) -> impl Iterator<Item = f64> {
    assert_eq!(forecasts.len(), actual.len(), "one actual value for each forecast");
    forecasts
        .iter()
        .zip(actual)
        .map(|(&forecast, &actual)| f64::from(forecast) - f64::from(actual))
}

/// −1, 0 or 1; NaN stays NaN, so that a diverged forecast is seen.
fn sign(value: f64) -> f64 {
    if value == 0.0 { 0.0 } else { value.signum() }
}

#[cfg(test)]
mod tests {
    use super::Loss;

    const LOSSES: [Loss; 4] = [
        Loss::MeanSquaredError,
        Loss::MeanAbsoluteError,
        Loss::Huber { delta: 1.0 },
        Loss::Huber { delta: 0.3 },
    ];

    #[test]
    fn derivatives_are_the_slopes() {
        for loss in LOSSES {
            for error in [-7.0, -1.1, -0.4, 0.25, 0.9, 3.0] {
                let step = 1e-6;
                let slope = (loss.of(error + step).0 - loss.of(error - step).0) / (2.0 * step);
                assert!((slope - loss.of(error).1).abs() < 1e-8, "{loss:?} at {error}");
            }
        }
    }

    #[test]
    fn values_are_the_definitions() {
        assert_eq!(Loss::MeanSquaredError.sum(&[1.0, 3.0], &[2.0, 5.5]), 1.0 + 6.25);
        assert_eq!(Loss::MeanAbsoluteError.sum(&[1.0, 3.0], &[2.0, 5.5]), 1.0 + 2.5);
        assert_eq!(Loss::Huber { delta: 1.0 }.sum(&[1.5, 3.0], &[2.0, 5.5]), 0.125 + 2.0);
        assert_eq!(Loss::MeanAbsoluteError.of(0.0), (0.0, 0.0));
    }

    #[test]
    fn a_forecast_that_is_no_number_gives_a_loss_that_is_none() {
        for loss in LOSSES {
            let mut gradient = [0.0];
            assert!(loss.mean(&[f32::NAN], &[0.0], &mut gradient).is_nan(), "{loss:?}");
            assert!(gradient[0].is_nan(), "{loss:?}");
        }
    }
}
