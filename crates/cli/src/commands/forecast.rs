//! `recurra forecast`: the values that come next.

mod data;
mod folder;
mod levels;
mod page;
mod plan;

use std::path::PathBuf;

use recurra_evaluation::metrics::Level;
use recurra_series::Fill;
use recurra_zoo::Registry;

use self::plan::Plan;
use crate::data_flags::FormFlags;
use crate::failure::Failure;
use crate::folder::is_folder;
use crate::forecast_table::Form;
use crate::terminal::Terminal;
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
    let mut dataset = data::read(arguments, &file, plan.ahead)?;
    let forecasts = plan.forecasts(&mut dataset)?;
    forecasts.write(arguments.output.as_deref(), terminal)?;
    if let Some(path) = &arguments.report {
        page::page(&file, &dataset, &forecasts, path)?;
        terminal.note(&format!("wrote {}", path.display()));
    }
    Ok(())
}
