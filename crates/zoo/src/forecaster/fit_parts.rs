//! One network for a panel that is larger than memory.

use std::sync::mpsc::sync_channel;

use recurra_evaluation::{FitError, History};
use recurra_models::{Generator, Network};
use recurra_series::{Series, ShuffleBuffer};
use recurra_training::{Callback, FitData, History as TrainingHistory, TerminateOnNan, Trainer};

use super::covariate_moments::CovariateMoments;
use super::covariates::CovariateScaling;
use super::error::NetworkError;
use super::fitted::FittedNetwork;
use super::network_forecaster::{KeptTraining, NetworkForecaster};
use super::panel_parts::{PanelParts, PartError};
use super::prepared::Prepared;
use super::quantile_head::HeadProblem;

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
    /// The fitted network keeps the scaling of no series: a history that it forecasts from is scaled by its own values.
    ///
    /// # Errors
    /// As [`NetworkForecaster::fit_with`]; if the settings stop a training early, which would compare losses on different parts; and if a part cannot be read.
    pub fn fit_parts(
        &self,
        parts: &dyn PanelParts,
        training_end: TrainingEnd<'_>,
        horizon: usize,
        callbacks: &mut [&mut dyn Callback],
        kept: Option<&KeptTraining>,
    ) -> Result<(FittedNetwork, TrainingHistory), FitError> {
        self.check(horizon)?;
        if let Some(early_stop) = self.settings().early_stop {
            return Err(self.refused(HeadProblem {
                parameter: "patience",
                value: early_stop.patience.to_string(),
                expected: "left out for a panel in parts",
            }));
        }
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
        let epochs = self.settings().training.epochs;
        let training = |error: recurra_training::TrainingError| self.failed(error.into());
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
        let order = self.order_of_parts(count, epochs);
        // Without a place of its own the channel holds nothing: one part waits in the hands of the reader.
        let (send, receive) = sync_channel(0);
        std::thread::scope(|scope| {
            let passes = order.get(first..).unwrap_or_default();
            scope.spawn(move || {
                for &part in passes {
                    let prepared = self.prepare_part(parts, part, training_end, covariates, steps);
                    let failed = prepared.is_err();
                    // Nobody receives any more once the training has stopped.
                    if send.send(prepared).is_err() || failed {
                        return;
                    }
                }
            });
            for (pass, prepared) in (first..order.len()).zip(receive) {
                let prepared = prepared?;
                let (samples, _) = self.samples(&prepared, steps).map_err(|error| self.failed(error))?;
                let data = FitData::new(&samples);
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
                // The checkpoint may have been written when this pass was over.
                if trainer.history().epochs.len() > pass {
                    continue;
                }
                trainer.set_epochs(pass + 1);
                if trainer.fit(network, data, callbacks).map_err(training)?.stop.is_some() {
                    break;
                }
            }
            Ok(trainer.map(Trainer::into_history).unwrap_or_default())
        })
    }

    /// The part of every pass: the parts in a new uniform order for each epoch, from a generator of its own.
    fn order_of_parts(&self, count: usize, epochs: usize) -> Vec<usize> {
        let mut generator = Generator::for_purpose(self.settings().training.seed, "order of parts");
        let seed = u64::from(generator.next_u32()) << 32 | u64::from(generator.next_u32());
        let mut shuffle = ShuffleBuffer::new(usize::MAX, seed);
        (0..epochs).flat_map(|_| shuffle.order(count)).collect()
    }

    /// The series of a part as the network sees them.
    fn prepare_part(
        &self,
        parts: &dyn PanelParts,
        part: usize,
        training_end: TrainingEnd<'_>,
        covariates: &CovariateScaling,
        steps: usize,
    ) -> Result<Vec<Prepared>, FitError> {
        let panel = self.read_part(parts, part)?;
        let prepare = |series: &Series| {
            let history = self.training_part(series, training_end)?;
            Ok(self.prepare_series(&history, covariates, steps)?.1)
        };
        panel.series.iter().map(prepare).collect()
    }

    fn read_part(&self, parts: &dyn PanelParts, part: usize) -> Result<recurra_series::Panel, FitError> {
        parts
            .read(part)
            .map_err(|source| self.failed(NetworkError::Part { source }))
    }

    fn training_part<'s>(&self, series: &'s Series, training_end: TrainingEnd<'_>) -> Result<History<'s>, FitError> {
        let end = training_end(series).map_err(|source| self.failed(NetworkError::Part { source }))?;
        let history = History::from(series);
        let unique_id = || history.unique_id().to_owned();
        history.until(end).ok_or_else(|| FitError::TooShort {
            model: self.entry().name().to_owned(),
            unique_id: unique_id(),
            needed: end.max(1),
            found: series.len(),
        })
    }

    /// The scaling of the covariates, from one pass over all parts; without covariates nothing but the first is read.
    fn covariates_of(
        &self,
        parts: &dyn PanelParts,
        training_end: TrainingEnd<'_>,
    ) -> Result<CovariateScaling, FitError> {
        let mut moments: Option<CovariateMoments> = None;
        for part in 0..parts.count() {
            let panel = self.read_part(parts, part)?;
            for series in &panel.series {
                let history = self.training_part(series, training_end)?;
                let moments = match &mut moments {
                    Some(moments) => moments,
                    empty => empty.insert(CovariateMoments::of(&history)?),
                };
                if moments.is_empty() {
                    return Ok(CovariateScaling::default());
                }
                moments.add(&history)?;
            }
        }
        moments
            .map(CovariateMoments::scaling)
            .ok_or_else(|| FitError::NoSeries {
                model: self.entry().name().to_owned(),
            })
    }
}
