//! A linear model on the same window that a network sees.

use super::checks;
use crate::error::{FitError, ForecastError};
use crate::forecaster::{FittedForecaster, Forecaster};
use crate::history::{History, Training};
use crate::least_squares::{LinearFit, ridge};
use crate::sums::{dot, mean};
use std::collections::HashMap;

/// A linear autoregression, fitted by ridge regression on all windows of the training part:
///
/// `ŷ[t] = b + Σ wᵢ · y[t−window+i]`, with `w` and `b` minimising `Σ (y[t] − ŷ[t])² + penalty · Σ wᵢ²`
///
/// Each series is first brought to mean zero and variance one by its own training part, so the penalty means the same in
/// every unit, and the series of a panel share one set of weights. More than one step ahead, the forecasts take the
/// place of the values that are not there yet.
///
/// A series that was not in the training part is scaled by the history it is forecast from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Autoregression {
    /// Values that the model sees.
    pub window: usize,
    /// Weight of the penalty, zero or more.
    pub penalty: f64,
}

impl Autoregression {
    /// A window with a penalty of 1: next to none, once there are hundreds of windows.
    pub fn new(window: usize) -> Self {
        Self { window, penalty: 1.0 }
    }
}

impl Forecaster for Autoregression {
    fn name(&self) -> &str {
        "autoregression"
    }

    fn fit(&self, training: &Training<'_>) -> Result<Box<dyn FittedForecaster>, FitError> {
        let model = || self.name().to_owned();
        checks::positive(self.name(), "window", self.window)?;
        if !(self.penalty >= 0.0 && self.penalty.is_finite()) {
            return Err(FitError::Parameter {
                model: model(),
                parameter: "penalty",
                value: self.penalty.to_string(),
                expected: "zero or a positive number".to_owned(),
            });
        }
        checks::training(self.name(), training, self.window.saturating_add(1))?;
        let scales: Vec<Scale> = training
            .series
            .iter()
            .map(|series| Scale::of(series.values()))
            .collect();
        let scaled: Vec<Vec<f64>> = training
            .series
            .iter()
            .zip(&scales)
            .map(|(series, scale)| series.values().iter().map(|value| scale.apply(*value)).collect())
            .collect();
        let rows = scaled.iter().flat_map(|values| {
            values
                .windows(self.window + 1)
                .map(|pair| (&pair[..self.window], pair[self.window]))
        });
        let fit = ridge(rows, self.window, self.penalty).map_err(|_| FitError::Singular { model: model() })?;
        let names = training.series.iter().map(|series| series.unique_id().to_owned());
        Ok(Box::new(FittedAutoregression {
            fit,
            // Of series without names, which share the empty one, the first.
            scales: names.zip(scales).rev().collect(),
        }))
    }
}

/// Mean and standard deviation of a series.
#[derive(Debug, Clone, Copy)]
struct Scale {
    mean: f64,
    deviation: f64,
}

impl Scale {
    fn of(values: &[f64]) -> Self {
        let mean = mean(values);
        let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
        let deviation = (squares / values.len() as f64).sqrt();
        // A constant series has no scale of its own.
        Self {
            mean,
            deviation: if deviation > 0.0 { deviation } else { 1.0 },
        }
    }

    fn apply(self, value: f64) -> f64 {
        (value - self.mean) / self.deviation
    }

    fn invert(self, value: f64) -> f64 {
        value * self.deviation + self.mean
    }
}

#[derive(Debug)]
struct FittedAutoregression {
    fit: LinearFit,
    scales: HashMap<String, Scale>,
}

impl FittedForecaster for FittedAutoregression {
    fn name(&self) -> &str {
        "autoregression"
    }

