//! The two traits that every model implements, networks and classical methods alike.

use crate::error::{FitError, ForecastError};
use crate::history::{History, Training};

/// A method with its settings, not fitted to anything yet.
///
/// It cannot forecast: only what [`Forecaster::fit`] returns can, so a forecast before fitting does not compile.
///
/// ```compile_fail,E0599
/// use recurra_evaluation::{History, baselines::Naive, Forecaster, FittedForecaster};
///
/// let forecast = Naive.forecast(&History::new(&[1.0, 2.0]), 3);
/// ```
///
/// ```
/// use recurra_evaluation::{History, Training, baselines::Naive, Forecaster};
///
/// let history = History::new(&[1.0, 2.0]);
/// let fitted = Naive.fit(&Training::new(&[history], 3))?;
/// assert_eq!(fitted.forecast(&history, 3)?, [2.0, 2.0, 2.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Forecaster: Send + Sync {
    /// The name under which the model stands in tables, in kebab case: `seasonal-naive`.
    fn name(&self) -> &str;

    /// Fits one model on all series of the training set.
    ///
    /// Implementations draw no randomness but from their own seed: the same settings on the same data give the same
    /// model.
    ///
    /// # Errors
    /// If the training set or the settings do not allow a fit.
    fn fit(&self, training: &Training<'_>) -> Result<Box<dyn FittedForecaster>, FitError>;
}

/// A fitted model. It forecasts from any history, so one fit serves every later cutoff.
pub trait FittedForecaster: Send + Sync + std::fmt::Debug {
    /// The name of the model that was fitted.
    fn name(&self) -> &str;

    /// Forecasts the `horizon` values that follow the history, nearest first.
    ///
    /// # Errors
    /// If the history does not allow a forecast.
    fn forecast(&self, history: &History<'_>, horizon: usize) -> Result<Vec<f64>, ForecastError>;

    /// Forecasts from many histories at once (cutoffs of one series, or series of a panel), in their order. The numbers
    /// are those of [`FittedForecaster::forecast`], one by one. A network overrides this to run them in one batch.
    ///
    /// # Errors
    /// If any of the histories does not allow a forecast.
    fn forecast_batch(&self, histories: &[History<'_>], horizon: usize) -> Result<Vec<Vec<f64>>, ForecastError> {
        histories
            .iter()
            .map(|history| self.forecast(history, horizon))
            .collect()
    }

    /// The probabilities of the quantiles that the model forecasts itself, ascending; none for most.
    fn quantile_probabilities(&self) -> Vec<f64> {
        Vec::new()
    }

    /// Forecasts quantiles from many histories: for each of them, for each of `probabilities` (inside 0 and 1), the
    /// `horizon` values, nearest first. Only models with a quantile head have them; a backtest then makes its intervals around
    /// these quantiles, not around the point forecast.
    ///
    /// # Errors
    /// [`ForecastError::NoQuantiles`] unless the model overrides this, otherwise as [`FittedForecaster::forecast_batch`].
    fn forecast_quantiles(
        &self,
        _histories: &[History<'_>],
        _horizon: usize,
        _probabilities: &[f64],
    ) -> Result<Vec<Vec<Vec<f64>>>, ForecastError> {
        Err(ForecastError::NoQuantiles {
            model: self.name().to_owned(),
        })
    }
}
