//! `recurra backtest`: what models would have forecast in the past.

mod assertion;
mod comparison;
mod groups;
mod output;
mod page;
mod plan;
mod recorded;
mod scores;
pub(crate) mod shares;

use std::path::PathBuf;

use recurra_evaluation::Forecaster;
use recurra_evaluation::backtest::BacktestResult;
use recurra_evaluation::metrics::Level;
use recurra_runs::Partition;
use recurra_zoo::Registry;
use recurra_zoo::forecaster::NetworkForecaster;

use crate::data_flags::DataFlags;
use crate::failure::Failure;
use crate::model_flags::{Model, Rate, TrainingFlags};
use crate::terminal::Terminal;
use crate::{interrupt, write_file};
use assertion::Assertion;
use groups::By;
use recorded::Recorded;

/// Measure models on the past of a table, beside the naive forecast
///
/// At every cutoff each model forecasts the next values from those before it alone. The last fold ends with the data.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  recurra backtest sales.csv --model gru-1x32,theta --horizon 28 --folds 5
  recurra backtest shops.csv --id shop --model lstm-1x32 --horizon 7 --folds 10 --interval 80 --json
  recurra backtest sales.csv --model gru-1x32 --horizon 7 --refit --out share-2 --partition slice:2/8
  recurra backtest sales.csv --model gru-1x32 --horizon 7 --folds 20 --assert 'mae<=6.0' --assert 'mae<naive'

Exit code 1: an assertion failed.")]
pub(crate) struct Arguments {
    /// A CSV or Parquet file, or - for standard input
    data: String,
    /// The models' names; `recurra models` lists them. The naive forecast is always there
    #[arg(long, value_name = "NAME,…", value_delimiter = ',', required = true)]
    model: Vec<String>,
    /// Steps ahead at every cutoff
    #[arg(long, value_name = "H")]
    horizon: usize,
    /// How many cutoffs
    #[arg(long, value_name = "K", default_value_t = 5)]
    folds: usize,
    /// Steps from one cutoff to the next [default: the horizon]
    #[arg(long, value_name = "S")]
    step: Option<usize>,
    /// Fit the models again at every cutoff, not only before the first one
    #[arg(long)]
    refit: bool,
    /// Prediction intervals, in percent: conformal ones, with --loss quantile around the quantiles that networks forecast; their
    /// coverage is measured
    #[arg(long, value_name = "PERCENT,…", value_delimiter = ',')]
    interval: Vec<Level>,
    /// Scores of every series, or of every step ahead, besides those of all forecasts together
    #[arg(long, value_name = "WHAT,…", value_delimiter = ',')]
    by: Vec<By>,
    /// Fail with exit code 1 unless this holds for every model named, such as mae<=6.0 or mae<naive
    #[arg(long, value_name = "CONDITION")]
    assert: Vec<Assertion>,
    /// Write all forecasts to FILE.csv or FILE.parquet; - for standard output, as CSV, with the scores on standard error
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Keep every fit's forecasts in FOLDER: what is there is not done again
    #[arg(long, value_name = "FOLDER", conflicts_with = "report")]
    out: Option<PathBuf>,
    /// Do a share of the fits: slice:2/8 (the second of eight), hash:2/8, or slice:auto in an array job. `recurra merge` puts the
    /// folders together
    #[arg(long, value_name = "SHARE", requires = "out")]
    partition: Option<Partition>,
    /// Write a page with scores, forecasts and errors to FILE.html
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    #[command(flatten)]
    data_flags: DataFlags,
    #[command(flatten)]
    training: TrainingFlags,
}

