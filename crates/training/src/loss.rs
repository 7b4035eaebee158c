//! Losses with their gradients.

use recurra_series::Samples;
use serde::{Deserialize, Serialize};

use crate::error::TrainingError;
use crate::quantiles::Quantiles;
use crate::written_loss::WrittenLoss;

/// A loss: the mean of a function of the error `e = forecast − actual` over all forecasts of a batch and all their
/// outputs, as in Keras. Errors are taken and summed in f64, in index order.
///
/// With sample weights each window's loss is multiplied by its weight before the mean is taken (over the number of windows,
/// not the sum of the weights), as in Keras.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "kebab-case", from = "WrittenLoss")]
#[non_exhaustive]
pub enum Loss {
    /// `e²`.
    MeanSquaredError,
    /// `|e|`, with the gradient 0 at 0.
    MeanAbsoluteError,
    /// `e²/2` up to `|e| = δ`, beyond it the line `δ·|e| − δ²/2`.
    Huber {
        /// Where the parabola becomes a line, in the unit of the targets; 1 where a file does not say it.
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
    /// The pinball losses of several quantiles, each of an output of its own: see [`Quantiles`] for their order. Every step's
    /// actual value is the target of all its outputs. (Keras has one quantile for all outputs; there one would write it as a
    /// loss of one's own.)
    Quantiles {
        /// The quantiles.
        quantiles: Quantiles,
    },
    /// `100·|e| / |actual|`. An actual value of zero has no percentage: training on it is an error.
    MeanAbsolutePercentageError,
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

    /// Refuses a number of outputs that the loss cannot share out.
    pub(crate) fn check_outputs(self, outputs: usize) -> Result<(), TrainingError> {
        let group = self.outputs_per_step();
        if outputs.is_multiple_of(group) {
            return Ok(());
        }
        Err(TrainingError::QuantileOutputs {
            outputs,
            quantiles: group,
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

    /// The loss of the error of output `index` of a batch, and its derivative.
    fn at(self, index: usize, error: f64, actual: f64) -> (f64, f64) {
        match self {
            Self::Quantiles { quantiles } => {
                let quantile = quantiles.of_output(index);
                Self::Quantile { quantile }.of(error, actual)
            }
            _ => self.of(error, actual),
        }
    }

    /// Outputs of a network for every step that it forecasts: more than one where it forecasts several quantiles.
    #[must_use]
    pub fn outputs_per_step(self) -> usize {
        match self {
            Self::Quantiles { quantiles } => quantiles.len(),
            _ => 1,
        }
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
            Self::Quantiles { quantiles } => {
                let quantile = quantiles.of_output(0);
                Self::Quantile { quantile }.of(error, actual)
            }
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
            .enumerate()
            .map(|(index, (error, actual))| self.at(index, error, actual).0)
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
            let (loss, derivative) = self.at(index, error, actual);
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
    #![allow(clippy::unwrap_used)]
    use super::{Loss, Quantiles};

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
        // At zero, where the slope jumps, it is none.
        for loss in [
            Loss::MeanAbsoluteError,
            Loss::Quantile { quantile: 0.75 },
            Loss::MeanAbsolutePercentageError,
        ] {
            assert_eq!(loss.of(0.0, 1.0), (0.0, 0.0), "{loss:?}");
        }
    }

    #[test]
    fn every_output_has_its_own_quantile() {
        let quantiles = Quantiles::new(&[0.1, 0.5, 0.9]).unwrap();
        let loss = Loss::Quantiles { quantiles };
        // Two steps of three quantiles, all of them 2 below the actual value, then all 2 above.
        let (forecasts, actual) = ([0.0, 0.0, 0.0, 4.0, 4.0, 4.0], [2.0; 6]);
        let mut gradient = [0.0; 6];
        let mean = loss.mean(&forecasts, &actual, &mut gradient);
        let expected = [0.2, 1.0, 1.8, 1.8, 1.0, 0.2];
        assert!((mean - expected.iter().sum::<f64>() / 6.0).abs() < 1e-15, "{mean}");
        let slopes = [-0.1, -0.5, -0.9, 0.9, 0.5, 0.1].map(|slope: f64| (slope / 6.0) as f32);
        assert_eq!(gradient, slopes);
        let singles = [0.1, 0.5, 0.9].map(|quantile| Loss::Quantile { quantile }.sum(&[0.0, 4.0], &[2.0; 2]));
        assert!((loss.sum(&forecasts, &actual) - singles.iter().sum::<f64>()).abs() < 1e-15);
        assert!(loss.check_outputs(6).is_ok() && loss.check_outputs(4).is_err());
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
            (Loss::Huber { delta: -1.0 }, "delta"),
            (Loss::Huber { delta: f64::INFINITY }, "delta"),
            (Loss::Quantile { quantile: 0.0 }, "quantile"),
            (Loss::Quantile { quantile: 1.0 }, "quantile"),
            (Loss::Quantile { quantile: f64::NAN }, "quantile"),
        ];
        for (loss, option) in bad {
            assert!(
                loss.check().is_err_and(|error| error.to_string().contains(option)),
                "{loss:?}"
            );
        }
        for fine in [
            Loss::Huber { delta: 1e-9 },
            Loss::Quantile { quantile: 0.01 },
            Loss::Quantile { quantile: 0.99 },
            Loss::MeanSquaredError,
        ] {
            assert!(fine.check().is_ok(), "{fine:?}");
        }
    }
}
