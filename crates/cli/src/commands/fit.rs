//! `recurra fit`: from a table to a model file.

mod folder;
mod measure;
mod next;
mod page;
mod report;

use std::path::PathBuf;

use recurra_evaluation::{FitError, FittedForecaster, History, Training};
use recurra_series::Series;
use recurra_training::{Callback, Checkpoints, Interruption, Progress, Resume, SaveEvery, StopReason};
use recurra_zoo::Registry;
use recurra_zoo::forecaster::{FittedNetwork, HoldOut, KeptTraining, NetworkForecaster, Strategy};
use recurra_zoo::model_file::{DataDescription, LossCurve, ModelFile, SavedModel, data_sha256};

use crate::data_flags::DataFlags;
use crate::dataset::Dataset;
use crate::failure::Failure;
use crate::files::{make_folder, on_a_disk};
use crate::folder::is_folder;
use crate::interrupt;
use crate::model_flags::{Model, Rate, TrainingFlags, count};
use crate::progress::{Bar, trained};
use crate::rate_sweep::{Range, sweep};
use crate::terminal::Terminal;
use crate::text::figure;
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

/// What a command needs to fit.
struct Job<'a> {
    model: Model<'a>,
    training: &'a TrainingFlags,
    dataset: &'a Dataset,
    horizon: usize,
    /// What `--lr auto` found.
    found_rate: std::cell::Cell<Option<f64>>,
    /// How the trainings went.
    histories: std::cell::RefCell<Vec<(Part, recurra_training::History)>>,
    arguments: &'a Arguments,
    terminal: &'a Terminal,
}

/// One of the two trainings of a fit.
#[derive(Clone, Copy)]
enum Part {
    /// Without the held-out part.
    Measured,
    /// On all data.
    Whole,
}

impl Part {
    fn name(self) -> &'static str {
        match self {
            Self::Measured => "fitting without the held-out part",
            Self::Whole => "fitting on all data",
        }
    }

    /// What follows the name of a loss where the trainings are drawn.
    fn curve(self) -> &'static str {
        match self {
            Self::Measured => ", first fit",
            Self::Whole => ", final fit",
        }
    }

    fn file(self) -> &'static str {
        match self {
            Self::Measured => "measured.checkpoint",
            Self::Whole => "whole.checkpoint",
        }
    }
}

/// A fitted model: a network, or a method that is kept as its name.
#[expect(clippy::large_enum_variant, reason = "there is one of them, not thousands")]
enum Fitted {
    Network(FittedNetwork),
    Classical(Box<dyn FittedForecaster>),
}

impl Fitted {
    fn forecaster(&self) -> &dyn FittedForecaster {
        match self {
            Self::Network(network) => network,
            Self::Classical(method) => method.as_ref(),
        }
    }
}

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
        None => usual_horizon(&dataset),
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
        data: describe(&dataset),
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

/// A season of the data, but no more than half of what will be held out of it.
fn usual_horizon(dataset: &Dataset) -> usize {
    let season = if dataset.season > 1 && !dataset.seeks_season {
        dataset.season
    } else {
        USUAL_HORIZON
    };
    let shortest = dataset.panel.series.iter().map(Series::len).min().unwrap_or(0);
    season.min(shortest / 10).max(1)
}

