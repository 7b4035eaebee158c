//! `recurra forecast`: the values that come next.

mod folder;
mod page;

use std::path::PathBuf;

use recurra_evaluation::metrics::Level;
use recurra_evaluation::{FittedForecaster, History, Training};
use recurra_series::{
    ColumnNames, DataError, DataErrorKind, Fill, Frequency, Panel, PanelOptions, Series, Table, Time,
};
use recurra_zoo::Registry;
use recurra_zoo::forecaster::HoldOut;
use recurra_zoo::model_file::{ModelFile, SavedModel};

use crate::calendar;
use crate::data_flags::FormFlags;
use crate::dataset::{Dataset, Reading, explain, read_table};
use crate::failure::Failure;
use crate::folder::is_folder;
use crate::forecast_table::{Forecasts, Form, Row};
use crate::held_out_intervals::{HeldOutIntervals, calibrated, has_quantiles, margin, own_bands};
use crate::model_flags::{count, distinct};
use crate::terminal::Terminal;
use crate::text::counted;
use crate::{model_path, write_file};

/// Forecast the values that follow a table, with a fitted model
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  recurra forecast reference.safetensors reference.csv --horizon 14 -o forecast.csv
  recurra forecast shops.safetensors shops.csv --horizon 28 --future promotions.csv -o forecast.parquet
  recurra forecast load.safetensors - --horizon 24 --interval 80,95 --json < load.csv

Columns: unique_id (where there are several series), ds, yhat, lo-80, hi-80, …")]
pub(crate) struct Arguments {
    /// A model file that `recurra fit` wrote
    model: PathBuf,
    /// The data to forecast from, in the columns that the model was fitted on: a file, a folder of files, or - for standard input
    data: String,
    /// Steps ahead [default: what the model was measured on]
    #[arg(long, value_name = "H")]
    horizon: Option<usize>,
    /// A table with the known-future covariates at the times of the forecast
    #[arg(long, value_name = "FILE")]
    future: Option<String>,
    /// Prediction intervals, in percent [default: 80,95 where the model has them]
    #[arg(long, value_name = "PERCENT,…", value_delimiter = ',')]
    interval: Vec<Level>,
    /// Where to write: FILE.csv, FILE.parquet or FILE.json [default: standard output, as CSV]; for a folder of data, a folder of
    /// Parquet files
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Write a page with the data, the forecast and the model's errors to FILE.html
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// The column of times [default: the model's]
    #[arg(long, value_name = "COLUMN", help_heading = "Data")]
    time: Option<String>,
    /// The column of values [default: the model's]
    #[arg(long, value_name = "COLUMN", help_heading = "Data")]
    value: Option<String>,
    /// The column that tells several series apart [default: the model's]
    #[arg(long, value_name = "COLUMN", help_heading = "Data")]
    id: Option<String>,
    /// Fill missing times and values: linear, previous or seasonal [default: as for the model]
    #[arg(long, value_name = "HOW", help_heading = "Data")]
    fill: Option<Fill>,
    #[command(flatten)]
    form: FormFlags,
}

pub(crate) fn run(arguments: &Arguments, registry: &Registry, terminal: &Terminal) -> Result<(), Failure> {
    let file = model_path::read(&arguments.model, registry)?;
    if is_folder(&arguments.data) {
        return folder::run(arguments, &file, terminal);
    }
    let output = arguments.output.as_ref().filter(|output| output.as_os_str() != "-");
    let inputs = [arguments.model.as_ref(), arguments.data.as_ref()];
    write_file::check_outputs(
        output.into_iter().chain(&arguments.report).map(AsRef::as_ref),
        inputs.into_iter().chain(arguments.future.as_ref().map(AsRef::as_ref)),
    )?;
    output.map(|output| Form::of(output)).transpose()?;
    let plan = Plan::of(arguments, &file, terminal)?;
    let mut dataset = read(arguments, &file, plan.ahead)?;
    let forecasts = plan.forecasts(&mut dataset)?;
    forecasts.write(arguments.output.as_deref(), terminal)?;
    if let Some(path) = &arguments.report {
        page::page(&file, &dataset, &forecasts, path)?;
        terminal.note(&format!("wrote {}", path.display()));
    }
    Ok(())
}

/// What is forecast, whatever the data.
struct Plan<'a> {
    file: &'a ModelFile,
    horizon: usize,
    /// Steps of known-future covariates that a forecast reads.
    ahead: usize,
    levels: Vec<Level>,
    held_out: HeldOutIntervals<'a>,
}

