//! Prediction intervals from a model's errors on held-out data.

use recurra_evaluation::intervals::widened;
use recurra_evaluation::metrics::Level;
use recurra_evaluation::statistics::Interval;
use recurra_evaluation::{FittedForecaster, ForecastError, History};
use recurra_zoo::forecaster::HoldOut;
use recurra_zoo::model_file::{ModelFile, SavedModel};

/// The margins of a model's intervals. They are the same for every series but for its scale, and each takes all errors of its
/// step, so they are worked out once.
pub(crate) struct HeldOutIntervals<'a> {
    hold_out: Option<&'a HoldOut>,
    /// Whether they are added to quantiles of the model's own.
    own: bool,
    /// For every level, by step; nothing where there are too few errors.
    margins: Vec<Vec<Option<f64>>>,
}

impl<'a> HeldOutIntervals<'a> {
    /// The intervals of a model at these levels, up to `horizon` steps ahead.
    pub(crate) fn new(file: &'a ModelFile, levels: &[Level], horizon: usize) -> Self {
        let own = has_quantiles(file);
        let by_step = |level: &Level| (1..=horizon).map(|step| margin(file, step, *level)).collect();
        Self {
            hold_out: file.hold_out.as_ref(),
            own,
            margins: levels.iter().map(by_step).collect(),
        }
    }

    /// The scale of a series, in which the margins are measured.
    pub(crate) fn scale_of(&self, history: &History<'_>) -> f64 {
        self.hold_out.map_or(1.0, |hold_out| hold_out.scale_of(history))
    }

    /// The interval at the level with this place about a forecast `step` + 1 steps ahead, if the model has errors enough for one: made
    /// around `value`, or around the model's `own` band where it forecasts quantiles.
    pub(crate) fn about(
        &self,
        value: f64,
        own: Option<&OwnBands>,
        scale: f64,
        place: usize,
        step: usize,
    ) -> Option<(f64, f64)> {
        let band = match own {
            Some(own) => Interval {
                lower: own.0[2 * place][step],
                upper: own.0[2 * place + 1][step],
            },
            None if self.own => return None,
            None => Interval {
                lower: value,
                upper: value,
            },
        };
        let margin = (*self.margins.get(place)?.get(step)?)? * scale;
        widened(band, margin).map(|interval| (interval.lower, interval.upper))
    }
}

/// What is added on both sides of a forecast, in units of a series' scale: from the errors on held-out data. A network's quantiles stand
/// as they are where none were held against them.
pub(crate) fn margin(file: &ModelFile, step: usize, level: Level) -> Option<f64> {
    if !has_quantiles(file) {
        return file.hold_out.as_ref()?.half_width(step, level);
    }
    if calibrated(file) {
        file.hold_out.as_ref()?.margin(step, level)
    } else {
        Some(0.0)
    }
}

/// Whether the model forecasts quantiles itself.
pub(crate) fn has_quantiles(file: &ModelFile) -> bool {
    matches!(&file.model, SavedModel::Network(fitted) if fitted.quantiles().is_some())
}

/// Whether a model's own quantiles were held against data that it was not fitted on.
pub(crate) fn calibrated(file: &ModelFile) -> bool {
    file.hold_out
        .as_ref()
        .is_some_and(|hold_out| !hold_out.quantile_levels.is_empty())
}

/// The bands of quantiles that a model itself forecasts of one series: for each level its lower and its upper bounds, by step.
pub(crate) struct OwnBands(Vec<Vec<f64>>);

/// The bands of every series, nothing of a model without quantiles.
pub(crate) fn own_bands(
    forecaster: &dyn FittedForecaster,
    histories: &[History<'_>],
    horizon: usize,
    levels: &[Level],
) -> Result<Vec<Option<OwnBands>>, ForecastError> {
    if forecaster.quantile_probabilities().is_empty() {
        return Ok(histories.iter().map(|_| None).collect());
    }
    let bounds = levels.iter().flat_map(|level| <[f64; 2]>::from(level.probabilities()));
    let quantiles = forecaster.forecast_quantiles(histories, horizon, &bounds.collect::<Vec<f64>>())?;
    Ok(quantiles.into_iter().map(|bands| Some(OwnBands(bands))).collect())
}
