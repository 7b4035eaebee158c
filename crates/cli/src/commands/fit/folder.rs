//! `recurra fit FOLDER`: one network for a panel that is larger than memory.

mod contents;
mod epochs;
mod measuring;
mod page;
mod report;
mod same_files;
mod sample;
mod training;

use recurra_series::Series;
use recurra_zoo::forecaster::{NetworkSettings, PartError, TrainingEnd};
use recurra_zoo::model_file::{LossCurve, ModelFile, SavedModel};
use recurra_zoo::{Entry, Registry};

use self::contents::read_once;
use super::kept::{Part, make_checkpoint_folder};
use super::{Arguments, check_reach, description, measure, usual_horizon};
use crate::failure::Failure;
use crate::folder::Folder;
use crate::interrupt;
use crate::model_flags::{Model, count};
use crate::terminal::Terminal;
use crate::write_file;

/// What the trainings of a folder have in common.
struct Job<'a> {
    folder: &'a Folder,
    /// The digest of all its files.
    sha256: &'a str,
    entry: &'a Entry,
    settings: NetworkSettings,
    horizon: usize,
    /// How the trainings went.
    losses: std::cell::RefCell<Vec<LossCurve>>,
    arguments: &'a Arguments,
    terminal: &'a Terminal,
}

pub(super) fn run(arguments: &Arguments, registry: &Registry, terminal: &Terminal) -> Result<(), Failure> {
    let Model::Network(entry) = Model::find(&arguments.model, registry)? else {
        return Err(Failure::Input(format!(
            "--model {}: a classical method is fitted to each series when it forecasts, so there is nothing to fit to a \
             folder; choose a network",
            arguments.model
        )));
    };
    let split = measure::split(&arguments.validation)?;
    let mut folder = Folder::open(&arguments.data, &arguments.data_flags)?;
    let outputs = [&arguments.output].into_iter().chain(&arguments.report);
    write_file::check_outputs(outputs.map(AsRef::as_ref), folder.files())?;
    if let Some(split) = split {
        // Where there is no such split, fitting will say why.
        let season = folder.season_before(|series| measure::first(series, split).unwrap_or(0));
        if let Some(season) = season {
            terminal.note(&format!("season {season}, by the values before the held-out part"));
        }
    }
    make_checkpoint_folder(arguments)?;
    interrupt::watch()?;
    let contents = read_once(&folder, terminal)?;
    let horizon = match arguments.horizon {
        Some(horizon) => count("--horizon", horizon)?,
        None => {
            let known = (contents.season > 1 && !contents.found_season).then_some(contents.season);
            usual_horizon(known, contents.shortest)
        }
    };
    let mut job = Job {
        settings: arguments.training.settings(entry, &[])?,
        losses: std::cell::RefCell::default(),
        folder: &folder,
        sha256: &contents.sha256,
        entry,
        horizon,
        arguments,
        terminal,
    };
    if split.is_some() {
        let past = folder.reading().names.past.first();
        check_reach(past, job.settings.strategy, horizon, &folder.path.display().to_string())?;
    }
    job.find_rate(split)?;
    let whole: TrainingEnd<'_> = &|series: &Series| Ok(series.len());
    let (hold_out, sample, fitted) = match split {
        None => (None, None, job.fit(whole, Part::Whole)?),
        Some(split) => {
            let before = |series: &Series| measure::first(series, split).map_err(said);
            let measured = job.fit(&before, Part::Measured)?;
            let (hold_out, sample) = job.measure(&measured, split)?;
            let fitted = match arguments.no_refit {
                true => measured,
                false => job.fit(whole, Part::Whole)?,
            };
            (Some(hold_out), sample, fitted)
        }
    };
    let file = ModelFile {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        refitted: hold_out.is_some() && !arguments.no_refit,
        model: SavedModel::Network(fitted),
        data: description::of_folder(&folder, &contents),
        hold_out,
        losses: job.losses.take(),
    };
    write_file::write(&arguments.output, &file.to_bytes().map_err(Failure::input)?)?;
    if let Some(path) = &arguments.report {
        job.page(&file, sample, path)?;
        terminal.note(&format!("wrote {}", path.display()));
    }
    job.report(&file)
}

fn said(failure: Failure) -> PartError {
    failure.into_parts().1.unwrap_or_default().into()
}