pub(crate) fn run(arguments: &Arguments, registry: &Registry, terminal: &Terminal) -> Result<(), Failure> {
    let models = arguments
        .model
        .iter()
        .map(|name| Model::find(name, registry))
        .collect::<Result<Vec<_>, _>>()?;
    let written = arguments.output.as_deref();
    written.map(|path| output::check(path, terminal)).transpose()?;
    let outputs = written
        .filter(|path| !output::is_standard(path))
        .into_iter()
        .chain(arguments.report.as_deref());
    write_file::check_outputs(outputs, [arguments.data.as_ref()])?;
    if arguments.out.is_some() && arguments.data == "-" {
        return Err(Failure::input(
            "--out: what is kept is known by the digest of a file, and standard input is none; give the name of a file",
        ));
    }
    let (dataset, digest) = match arguments.out {
        None => (arguments.data_flags.read(&arguments.data, terminal)?, String::new()),
        Some(_) => (arguments.data_flags).read_with_digest(arguments.data.as_ref(), terminal)?,
    };
    if arguments.training.lr == Some(Rate::Auto) {
        return Err(Failure::input(
            "--lr auto: a backtest needs a number; `recurra lr-find` finds one",
        ));
    }
    let plan = plan::plan(arguments, &dataset)?;
    if plan.season_length != dataset.season {
        terminal.note(&format!(
            "season {}, by the values before the first cutoff",
            plan.season_length
        ));
    }
    let forecasters = models
        .iter()
        .map(|model| {
            arguments
                .training
                .forecaster(*model, plan.season_length, &arguments.interval)
        })
        .collect::<Result<Vec<Box<dyn Forecaster + '_>>, _>>()?;
    let mut borrowed: Vec<&dyn Forecaster> = forecasters.iter().map(AsRef::as_ref).collect();
    // The page shows how the first model was trained.
    let recorded = match (models.first(), &arguments.report) {
        (Some(Model::Network(entry)), Some(_)) => {
            let settings = arguments.training.settings(entry, &arguments.interval)?;
            Some(Recorded::new(NetworkForecaster::new(entry, settings)))
        }
        _ => None,
    };
    if let (Some(recorded), Some(first)) = (&recorded, borrowed.first_mut()) {
        *first = recorded;
    }
    match arguments.out {
        None => interrupt::end_at_once(*terminal)?,
        Some(_) => interrupt::end_at_once_saying(
            *terminal,
            || "interrupted; finished fits are kept, the same command goes on from there",
        )?,
    }
    let failed = |text: String| Failure::Input(format!("{}: {}", dataset.file, text));
    let result = match &arguments.out {
        None => plan.run(&borrowed, &dataset.panel.series),
        Some(out) => {
            let blocks = plan.blocks(&borrowed, &dataset.panel.series);
            let blocks = blocks.map_err(|error| failed(error.to_string()))?;
            match shares::run(&blocks, arguments, &plan, &digest, out, terminal)? {
                Some(result) => Ok(result),
                // Others have not done their shares yet.
                None => return Ok(()),
            }
        }
    };
    let result = result.map_err(|error| failed(error.to_string()))?;
    // A model without a single forecast is a mistake of the input, not a score.
    let scored = result.table.models();
    if let Some(failure) = result
        .failures
        .iter()
        .find(|failure| !scored.contains(&failure.model.as_str()))
    {
        return Err(failed(failure.message.clone()));
    }
    if scored.is_empty() {
        return Err(failed(
            "nothing could be scored: the last value before every cutoff had been filled in".to_owned(),
        ));
    }
    report_failures(&result, terminal);
    if let Some(output) = &arguments.output {
        output::write(&result, output, terminal)?;
    }
    let named: Vec<&str> = models.iter().map(Model::name).collect();
    if let (Some(path), Some(model)) = (&arguments.report, named.first()) {
        let history = recorded.and_then(Recorded::only);
        page::page(&result, &dataset, model, history.as_ref(), path)?;
        terminal.note(&format!("wrote {}", path.display()));
    }
    let scores = scores::Scores::of(&result, &dataset.file, &arguments.by);
    if terminal.json {
        terminal.json(&scores)?;
    } else if written.is_some_and(output::is_standard) {
        terminal.note(&scores.text(&result, usize::MAX));
    } else {
        let mut text = scores.text(&result, terminal.width());
        for by in &arguments.by {
            text += &format!("\n{}", by.text(&result, terminal.width()));
        }
        terminal.words(&text)?;
    }
    assertion::check(&arguments.assert, &result, &named)
}

fn report_failures(result: &BacktestResult, terminal: &Terminal) {
    if let Some(first) = result.failures.first() {
        let (missing, message) = (result.missing_forecasts(), &first.message);
        let what = match missing {
            0 => "no scored forecast is missing, but some that intervals are made from".to_owned(),
            _ => format!("{missing} forecasts are missing"),
        };
        terminal.note(&format!("{what}, the first because: {message}"));
    }
    if result.left_out > 0 {
        let count = result.left_out;
        terminal.note(&format!(
            "{count} cutoffs were left out, as the last value before them had been filled in"
        ));
    }
}