impl Job<'_> {
    /// Fits the model on histories. Ctrl-C ends the command.
    fn fit(&self, histories: &[History<'_>], part: Part) -> Result<Fitted, Failure> {
        let what = part.name();
        let training = Training::new(histories, self.horizon);
        match self.model {
            Model::Classical(_) => {
                let forecaster = self.training.forecaster(self.model, self.dataset.season, &[])?;
                Ok(Fitted::Classical(
                    forecaster
                        .fit(&training)
                        .map_err(|error| cannot_fit(&self.dataset.file, &error))?,
                ))
            }
            Model::Network(entry) => {
                let mut settings = self.training.settings(entry, &[])?;
                if self.training.lr == Some(Rate::Auto) {
                    let rate = match self.found_rate.get() {
                        Some(rate) => rate,
                        None => sweep(entry, settings.clone(), histories, self.horizon, Range::default())?.suggested,
                    };
                    // Found once: what is measured is what is fitted on all data.
                    if self.found_rate.replace(Some(rate)).is_none() {
                        self.terminal
                            .note(&format!("learning rate {}, as lr-find suggests", figure(rate)));
                    }
                    settings.training.optimizer = settings.training.optimizer.with_learning_rate(rate);
                }
                let forecaster = NetworkForecaster::new(entry, settings);
                let bar = Bar::new(self.terminal, what);
                let mut progress = Progress::new(|at| bar.show(at));
                let callbacks: &mut [&mut dyn Callback] =
                    &mut [&mut progress, &mut Interruption::new(interrupt::raised)];
                let fitted = forecaster.fit_with(&training, callbacks, kept(self.arguments, part).as_ref());
                let (fitted, history) = fitted.map_err(|error| cannot_fit(&self.dataset.file, &error))?;
                match history.stop {
                    Some(stop) if stop.reason == StopReason::Interrupted => Err(Failure::Interrupted(format!(
                        "interrupted in epoch {} while {what}; {}",
                        stop.epoch + 1,
                        go_on(self.arguments)
                    ))),
                    _ => {
                        // One line a training, which stays in a log.
                        bar.finish();
                        self.terminal.note(&format!("{what}: {}", trained(&history)));
                        self.histories.borrow_mut().push((part, history));
                        Ok(Fitted::Network(fitted))
                    }
                }
            }
        }
    }

    /// The losses of all trainings, by name.
    fn losses(&self) -> Vec<LossCurve> {
        let histories = self.histories.borrow();
        let curves = histories
            .iter()
            .flat_map(|(part, history)| crate::page::curves(part.curve(), history));
        curves.map(|(name, values)| LossCurve { name, values }).collect()
    }

    fn classical(&self) -> Result<SavedModel, Failure> {
        match self.model {
            Model::Classical(method) => Ok(SavedModel::Classical {
                method,
                window: self.training.classical_window()?,
            }),
            Model::Network(_) => Err(Failure::input("a network was fitted as a classical method")),
        }
    }
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

/// Why there is no fit, and what to do.
fn cannot_fit(file: &str, error: &FitError) -> Failure {
    let help = match error {
        FitError::TooShort { .. } => {
            "; give more data, make windows shorter (--window), or hold less out (--validation)"
        }
        FitError::NotFinite { .. } => " (--fill)",
        _ => "",
    };
    Failure::Input(format!("{file}: {error}{help}"))
}

/// What to do after an interruption.
fn go_on(arguments: &Arguments) -> &'static str {
    match arguments.checkpoint {
        Some(_) => "give the same command with --resume to go on",
        None => "nothing was written (--checkpoint FOLDER keeps a training)",
    }
}

fn make_checkpoint_folder(arguments: &Arguments) -> Result<(), Failure> {
    if let Some(folder) = &arguments.checkpoint {
        count("--every", arguments.every)?;
        on_a_disk("--checkpoint", folder)?;
        make_folder(folder)?;
    }
    Ok(())
}

/// Where a training is kept.
fn kept(arguments: &Arguments, part: Part) -> Option<KeptTraining> {
    let checkpoints = Checkpoints {
        path: arguments.checkpoint.as_ref()?.join(part.file()),
        every: Some(SaveEvery::Epochs(arguments.every)),
        code: recurra_runs::CODE_DIGEST.to_owned(),
    };
    let allow_code_change = arguments.allow_code_change;
    Some(KeptTraining {
        checkpoints,
        resume: arguments.resume.then_some(Resume { allow_code_change }),
    })
}

fn describe(dataset: &Dataset) -> DataDescription {
    let Dataset {
        panel, reading, season, ..
    } = dataset;
    let names = &reading.names;
    let times = || panel.series.iter().flat_map(|series| series.times());
    let text = |time: Option<&recurra_series::Time>| time.map_or_else(String::new, ToString::to_string);
    let order =
        |a: &&recurra_series::Time, b: &&recurra_series::Time| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal);
    DataDescription {
        time: names.time.clone(),
        value: names.value.clone(),
        unique_id: names.unique_id.clone(),
        past: names.past.clone(),
        future: names.future.clone(),
        calendar: reading.calendar,
        time_format: reading.options.time_format.clone(),
        frequency: panel.frequency,
        fill: reading.fill,
        season: *season,
        series: panel.series.len(),
        points: panel.points(),
        first: text(times().min_by(order)),
        last: text(times().max_by(order)),
        sha256: data_sha256(panel),
    }
}

/// The hold-out of a model file, if there is one.
fn scored(file: &ModelFile) -> Option<&HoldOut> {
    file.hold_out.as_ref().filter(|hold_out| hold_out.points > 0)
}