    fn forecast(&self, history: &History<'_>, horizon: usize) -> Result<Vec<f64>, ForecastError> {
        let window = self.fit.weights.len();
        checks::history(self.name(), history, window)?;
        let known = self.scales.get(history.unique_id()).copied();
        let scale = known.unwrap_or_else(|| Scale::of(history.values()));
        let mut scaled: Vec<f64> = history
            .last(window)
            .values()
            .iter()
            .map(|value| scale.apply(*value))
            .collect();
        for step in 0..horizon {
            scaled.push(self.fit.intercept + dot(&self.fit.weights, &scaled[step..]));
        }
        Ok(scaled[window..].iter().map(|value| scale.invert(*value)).collect())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn oscillation(count: usize, level: f64, size: f64) -> Vec<f64> {
        // y[t] = 1.6 y[t−1] − y[t−2] around a level: an undamped oscillation that two lags describe exactly.
        let mut values = vec![size, 0.5 * size];
        for step in 2..count {
            values.push(1.6 * values[step - 1] - values[step - 2]);
        }
        values.iter().map(|value| value + level).collect()
    }

    #[test]
    fn continues_an_oscillation() {
        let values = oscillation(60, 100.0, 2.0);
        let history = History::new(&values).until(50).unwrap();
        let model = Autoregression {
            window: 2,
            penalty: 0.0,
        };
        let forecast = model
            .fit(&Training::new(&[history], 10))
            .unwrap()
            .forecast(&history, 10)
            .unwrap();
        for (found, expected) in forecast.iter().zip(&values[50..]) {
            assert!((found - expected).abs() < 1e-9, "{found} {expected}");
        }
    }

    #[test]
    fn one_model_serves_series_of_different_scale() {
        let (small, large) = (oscillation(60, 0.0, 1.0), oscillation(60, 5000.0, 700.0));
        let histories = [
            History::new(&small[..50]).with_unique_id("small"),
            History::new(&large[..50]).with_unique_id("large"),
        ];
        let model = Autoregression {
            window: 3,
            penalty: 1e-9,
        };
        let fitted = model.fit(&Training::new(&histories, 5)).unwrap();
        let forecasts = fitted.forecast_batch(&histories, 5).unwrap();
        for (forecast, (values, tolerance)) in forecasts.iter().zip([(&small, 1e-5), (&large, 1e-2)]) {
            for (found, expected) in forecast.iter().zip(&values[50..]) {
                assert!((found - expected).abs() < tolerance, "{found} {expected}");
            }
        }
    }

    #[test]
    fn a_series_is_scaled_by_its_mean_and_standard_deviation() {
        let scale = Scale::of(&[1.0, 2.0, 3.0, 6.0]);
        assert_eq!((scale.mean, scale.deviation), (3.0, 3.5_f64.sqrt()));
        assert!((scale.apply(6.0) - 3.0 / 3.5_f64.sqrt()).abs() < 1e-15);
        assert!((scale.invert(scale.apply(-7.25)) + 7.25).abs() < 1e-15);
        // Far from zero, too, where a sum of squares less a square would have lost the digits.
        let far = Scale::of(&[1e9, 1e9 + 1.0, 1e9 + 2.0, 1e9 + 5.0]);
        assert_eq!(far.deviation, 3.5_f64.sqrt());
        let constant = Scale::of(&[4.0; 3]);
        assert_eq!(
            (constant.mean, constant.deviation, constant.apply(5.0)),
            (4.0, 1.0, 1.0)
        );
    }

    #[test]
    fn a_negative_penalty_and_a_short_series_are_refused() {
        let values = [1.0; 5];
        let history = [History::new(&values)];
        let training = Training::new(&history, 1);
        let error = Autoregression {
            window: 2,
            penalty: -1.0,
        }
        .fit(&training)
        .unwrap_err();
        assert!(matches!(
            error,
            FitError::Parameter {
                parameter: "penalty",
                ..
            }
        ));
        let error = Autoregression::new(5).fit(&training).unwrap_err();
        assert!(matches!(
            error,
            FitError::TooShort {
                needed: 6,
                found: 5,
                ..
            }
        ));
        let error = Autoregression::new(usize::MAX).fit(&training).unwrap_err();
        assert!(matches!(error, FitError::TooShort { found: 5, .. }));
        assert!(matches!(
            Autoregression {
                window: 2,
                penalty: 0.0
            }
            .fit(&training),
            Err(FitError::Singular { .. })
        ));
    }
}
