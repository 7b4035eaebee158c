//! `recurra fit FOLDER`: one network for a panel that is larger than memory.

use recurra_evaluation::History;
use recurra_series::{Panel, Series, SplitPoint};
use recurra_training::{Callback, Interruption, Progress, StopReason};
use recurra_zoo::forecaster::{
    FittedNetwork, HoldOut, NetworkForecaster, NetworkSettings, PanelParts, PartError, TrainingEnd,
};
use recurra_zoo::model_file::{LossCurve, ModelFile, SavedModel, weights_sha256};
use recurra_zoo::{Entry, Registry};
use serde::Serialize;

use super::job::cannot_fit;
use super::kept::{Part, go_on, kept, make_checkpoint_folder};
use super::{Arguments, check_reach, description, measure, report, usual_horizon};
use crate::failure::Failure;
use crate::folder::{Contents, Folder};
use crate::interrupt;
use crate::model_flags::{Model, Rate, count};
use crate::page;
use crate::progress::{PartBar, loss_line};
use crate::rate_sweep::{Range, sweep_rates};
use crate::terminal::Terminal;
use crate::text::{counted, figure, shell};
use crate::write_file;

/// Series that are measured, however many there are: enough for intervals, few enough to forget.
const MEASURED_SERIES: usize = 2000;
/// Cutoffs at which they are measured, all together: what is kept of them must not grow with the number of parts.
const CUTOFFS: usize = 20_000;
/// Those of one part: as many as of a table.
const CUTOFFS_OF_A_PART: usize = 2000;

/// What the trainings of a folder have in common.
struct Job<'a> {
    folder: &'a Folder,
    entry: &'a Entry,
    settings: NetworkSettings,
    horizon: usize,
    /// How the trainings went.
    losses: std::cell::RefCell<Vec<LossCurve>>,
    arguments: &'a Arguments,
    terminal: &'a Terminal,
}