impl<'a> Plan<'a> {
    fn of(arguments: &Arguments, file: &'a ModelFile, terminal: &Terminal) -> Result<Self, Failure> {
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
    fn forecasts(&self, dataset: &mut Dataset) -> Result<Forecasts, Failure> {
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

/// The levels that were asked for, or those that the model can give.
fn levels(asked: &[Level], file: &ModelFile, horizon: usize, terminal: &Terminal) -> Result<Vec<Level>, Failure> {
    let own = match &file.model {
        SavedModel::Network(fitted) => Level::within(&fitted.quantile_probabilities()),
        SavedModel::Classical { .. } => Vec::new(),
    };
    if has_quantiles(file) {
        check_quantile_levels(asked, &own)?;
        if !calibrated(file) {
            terminal.note("the intervals are the quantiles that the model forecasts, as they are: its file keeps no held-out values to widen them by");
            return Ok(if asked.is_empty() { own } else { asked.to_vec() });
        }
    }
    let Some(hold_out) = &file.hold_out else {
        if asked.is_empty() {
            return Ok(Vec::new());
        }
        return Err(Failure::input(
            "--interval: the model was fitted without validation, so it has no errors to make intervals from; fit it again \
             without --validation 0",
        ));
    };
    let missing = |level: Level| (1..=horizon).find(|step| margin(file, *step, level).is_none());
    if asked.is_empty() {
        let usual = match own.len() {
            0 => vec![Level::EIGHTY, Level::NINETY_FIVE],
            _ => own,
        };
        let (have, lack): (Vec<Level>, Vec<Level>) = usual.into_iter().partition(|level| missing(*level).is_none());
        if let Some(level) = lack.first() {
            terminal.note(&format!(
                "no {level} % intervals: {}",
                why(hold_out, missing(*level).unwrap_or(horizon))
            ));
        }
        return Ok(have);
    }
    match asked.iter().find_map(|level| Some((level, missing(*level)?))) {
        Some((level, step)) => Err(Failure::Input(format!("--interval {level}: {}", why(hold_out, step)))),
        None => Ok(asked.to_vec()),
    }
}

/// Refuses a level whose quantiles the model does not forecast.
fn check_quantile_levels(asked: &[Level], all: &[Level]) -> Result<(), Failure> {
    match asked.iter().find(|level| !all.contains(level)) {
        Some(level) => {
            let known: Vec<String> = all.iter().map(ToString::to_string).collect();
            Err(Failure::Input(format!(
                "--interval {level}: the model forecasts the quantiles of {} % intervals only; fit it again with --loss \
                 quantile:{level}",
                known.join(" % and ")
            )))
        }
        None => Ok(()),
    }
}

fn why(hold_out: &HoldOut, step: usize) -> String {
    if step > hold_out.horizon {
        return format!(
            "the model was measured up to {} steps ahead; fit it again with --horizon {step} or more",
            hold_out.horizon
        );
    }
    let count = hold_out.residuals.get(step - 1).map_or(0, Vec::len);
    format!(
        "the held-out part has {count} errors {} ahead, which are too few for that level; hold out more (--validation)",
        counted(step, "step")
    )
}

/// How data is read: in the columns of the model.
fn reading(arguments: &Arguments, file: &ModelFile) -> Reading {
    let described = &file.data;
    let given = |given: &Option<String>, own: &String| given.as_ref().unwrap_or(own).clone();
    let time_format = arguments.form.time_format.clone();
    Reading {
        names: ColumnNames {
            time: given(&arguments.time, &described.time),
            value: given(&arguments.value, &described.value),
            unique_id: arguments.id.as_ref().or(described.unique_id.as_ref()).cloned(),
            past: described.past.clone(),
            future: described.future.clone(),
        },
        // Added once it is known how far the known-future covariates go.
        calendar: false,
        options: PanelOptions {
            time_format: time_format.or_else(|| described.time_format.clone()),
            // The model's, not one inferred from rows that may be too few or of which some are missing.
            frequency: described.frequency,
        },
        fill: arguments.fill.or(described.fill),
        season: Some(described.season),
        guess: None,
    }
}

/// Reads the data in the columns of the model.
fn read(arguments: &Arguments, file: &ModelFile, ahead: usize) -> Result<Dataset, Failure> {
    let (csv, reading) = (arguments.form.csv(), reading(arguments, file));
    let (names, options) = (reading.names.clone(), reading.options.clone());
    let table = read_table(&arguments.data, &csv)?;
    let mut dataset =
        Dataset::of(&table, reading.clone()).map_err(|failure| other_frequency(&table, reading, failure))?;
    match (&arguments.future, names.future.first()) {
        (Some(future), Some(_)) => {
            let future = read_table(future, &csv)?;
            future
                .continue_future(&names, &options, &mut dataset.panel, ahead)
                .map_err(|error| explain_future(&error))?;
        }
        (None, Some(covariate)) => {
            return Err(Failure::Input(format!(
                "the model knows `{covariate}` in advance; give a table with it at the next {ahead} times with --future FILE"
            )));
        }
        (Some(_), None) => {
            return Err(Failure::input(
                "--future: the model has no known-future covariates; leave it out",
            ));
        }
        (None, None) => {}
    }
    Ok(dataset)
}

/// What is wrong with the known-future covariates: they are never filled in.
fn explain_future(error: &DataError) -> Failure {
    match (&*error.kind, error.row, &error.column) {
        (DataErrorKind::MissingValue { .. }, Some(row), Some(column)) => Failure::Input(format!(
            "{}: row {row}, column `{column}`: the value is missing, and the forecast needs it; write one",
            error.file
        )),
        _ => explain(error),
    }
}

/// Says that the data has another frequency than the model's, if that is why it could not be read.
fn other_frequency(table: &Table, mut reading: Reading, failure: Failure) -> Failure {
    let Some(fitted) = reading.options.frequency.take() else {
        return failure;
    };
    reading.fill = None;
    match Dataset::of(table, reading).map(|dataset| dataset.panel.frequency) {
        Ok(Some(found)) if found != fitted => Failure::Input(format!(
            "{}: the times are {found}, but the model was fitted on data that is {fitted}; fit a model on this data",
            table.file()
        )),
        _ => failure,
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

/// The time `steps` after a series' last one.
pub(super) fn time_after(series: &Series, frequency: Frequency, steps: usize) -> Result<Time, Failure> {
    let last = series.times().last().copied();
    last.and_then(|last| frequency.after(last, steps))
        .ok_or_else(|| Failure::input("the calendar ends before the forecast does; choose a smaller --horizon"))
}
