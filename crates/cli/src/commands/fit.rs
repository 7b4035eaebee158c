//! `recurra fit`: from a table to a model file.

mod description;
mod folder;
mod held;
mod job;
mod kept;
mod measure;
mod next;
mod page;
mod report;
mod upcoming;

use std::path::PathBuf;

use recurra_evaluation::History;
use recurra_series::Series;
use recurra_zoo::Registry;
use recurra_zoo::forecaster::{HoldOut, Strategy};
use recurra_zoo::model_file::{ModelFile, SavedModel};

use self::job::{Fitted, Job};
use self::kept::{Part, go_on, make_checkpoint_folder};
use crate::data_flags::DataFlags;
use crate::failure::Failure;
use crate::folder::is_folder;
use crate::interrupt;
use crate::model_flags::{Model, TrainingFlags, count};
use crate::terminal::Terminal;
use crate::write_file;

/// Fit a model to a table, measure it on the last part, and write a model file
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  recurra fit reference.csv --time t --value series --model bilstm-1x32 --difference 1 -o reference.safetensors
  recurra fit sales.csv --model gru-1x32 --horizon 28 --calendar -o sales.safetensors
  recurra fit shops.csv --id shop --future-exog promotion --model lstm-1x32 -o shops.safetensors
  recurra fit passengers.csv --model gru-1x32 --scale log --difference 12 -o passengers.safetensors
  recurra fit load.csv --fill linear --model lstm-1x64 --strategy direct --horizon 24 -o load.safetensors")]
pub(crate) struct Arguments {
    /// A CSV or Parquet file, a folder of them (read one after the other: for panels beyond memory), or - for standard input
    data: String,
    /// The model's name; `recurra models` lists them
    #[arg(long, value_name = "NAME")]
    model: String,
    /// Steps ahead that the model is measured on; with --strategy direct also the most that it can forecast
    /// [default: a season of the data, otherwise 14]
    #[arg(long, value_name = "H")]
    horizon: Option<usize>,
    /// What is held out to measure the model: a share of the data, or everything from a date on; 0 for nothing
    #[arg(long, value_name = "SHARE|DATE", default_value = "0.2")]
    validation: String,
    /// Keep the model that was measured; do not fit it again on all data
    #[arg(long)]
    no_refit: bool,
    /// Keep the training in this folder while it runs, so that it can go on after an interruption
    #[arg(long, value_name = "FOLDER", help_heading = "Checkpoints")]
    checkpoint: Option<PathBuf>,
    /// Epochs from one checkpoint to the next
    #[arg(
        long,
        value_name = "N",
        default_value_t = 1,
        requires = "checkpoint",
        help_heading = "Checkpoints"
    )]
    every: usize,
    /// Go on from the folder's checkpoints; without any, start afresh
    #[arg(long, requires = "checkpoint", help_heading = "Checkpoints")]
    resume: bool,
    /// Go on even if the checkpoints were written by other code, which may give other bits
    #[arg(long, requires = "resume", help_heading = "Checkpoints")]
    allow_code_change: bool,
    /// The model file to write
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,
    /// Write a page with the data, the training, the held-out part and the next forecast to FILE.html
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    #[command(flatten)]
    data_flags: DataFlags,
    #[command(flatten)]
    training: TrainingFlags,
}

/// Steps ahead where the data shows no season.
const USUAL_HORIZON: usize = 14;

pub(crate) fn run(arguments: &Arguments, registry: &Registry, terminal: &Terminal) -> Result<(), Failure> {
    if is_folder(&arguments.data) {
        return folder::run(arguments, registry, terminal);
    }
    let model = Model::find(&arguments.model, registry)?;
    let outputs = [&arguments.output].into_iter().chain(&arguments.report);
    write_file::check_outputs(outputs.map(AsRef::as_ref), [arguments.data.as_ref()])?;
    let mut dataset = arguments.data_flags.read(&arguments.data, terminal)?;
    let split = measure::split(&arguments.validation)?;
    if let Some(split) = split.filter(|_| dataset.seeks_season) {
        measure::season_before(&mut dataset, split, terminal);
    }
    let horizon = match arguments.horizon {
        Some(horizon) => count("--horizon", horizon)?,
        None => {
            let known = (dataset.season > 1 && !dataset.seeks_season).then_some(dataset.season);
            let shortest = dataset.panel.series.iter().map(Series::len).min();
            usual_horizon(known, shortest.unwrap_or(0))
        }
    };
    let job = Job {
        model,
        training: &arguments.training,
        dataset: &dataset,
        horizon,
        found_rate: std::cell::Cell::new(None),
        histories: std::cell::RefCell::default(),
        arguments,
        terminal,
    };
    if let (Some(_), Model::Network(_)) = (split, model) {
        let past = dataset.reading.names.past.first();
        check_reach(past, arguments.training.strategy(), horizon, &dataset.file)?;
    }
    make_checkpoint_folder(arguments)?;
    interrupt::watch()?;
    let begin = std::time::Instant::now();
    let series: Vec<&Series> = dataset.panel.series.iter().collect();
    let whole: Vec<History<'_>> = series.iter().map(|series| History::from(*series)).collect();
    let (hold_out, held, measured) = match split {
        None => (None, None, None),
        Some(split) => {
            let measured = measure::measure(&job, split)?;
            (Some(measured.hold_out), measured.held, Some(measured.fitted))
        }
    };
    if interrupt::raised() {
        return Err(Failure::Interrupted(format!(
            "interrupted while measuring; {}",
            go_on(arguments)
        )));
    }
    let refitted = hold_out.is_some() && !arguments.no_refit;
    let fitted = match measured {
        Some(fitted) if arguments.no_refit => fitted,
        _ => job.fit(&whole, Part::Whole)?,
    };
    let file = ModelFile {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        model: match fitted {
            Fitted::Network(network) => SavedModel::Network(network),
            Fitted::Classical(_) => job.classical()?,
        },
        data: description::of_dataset(&dataset),
        hold_out,
        refitted,
        losses: job.losses(),
    };
    let bytes = file.to_bytes().map_err(Failure::input)?;
    write_file::write(&arguments.output, &bytes)?;
    if let Some(path) = &arguments.report {
        page::page(&file, &job, held, path)?;
        terminal.note(&format!("wrote {}", path.display()));
    }
    terminal.detail(&format!("{:.1} s", begin.elapsed().as_secs_f64()));
    report::report(&file, &job, arguments, terminal)
}

/// A season of the data, where one is known without looking at the values, but no more than half of what will be held out of the shortest
/// series.
fn usual_horizon(season: Option<usize>, shortest: usize) -> usize {
    season.unwrap_or(USUAL_HORIZON).min(shortest / 10).max(1)
}

/// Refuses before the training what could not be measured after it: a recursive forecast beyond the next step reads
/// past covariates that nobody knows yet.
fn check_reach(past: Option<&String>, strategy: Strategy, horizon: usize, data: &str) -> Result<(), Failure> {
    match past {
        Some(covariate) if strategy == Strategy::Recursive && horizon > 1 => Err(Failure::Input(format!(
            "{data}: forecasts over {horizon} steps would need the past covariate `{covariate}` after the last time; give \
             --strategy direct or --horizon 1"
        ))),
        _ => Ok(()),
    }
}

/// The hold-out of a model file, if there is one.
fn scored(file: &ModelFile) -> Option<&HoldOut> {
    file.hold_out.as_ref().filter(|hold_out| hold_out.points > 0)
}
