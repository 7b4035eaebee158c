//! From a model and a table to forecasts.

use recurra_evaluation::metrics::Level;
use recurra_evaluation::{FittedForecaster, History, Training};
use recurra_series::{Frequency, Panel};
use recurra_zoo::model_file::{ModelFile, SavedModel};

use super::Arguments;
use super::levels::levels;
use crate::calendar;
use crate::dataset::Dataset;
use crate::failure::Failure;
use crate::forecast_table::{Forecasts, Row, time_after};
use crate::held_out_intervals::{HeldOutIntervals, own_bands};
use crate::model_flags::{count, distinct};
use crate::terminal::Terminal;

/// What is forecast, whatever the data.
pub(super) struct Plan<'a> {
    file: &'a ModelFile,
    horizon: usize,
    /// Steps of known-future covariates that a forecast reads.
    pub(super) ahead: usize,
    levels: Vec<Level>,
    held_out: HeldOutIntervals<'a>,
}

impl<'a> Plan<'a> {
    pub(super) fn of(arguments: &Arguments, file: &'a ModelFile, terminal: &Terminal) -> Result<Self, Failure> {
        let horizon = match arguments.horizon {
            Some(horizon) => count("--horizon", horizon)?,
            None => file.hold_out.as_ref().map_or(1, |part| part.horizon),
        };
        let ahead = steps_needed(file, horizon)?;
        let levels = levels(&distinct(&arguments.interval), file, horizon, terminal)?;
        Ok(Self {
            file,
            horizon,
            ahead,
            held_out: HeldOutIntervals::new(file, &levels, horizon),
            levels,
        })
    }

    /// The forecasts of the series of a table.
    pub(super) fn forecasts(&self, dataset: &mut Dataset) -> Result<Forecasts, Failure> {
        let Self { file, horizon, .. } = *self;
        if file.data.calendar {
            // Without a copy: an error ends the command.
            let (series, frequency) = (std::mem::take(&mut dataset.panel.series), dataset.panel.frequency);
            dataset.panel = calendar::add(Panel { series, frequency }, self.ahead)
                .map_err(|error| Failure::Input(format!("{}: {error}", dataset.file)))?;
        }
        let frequency = frequency(dataset)?;
        let histories: Vec<History<'_>> = dataset.panel.series.iter().map(History::from).collect();
        let failed = |text: String| Failure::Input(format!("{}: {}", dataset.file, text));
        let fitted;
        let forecaster: &dyn FittedForecaster = match &file.model {
            SavedModel::Network(network) => network,
            SavedModel::Classical { method, window } => {
                let training = Training::new(&histories, horizon);
                fitted = method
                    .forecaster(file.data.season, *window)
                    .fit(&training)
                    .map_err(|error| failed(error.to_string()))?;
                fitted.as_ref()
            }
        };
        let values = forecaster
            .forecast_batch(&histories, horizon)
            .map_err(|error| failed(error.to_string()))?;
        let own = own_bands(forecaster, &histories, horizon, &self.levels);
        let own = own.map_err(|error| failed(error.to_string()))?;
        let mut forecasts = Forecasts {
            named: dataset.reading.names.unique_id.is_some(),
            levels: self.levels.clone(),
            rows: Vec::with_capacity(horizon * histories.len()),
        };
        let pairs = dataset.panel.series.iter().zip(&histories);
        for (((series, history), values), own) in pairs.zip(values).zip(&own) {
            let scale = self.held_out.scale_of(history);
            for (step, value) in values.into_iter().enumerate() {
                let places = 0..self.levels.len();
                let intervals = places.filter_map(|place| self.held_out.about(value, own.as_ref(), scale, place, step));
                forecasts.rows.push(Row {
                    unique_id: series.unique_id().unwrap_or_default().to_owned(),
                    time: time_after(series, frequency, step + 1)?,
                    value,
                    intervals: intervals.collect(),
                });
            }
        }
        Ok(forecasts)
    }
}

/// Steps of known-future covariates that a forecast reads.
fn steps_needed(file: &ModelFile, horizon: usize) -> Result<usize, Failure> {
    match &file.model {
        SavedModel::Network(fitted) => {
            let Some(most) = fitted.most_steps() else {
                return Ok(horizon);
            };
            if horizon > most {
                return Err(Failure::Input(format!(
                    "--horizon is {horizon}, but this direct model forecasts at most {most} steps; fit it again with \
                     --horizon {horizon}"
                )));
            }
            Ok(most)
        }
        SavedModel::Classical { .. } => Ok(horizon),
    }
}

/// The model's frequency, or the data's own where the model has none.
fn frequency(dataset: &Dataset) -> Result<Frequency, Failure> {
    dataset.panel.frequency.ok_or_else(|| {
        Failure::Input(format!(
            "{}: the times show no frequency, so there is no next one; give at least two rows",
            dataset.file
        ))
    })
}
