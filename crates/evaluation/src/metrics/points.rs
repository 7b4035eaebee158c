//! Metrics of point forecasts.

use super::{SeasonalScale, Undefined};

/// Actual values and the forecasts of them, of one length, not empty, all finite: checked once, so that most metrics
/// cannot fail.
///
/// With `n` points, actual values `y` and forecasts `ŷ`; all sums go in index order.
///
/// ```
/// use recurra_evaluation::metrics::Points;
///
/// let points = Points::new(&[1.0, 2.0, 4.0], &[2.0, 2.0, 2.0])?;
/// assert_eq!(points.mean_absolute_error(), 1.0);
/// assert_eq!(points.bias(), -1.0 / 3.0);
/// # Ok::<(), recurra_evaluation::metrics::Undefined>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Points<'a> {
    actual: &'a [f64],
    forecast: &'a [f64],
}

impl<'a> Points<'a> {
    /// Pairs actual values with forecasts.
    ///
    /// # Errors
    /// If there are none, if their numbers differ, or if one is not finite.
    pub fn new(actual: &'a [f64], forecast: &'a [f64]) -> Result<Self, Undefined> {
        if actual.len() != forecast.len() {
            return Err(Undefined::Lengths {
                left: actual.len(),
                right: forecast.len(),
            });
        }
        if actual.is_empty() {
            return Err(Undefined::NoPoints);
        }
        let unusable = |(y, f): (&f64, &f64)| !y.is_finite() || !f.is_finite();
        match actual.iter().zip(forecast).position(unusable) {
            Some(index) => Err(Undefined::NotFinite { index }),
            None => Ok(Self { actual, forecast }),
        }
    }

    /// How many points there are.
    pub fn count(&self) -> usize {
        self.actual.len()
    }

    /// Forecast errors `ŷ − y`, in index order.
    pub fn errors(&self) -> impl Iterator<Item = f64> + use<'a> {
        self.actual
            .iter()
            .zip(self.forecast)
            .map(|(actual, forecast)| forecast - actual)
    }

    fn mean(&self, terms: impl Iterator<Item = f64>) -> f64 {
        terms.sum::<f64>() / self.count() as f64
    }

    /// MAE: `Σ |ŷ − y| / n`.
    pub fn mean_absolute_error(&self) -> f64 {
        self.mean(self.errors().map(f64::abs))
    }

    /// MSE: `Σ (ŷ − y)² / n`.
    pub fn mean_squared_error(&self) -> f64 {
        self.mean(self.errors().map(|error| error * error))
    }

    /// RMSE: the square root of the MSE.
    pub fn root_mean_squared_error(&self) -> f64 {
        self.mean_squared_error().sqrt()
    }

    /// Bias: `Σ (ŷ − y) / n`. Below zero the forecasts are too low.
    pub fn bias(&self) -> f64 {
        self.mean(self.errors())
    }

    /// MAPE as a fraction: `Σ |ŷ − y| / |y| / n`.
    ///
    /// # Errors
    /// If an actual value is zero.
    pub fn mean_absolute_percentage_error(&self) -> Result<f64, Undefined> {
        if let Some(index) = self.actual.iter().position(|actual| *actual == 0.0) {
            return Err(Undefined::ZeroActual { index });
        }
        Ok(self.mean(
            self.errors()
                .zip(self.actual)
                .map(|(error, actual)| error.abs() / actual.abs()),
        ))
    }

    /// sMAPE as a fraction, between 0 and 2: `Σ 2·|ŷ − y| / (|y| + |ŷ|) / n`, the definition of the M4 competition
    /// (Makridakis, Spiliotis & Assimakopoulos 2020) without its factor of 100. Some libraries leave the 2 out.
    ///
    /// # Errors
    /// If an actual value and its forecast are both zero.
    pub fn symmetric_mean_absolute_percentage_error(&self) -> Result<f64, Undefined> {
        let sizes = || {
            self.actual
                .iter()
                .zip(self.forecast)
                .map(|(actual, forecast)| actual.abs() + forecast.abs())
        };
        if let Some(index) = sizes().position(|size| size == 0.0) {
            return Err(Undefined::ZeroBoth { index });
        }
        Ok(self.mean(self.errors().zip(sizes()).map(|(error, size)| 2.0 * error.abs() / size)))
    }

    /// MASE: the MAE, divided by the MAE of the seasonal naive forecast within the training part. Below one it beats
    /// that. Hyndman & Koehler (2006), *International Journal of Forecasting* 22, 679–688.
    pub fn mean_absolute_scaled_error(&self, scale: &SeasonalScale) -> f64 {
        self.mean_absolute_error() / scale.mean_absolute()
    }

    /// RMSSE: the square root of the MSE over the MSE of the seasonal naive forecast within the training part. The M5
    /// competition's measure (Makridakis, Spiliotis & Assimakopoulos 2022), with its season length of 1 made general.
    pub fn root_mean_squared_scaled_error(&self, scale: &SeasonalScale) -> f64 {
        (self.mean_squared_error() / scale.mean_squared()).sqrt()
    }

    /// R²: `1 − Σ (ŷ − y)² / Σ (y − ȳ)²`. One is perfect, zero is no better than the mean of the scored values, and
    /// there is no lower limit.
    ///
    /// # Errors
    /// If the actual values are all equal.
    pub fn r_squared(&self) -> Result<f64, Undefined> {
        if self.actual.iter().all(|actual| *actual == self.actual[0]) {
            return Err(Undefined::ConstantActual);
        }
        let mean = self.mean(self.actual.iter().copied());
        let spread = self.mean(self.actual.iter().map(|actual| (actual - mean) * (actual - mean)));
        Ok(1.0 - self.mean_squared_error() / spread)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn undefined_cases_say_why() {
        assert_eq!(Points::new(&[], &[]).unwrap_err(), Undefined::NoPoints);
        assert_eq!(
            Points::new(&[1.0], &[]).unwrap_err(),
            Undefined::Lengths { left: 1, right: 0 }
        );
        let diverged = Points::new(&[1.0, 1.0], &[1.0, f64::NAN]).unwrap_err();
        assert_eq!(diverged, Undefined::NotFinite { index: 1 });

        let zeros = Points::new(&[1.0, 0.0], &[1.0, 0.0]).unwrap();
        assert_eq!(
            zeros.mean_absolute_percentage_error(),
            Err(Undefined::ZeroActual { index: 1 })
        );
        assert_eq!(
            zeros.symmetric_mean_absolute_percentage_error(),
            Err(Undefined::ZeroBoth { index: 1 })
        );
        let constant = Points::new(&[0.1; 3], &[0.1; 3]).unwrap();
        assert_eq!(constant.r_squared(), Err(Undefined::ConstantActual));
    }

    #[test]
    fn a_forecast_that_is_too_low_has_a_negative_bias() {
        let points = Points::new(&[10.0, 20.0], &[9.0, 17.0]).unwrap();
        assert_eq!(points.bias(), -2.0);
        assert_eq!(points.mean_squared_error(), 5.0);
    }
}
