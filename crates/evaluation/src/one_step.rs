//! Walking through a validation part, one step ahead.

use crate::error::ForecastError;
use crate::forecaster::FittedForecaster;
use crate::history::History;

/// Forecasts every value of `series` from index `first` on, each from all values before it: the model is not refitted.
/// The cutoffs go to [`FittedForecaster::forecast_batch`] at once.
///
/// ```
/// use recurra_evaluation::{Forecaster, History, Training, baselines::Naive, one_step_ahead};
///
/// let series = History::new(&[1.0, 2.0, 3.0, 4.0]);
/// let training = series.until(2).ok_or("too short")?;
/// let fitted = Naive.fit(&Training::new(&[training], 1))?;
/// assert_eq!(one_step_ahead(fitted.as_ref(), &series, 2)?, [2.0, 3.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// If the model cannot forecast from one of the histories.
pub fn one_step_ahead(
    fitted: &dyn FittedForecaster,
    series: &History<'_>,
    first: usize,
) -> Result<Vec<f64>, ForecastError> {
    let histories: Vec<History<'_>> = (first..series.len())
        .filter_map(|cutoff| series.until(cutoff))
        .collect();
    let forecasts = fitted.forecast_batch(&histories, 1)?;
    Ok(forecasts.into_iter().flatten().collect())
}