pub(super) fn run(arguments: &Arguments, registry: &Registry, terminal: &Terminal) -> Result<(), Failure> {
    if arguments.report.is_some() {
        return Err(Failure::input(
            "--report: a page shows every series, so there is none of a folder; fit one of its files for a page",
        ));
    }
    if arguments.training.patience.is_some() {
        return Err(Failure::input(
            "--patience: a folder is trained on part by part, and losses on different parts cannot be compared; leave it out \
             and choose --epochs",
        ));
    }
    let Model::Network(entry) = Model::find(&arguments.model, registry)? else {
        return Err(Failure::Input(format!(
            "--model {}: a classical method is fitted to each series when it forecasts, so there is nothing to fit to a \
             folder; choose a network",
            arguments.model
        )));
    };
    let split = measure::split(&arguments.validation)?;
    let mut folder = Folder::open(&arguments.data, &arguments.data_flags)?;
    write_file::check_outputs([arguments.output.as_path()], folder.files())?;
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
    let (hold_out, fitted) = match split {
        None => (None, job.fit(whole, Part::Whole)?),
        Some(split) => {
            let before = |series: &Series| measure::first(series, split).map_err(said);
            let measured = job.fit(&before, Part::Measured)?;
            let hold_out = job.measure(&measured, split)?;
            let fitted = match arguments.no_refit {
                true => measured,
                false => job.fit(whole, Part::Whole)?,
            };
            (Some(hold_out), fitted)
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
    job.report(&file)
}

/// Reads all parts, and says what they hold.
fn read_once(folder: &Folder, terminal: &Terminal) -> Result<Contents, Failure> {
    let bar = PartBar::new(terminal, "reading", folder.count());
    let contents = folder.contents(|part| {
        bar.show(part, None);
        match interrupt::raised() {
            true => Err(Failure::Interrupted("interrupted; nothing was written".to_owned())),
            false => Ok(()),
        }
    })?;
    drop(bar);
    let frequency = folder.reading().options.frequency;
    let range = contents.first.zip(contents.last);
    terminal.note(&format!(
        "{}: {}, {} series, {} values of `{}` by `{}`, {}{}",
        folder.path.display(),
        counted(folder.count(), "part"),
        contents.series,
        contents.points,
        folder.reading().names.value,
        folder.reading().names.time,
        frequency.map_or_else(|| "no frequency".to_owned(), |found| found.to_string()),
        range.map_or_else(String::new, |(first, last)| format!(", {first} to {last}")),
    ));
    Ok(contents)
}

impl Job<'_> {
    /// What `--lr auto` asks for, found on the first part.
    fn find_rate(&mut self, split: Option<SplitPoint>) -> Result<(), Failure> {
        if self.arguments.training.lr != Some(Rate::Auto) {
            return Ok(());
        }
        let panel = self.folder.dataset(0)?.panel;
        // What is held out decides no rate.
        let histories: Vec<History<'_>> = (panel.series.iter())
            .map(|series| {
                let end = split.map_or(Ok(series.len()), |split| measure::first(series, split))?;
                let whole = History::from(series);
                Ok(whole.until(end).unwrap_or(whole))
            })
            .collect::<Result<_, Failure>>()?;
        let found = sweep_rates(
            self.entry,
            self.settings.clone(),
            &histories,
            self.horizon,
            Range::default(),
        )?;
        self.terminal.note(&format!(
            "learning rate {}, as lr-find suggests for the first part",
            figure(found.suggested)
        ));
        let optimizer = self.settings.training.optimizer;
        self.settings.training.optimizer = optimizer.with_learning_rate(found.suggested);
        Ok(())
    }

    fn fit(&self, end: TrainingEnd<'_>, part: Part) -> Result<FittedNetwork, Failure> {
        let passes = self.folder.count() * self.settings.training.epochs;
        let bar = PartBar::new(self.terminal, part.name(), passes);
        let mut progress = Progress::new(|at| {
            if at.batch + 1 == at.batches {
                bar.show(at.epoch + 1, Some(at.running.loss));
            }
        });
        let callbacks: &mut [&mut dyn Callback] = &mut [&mut progress, &mut Interruption::new(interrupt::raised)];
        let forecaster = NetworkForecaster::new(self.entry, self.settings.clone());
        let kept = kept(self.arguments, part);
        let fitted = forecaster.fit_parts(self.folder, end, self.horizon, callbacks, kept.as_ref());
        let (fitted, history) = fitted.map_err(|error| cannot_fit(&self.folder.path.display().to_string(), &error))?;
        let parts = self.folder.count();
        if let Some(stop) = history
            .stop
            .as_ref()
            .filter(|stop| stop.reason == StopReason::Interrupted)
        {
            return Err(Failure::Interrupted(format!(
                "interrupted in epoch {}, in part {} of {parts} while {}; {}",
                stop.epoch / parts + 1,
                stop.epoch % parts + 1,
                part.name(),
                go_on(self.arguments)
            )));
        }
        drop(progress);
        drop(bar);
        for (name, passes) in page::curves(part.curve(), &history) {
            let values: Vec<Option<f64>> = passes.chunks(parts).map(mean).collect();
            self.terminal.note(&format!("{}: {}", part.name(), loss_line(&values)));
            self.losses.borrow_mut().push(LossCurve { name, values });
        }
        Ok(fitted)
    }

    /// Measures on a regular choice of the series of every part.
    fn measure(&self, fitted: &FittedNetwork, split: SplitPoint) -> Result<HoldOut, Failure> {
        let parts = self.folder.count();
        let most = MEASURED_SERIES.div_ceil(parts);
        let mut joint: Option<HoldOut> = None;
        for part in (0..parts).step_by(parts.div_ceil(MEASURED_SERIES).max(1)) {
            if interrupt::raised() {
                return Err(Failure::Interrupted(format!(
                    "interrupted while measuring; {}",
                    go_on(self.arguments)
                )));
            }
            let Panel { series, .. } = self.folder.dataset(part)?.panel;
            let chosen: Vec<&Series> = series.iter().step_by(series.len().div_ceil(most).max(1)).collect();
            let firsts = chosen.iter().map(|series| measure::first(series, split));
            let firsts = firsts.collect::<Result<Vec<_>, _>>()?;
            let observed = measure::observed(&chosen);
            let held_out = measure::held_out(&chosen, &firsts, &observed);
            let mut hold_out = HoldOut::measure_at(
                fitted,
                &held_out,
                self.horizon,
                CUTOFFS.div_ceil(parts).min(CUTOFFS_OF_A_PART),
            )
            .map_err(|error| Failure::Input(format!("{}: {error}", self.folder.file(part).display())))?;
            // A series is measured by its own changes when it is forecast: a scale of each would grow with the panel.
            hold_out.scales.clear();
            match &mut joint {
                Some(joint) => joint.absorb(hold_out),
                empty => *empty = Some(hold_out),
            }
        }
        joint
            .filter(|hold_out| hold_out.points > 0)
            .ok_or_else(|| measure::nothing_measured(self.horizon))
    }

    fn report(&self, file: &ModelFile) -> Result<(), Failure> {
        let SavedModel::Network(fitted) = &file.model else {
            return Ok(());
        };
        let (network, output) = (fitted.network(), self.arguments.output.display().to_string());
        if self.terminal.json {
            return self.terminal.json(&Fit {
                model: self.entry.name(),
                parameters: network.parameter_count(),
                window: self.settings.window,
                horizon: self.horizon,
                parts: self.folder.count(),
                series: file.data.series,
                points: file.data.points,
                hold_out: file.hold_out.as_ref().map(report::Scores::of),
                refitted: file.refitted,
                weights_sha256: weights_sha256(network),
                output,
            });
        }
        if self.terminal.quiet {
            return Ok(());
        }
        let measured = match &file.hold_out {
            Some(part) => report::measured(part).join("\n"),
            None => report::not_measured(file).to_owned(),
        };
        self.terminal.words(&format!(
            "{}: {}, window {}, {} forecasts, {} scale, {}\n{measured}\nwrote {output}, fitted on {}\nnext: recurra \
             forecast {} {} --horizon {} -o forecasts\n",
            self.entry.name(),
            counted(network.parameter_count(), "parameter"),
            self.settings.window,
            self.settings.strategy,
            self.settings.scale,
            counted(self.settings.training.epochs, "epoch"),
            report::fitted_on(file),
            shell(&output),
            shell(&self.arguments.data),
            self.horizon,
        ))
    }
}

/// What `--json` prints.
#[derive(Serialize)]
struct Fit<'a> {
    model: &'a str,
    parameters: usize,
    window: usize,
    horizon: usize,
    parts: usize,
    series: usize,
    points: usize,
    hold_out: Option<report::Scores>,
    refitted: bool,
    weights_sha256: String,
    output: String,
}

/// The mean of the losses that there are.
fn mean(passes: &[Option<f64>]) -> Option<f64> {
    let sum: f64 = passes.iter().copied().sum::<Option<f64>>()?;
    Some(sum / passes.len() as f64)
}

fn said(failure: Failure) -> PartError {
    failure.into_parts().1.unwrap_or_default().into()
}
