//! The trainings of a folder.

use std::path::PathBuf;

use recurra_evaluation::History;
use recurra_series::SplitPoint;
use recurra_training::{Callback, Interruption, Progress, StopReason};
use recurra_zoo::forecaster::{FittedNetwork, NetworkForecaster, PanelParts, TrainingEnd};
use recurra_zoo::model_file::LossCurve;

use super::Job;
use super::epochs::by_epoch;
use super::same_files::SameFiles;
use crate::commands::fit::job::cannot_fit;
use crate::commands::fit::kept::{Part, go_on, kept};
use crate::commands::fit::measure;
use crate::failure::Failure;
use crate::interrupt;
use crate::model_flags::Rate;
use crate::page;
use crate::progress::{PartBar, trained};
use crate::rate_sweep::{Range, sweep_rates};
use crate::text::figure;

impl Job<'_> {
    /// What `--lr auto` asks for, found on the first part.
    pub(super) fn find_rate(&mut self, split: Option<SplitPoint>) -> Result<(), Failure> {
        if self.arguments.training.lr != Some(Rate::Auto) {
            return Ok(());
        }
        let nothing = || "interrupted; nothing was written".to_owned();
        let panel = self.folder.dataset_unless(0, nothing)?.panel;
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

    /// Trains on what lies before `end` in every series. Ctrl-C ends the command.
    pub(super) fn fit(&self, end: TrainingEnd<'_>, part: Part) -> Result<FittedNetwork, Failure> {
        let passes = self.folder.count() * self.settings.training.epochs;
        let bar = PartBar::new(self.terminal, part.name(), passes);
        let mut progress = Progress::new(|at| {
            if at.batch + 1 == at.batches {
                bar.show(at.epoch + 1, Some(at.running.loss));
            }
        });
        let kept = kept(self.arguments, part);
        let mut same_files = SameFiles {
            path: kept
                .as_ref()
                .map_or_else(PathBuf::new, |kept| kept.checkpoints.path.clone()),
            sha256: self.sha256,
        };
        let mut interruption = Interruption::new(interrupt::raised);
        let callbacks: &mut [&mut dyn Callback] = &mut [&mut progress, &mut interruption, &mut same_files];
        let forecaster = NetworkForecaster::new(self.entry, self.settings.clone());
        let fitted = forecaster.fit_parts(self.folder, end, self.horizon, callbacks, kept.as_ref());
        let (fitted, history) = fitted.map_err(|error| match interrupt::raised() {
            // A part was not read any more: there may be no batch whose end would have stopped the training.
            true => Failure::Interrupted(format!("interrupted while {}; {}", part.name(), go_on(self.arguments))),
            false => cannot_fit(
                &self.folder.path.display().to_string(),
                &error,
                &self.arguments.training,
            ),
        })?;
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
        let history = by_epoch(history, parts);
        self.terminal.note(&format!("{}: {}", part.name(), trained(&history)));
        for (name, values) in page::curves(part.curve(), &history) {
            self.losses.borrow_mut().push(LossCurve { name, values });
        }
        Ok(fitted)
    }
}
