//! The data to forecast from, read as the model's was.

use recurra_series::{ColumnNames, DataError, DataErrorKind, PanelOptions, Table};
use recurra_zoo::model_file::ModelFile;

use super::Arguments;
use crate::dataset::{Dataset, Reading, explain, read_table};
use crate::failure::Failure;

/// How data is read: in the columns of the model.
pub(super) fn reading(arguments: &Arguments, file: &ModelFile) -> Reading {
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
pub(super) fn read(arguments: &Arguments, file: &ModelFile, ahead: usize) -> Result<Dataset, Failure> {
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
