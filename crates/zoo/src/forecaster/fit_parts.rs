//! One network for a panel that is larger than memory.

use std::sync::mpsc::sync_channel;

use recurra_evaluation::FitError;
use recurra_models::Network;
use recurra_series::Series;
use recurra_training::{Callback, FitData, History as TrainingHistory, TerminateOnNan, Trainer, TrainingError};

use super::covariates::CovariateScaling;
use super::early_stop::EarlyStop;
use super::error::NetworkError;
use super::fitted::FittedNetwork;
use super::network_forecaster::{KeptTraining, NetworkForecaster};
use super::over_passes::OverPasses;
use super::panel_parts::{PanelParts, PartError};
use super::part_turns::Turn;

/// Where the training part of a series ends: the index after its last value.
pub type TrainingEnd<'a> = &'a (dyn Fn(&Series) -> Result<usize, PartError> + Sync);

impl NetworkForecaster<'_> {
    /// Fits one network to a panel that is read part by part, with the memory of two parts however many there are: one
    /// is trained on while the next one is read. Each series is scaled on its own training part, whose end
    /// `training_end` gives.
    ///
    /// The order, which decides the bits together with the seed: every epoch takes the parts in a new uniform order, and
    /// the windows of a part in a new uniform order; batches do not reach across parts. What the training calls an epoch,
    /// to its callbacks, in its history and in its checkpoints, is one part's pass, so that `epochs` epochs over `n` parts
    /// are `epochs·n` of them. Each pass ends with [`Callback::train_end`], so callbacks that have the last word on the
    /// weights have it after each. A checkpoint is written after every pass, and between them as `kept` says.
    ///
    /// With [`NetworkSettings::early_stop`](super::NetworkSettings::early_stop) all parts are read once more at the end of an epoch, in their order, and its
    /// last pass has for validation the mean loss over the windows that are held back from all of them; the weights of the best epoch come
    /// back when the training is over. Three parts are in memory then.
    ///
    /// The fitted network keeps the scaling of no series: a history that it forecasts from is scaled by its own values.
    ///
    /// # Errors
    /// As [`NetworkForecaster::fit_with`]; and if a part cannot be read.
    pub fn fit_parts(
        &self,
        parts: &dyn PanelParts,
        training_end: TrainingEnd<'_>,
        horizon: usize,
        callbacks: &mut [&mut dyn Callback],
        kept: Option<&KeptTraining>,
    ) -> Result<(FittedNetwork, TrainingHistory), FitError> {
        self.check(horizon)?;
        if parts.count() == 0 {
            return Err(FitError::NoSeries {
                model: self.entry().name().to_owned(),
            });
        }
        let covariates = self.covariates_of(parts, training_end)?;
        let steps = self.steps(horizon);
        let mut network = self.build(&covariates, steps)?;
        let mut terminate = TerminateOnNan;
        let mut all: Vec<&mut dyn Callback> = vec![&mut terminate];
        let passes = self.settings().training.epochs.saturating_mul(parts.count());
        let early_stop = self.settings().early_stop.map(EarlyStop::callback);
        let mut early_stop = early_stop.map(|early_stop| OverPasses { early_stop, passes });
        if let Some(early_stop) = &mut early_stop {
            all.push(early_stop);
        }
        for callback in callbacks {
            all.push(&mut **callback);
        }
        let history = self.pass_over(
            parts,
            training_end,
            &covariates,
            steps,
            network.as_mut(),
            &mut all,
            kept,
        )?;
        if let Some(pass) = history.diverged() {
            return Err(self.failed(NetworkError::Diverged {
                epoch: pass / parts.count() + 1,
            }));
        }
        self.check_weights(network.as_ref(), history.epochs.len().div_ceil(parts.count()))?;
        let (name, settings) = (self.entry().name().to_owned(), self.settings().clone());
        let fitted = FittedNetwork::from_parts(name, network, settings, [].into(), covariates);
        Ok((fitted, history))
    }

    /// Trains on one part after the other, while a thread of its own reads the next ones.
    #[expect(clippy::too_many_arguments, reason = "the parts of one call, told apart by type")]
    fn pass_over(
        &self,
        parts: &dyn PanelParts,
        training_end: TrainingEnd<'_>,
        covariates: &CovariateScaling,
        steps: usize,
        network: &mut dyn Network,
        callbacks: &mut [&mut dyn Callback],
        kept: Option<&KeptTraining>,
    ) -> Result<TrainingHistory, FitError> {
        let count = parts.count();
        let passes = self.settings().training.epochs.saturating_mul(count);
        let training = |error: TrainingError| self.training_failed(error);
        let resumed = kept.filter(|kept| kept.resume.is_some() && kept.checkpoints.path.exists());
        let (mut trainer, first) = match resumed {
            Some(kept) => (None, kept.checkpoints.epoch().map_err(training)?),
            None => {
                let mut trainer = Trainer::new(self.settings().training.clone(), network).map_err(training)?;
                if let Some(kept) = kept {
                    trainer = trainer.with_checkpoints(kept.checkpoints.clone());
                }
                (Some(trainer), 0)
            }
        };
        // A checkpoint that lies behind the last pass already is taken up with its own part, and trained no further.
        let end = match resumed {
            Some(_) => passes.max(first.saturating_add(1)),
            None => passes,
        };
        // Without a place of its own the channel holds nothing: one part waits in the hands of the reader.
        let (send, receive) = sync_channel(0);
        std::thread::scope(|scope| {
            // Dropped at the end of this block, so that the reader does not wait for ever.
            let receive = receive;
            let turns = self.turns(count, first..end);
            scope.spawn(move || {
                for (turn, part) in turns {
                    let prepared = self.prepare_part(parts, part, training_end, covariates, steps);
                    let failed = prepared.is_err();
                    // Nobody receives any more once the training has stopped.
                    if send.send((turn, prepared)).is_err() || failed {
                        return;
                    }
                }
            });
            while let Ok((turn, prepared)) = receive.recv() {
                let prepared = prepared?;
                let Turn::Train { pass } = turn else { continue };
                let (samples, _) = self.samples(&prepared, steps).map_err(|error| self.failed(error))?;
                let validate = |network: &dyn Network| match (pass + 1) % count {
                    0 => self.validation(network, &receive, count, steps).map(Some),
                    _ => Ok(None),
                };
                let mut data = FitData::new(&samples);
                if self.settings().early_stop.is_some() {
                    data = data.with_validation_by(&validate);
                }
                let trainer = match (&mut trainer, resumed) {
                    (Some(trainer), _) => trainer,
                    (empty, Some(KeptTraining { checkpoints, resume })) => {
                        let (resume, options) = (resume.unwrap_or_default(), self.settings().training.clone());
                        let resumed = Trainer::resume(checkpoints.clone(), resume, options, network, data, callbacks);
                        empty.insert(resumed.map_err(training)?)
                    }
                    (empty, None) => {
                        empty.insert(Trainer::new(self.settings().training.clone(), network).map_err(training)?)
                    }
                };
                // The checkpoint may have been written when this pass was over: then it ends once more.
                trainer.set_epochs((pass + 1).min(passes));
                let stopped = trainer.fit(network, data, callbacks).map_err(training)?.stop.is_some();
                if stopped || pass + 1 == end {
                    break;
                }
            }
            Ok(trainer.map(Trainer::into_history).unwrap_or_default())
        })
    }
}
