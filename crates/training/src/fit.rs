//! The fit loop.

use recurra_models::Network;
use recurra_series::{Remainder, batches, check_writable, remove_unfinished};

use crate::background_writer::BackgroundWriter;
use crate::callback::{BatchBegin, BatchEnd, Callback, Control, EpochBegin, EpochEnd, TrainBegin};
use crate::checkpoint::{Checkpoints, Identity, SaveEvery};
use crate::data::FitData;
use crate::error::TrainingError;
use crate::evaluate::{evaluate, evaluate_carrying};
use crate::history::{EpochRecord, History, Stop, StopReason};
use crate::loss::absolute_errors;
use crate::options::FitOptions;
use crate::running::Running;
use crate::trainer::Trainer;

/// Working memory of the loop, reused from batch to batch.
#[derive(Debug, Default)]
struct Room {
    inputs: Vec<f32>,
    targets: Vec<f32>,
    weights: Vec<f32>,
    gradients: Vec<f32>,
}

/// What one call of [`Trainer::fit`] works on.
struct Session<'a, 'b> {
    network: &'a mut dyn Network,
    data: FitData<'a>,
    callbacks: &'a mut [&'b mut dyn Callback],
    /// What checkpoints are marked with, if there are any.
    identity: Option<Identity>,
    writer: BackgroundWriter,
    stop: Option<StopReason>,
    room: Room,
}

impl Trainer {
    /// Trains `network` until the last epoch is done or a callback stops it; called again, it goes on. The callbacks are
    /// called in the order of their list.
    ///
    /// A network with stateful layers ([`Network::is_stateful`]) starts every epoch from zero states and carries them from batch to batch: window i of
    /// a batch goes on where window i of the batch before ended. So the windows must be in order ([`FitOptions::shuffle_buffer`] of 1) and
    /// whole batches, the validation's too; for one series cut into windows that follow each other, batches are of one window. The validation goes on
    /// from a copy of the epoch's last states. Keras asks for the same (`shuffle=False`, a fixed batch size), but does not reset the
    /// states by itself (one calls `reset_states` in a callback), and its validation changes those of the training.
    ///
    /// # Errors
    /// If the network is not the training's or the data does not fit it, a callback fails, or a checkpoint cannot be written. A loss that diverges is no
    /// error: see [`TerminateOnNan`](crate::TerminateOnNan).
    pub fn fit(
        &mut self,
        network: &mut dyn Network,
        data: FitData<'_>,
        callbacks: &mut [&mut dyn Callback],
    ) -> Result<&History, TrainingError> {
        let (expected, found) = (self.parameters, network.parameter_count());
        if expected != found {
            return Err(TrainingError::OtherNetwork { expected, found });
        }
        data.check(network, self.options.loss)?;
        self.options.check_stateful(network, data)?;
        let identity = self
            .checkpoints
            .as_ref()
            .map(|_| Identity::new(&self.options, network, data));
        let (stop, room, writer) = (self.stop.take(), Room::default(), BackgroundWriter::default());
        let mut session = Session {
            network,
            data,
            callbacks,
            identity,
            writer,
            stop,
            room,
        };
        if session.stop.is_none() {
            self.history.stop = None;
        }
        if let Some(Checkpoints { path, every, .. }) = &self.checkpoints {
            every.map_or(Ok(()), SaveEvery::check)?;
            // A process that was killed while it wrote this checkpoint left half of one beside it. And a place that cannot be written to is said before hours of
            // training, not after them.
            remove_unfinished(path)
                .and_then(|()| check_writable(path))
                .map_err(|source| TrainingError::cannot_write(path, source))?;
        }
        let begin = TrainBegin {
            first_epoch: self.epoch,
            first_batch: self.batch,
            epochs: self.options.epochs,
            batches: data.training.len().div_ceil(self.options.batch_size),
            validation: data.validation.is_some() || data.validate.is_some(),
        };
        self.each(&mut session, |callback, control| callback.train_begin(&begin, control))?;
        // A reason that came with a checkpoint stands in its history already.
        if let (Some(reason), None) = (&session.stop, &self.history.stop) {
            self.history.stop = Some(Stop {
                epoch: self.epoch,
                batch: self.batch.saturating_sub(1),
                reason: reason.clone(),
            });
        }
        while self.epoch < self.options.epochs && session.stop.is_none() {
            self.epoch(&mut session)?;
        }
        self.save(&mut session)?;
        session.writer.finish()?;
        self.each(&mut session, |callback, control| callback.train_end(control))?;
        Ok(&self.history)
    }

    fn epoch(&mut self, session: &mut Session<'_, '_>) -> Result<(), TrainingError> {
        let (epoch, epochs) = (self.epoch, self.options.epochs);
        if self.batch == 0 {
            session.network.reset_state();
            let begin = EpochBegin { epoch, epochs };
            self.each(session, |callback, control| callback.epoch_begin(&begin, control))?;
        }
        let mut shuffle = self.shuffle.clone();
        let order = shuffle.order(session.data.training.len());
        let all = batches(&order, self.options.batch_size, Remainder::Keep);
        let count = all.len();
        for indices in all.skip(self.batch) {
            if session.stop.is_some() {
                break;
            }
            self.batch(session, indices, count)?;
        }
        let last_batch = self.batch.saturating_sub(1);
        // An interrupted epoch is not over: it goes on where it was. One that was stopped for another reason ends, as in
        // Keras, with what it has measured.
        let interrupted = session.stop == Some(StopReason::Interrupted) && self.batch < count;
        if !interrupted && self.batch > 0 {
            self.shuffle = shuffle;
            self.end_epoch(session)?;
        }
        if let Some(reason) = session.stop.clone() {
            self.history.stop = Some(Stop {
                epoch,
                batch: last_batch,
                reason,
            });
        }
        let due = match self.save_every() {
            Some(SaveEvery::Epochs(every)) => self.epoch.is_multiple_of(every),
            // The epoch's last batch was due, and its end has been measured.
            Some(SaveEvery::Batches(_)) => self.batches_are_due(),
            None => false,
        };
        // What stops a training is saved when it ends.
        if due && session.stop.is_none() {
            self.save(session)?;
        }
        Ok(())
    }

    fn save_every(&self) -> Option<SaveEvery> {
        self.checkpoints.as_ref()?.every
    }

    /// Whether a checkpoint is due after the batch just done.
    fn batches_are_due(&self) -> bool {
        match self.save_every() {
            Some(SaveEvery::Batches(every)) => self.optimizer.steps().is_multiple_of(every as u64),
            _ => false,
        }
    }

    fn batch(&mut self, session: &mut Session<'_, '_>, indices: &[usize], batches: usize) -> Result<(), TrainingError> {
        let (epoch, batch) = (self.epoch, self.batch);
        let begin = BatchBegin { epoch, batch, batches };
        self.each(session, |callback, control| callback.batch_begin(&begin, control))?;
        let loss = self.step(session, indices)?;
        self.batch += 1;
        let running = self.running.measures(session.network.outputs());
        let end = BatchEnd {
            epoch,
            epochs: self.options.epochs,
            batch,
            batches,
            loss,
            running,
        };
        self.each(session, |callback, control| callback.batch_end(&end, control))?;
        // The last batch of an epoch is saved with the epoch's end: what lies between the two is not saved.
        if self.batches_are_due() && session.stop.is_none() && self.batch < batches {
            self.save(session)?;
        }
        Ok(())
    }

    fn end_epoch(&mut self, session: &mut Session<'_, '_>) -> Result<(), TrainingError> {
        let (loss, batch_size) = (self.options.loss, self.options.batch_size);
        let validation = session.data.validation;
        let validation = validation
            .map(|samples| match session.network.is_stateful() {
                true => evaluate_carrying(session.network, samples, loss, batch_size),
                false => evaluate(session.network, samples, loss),
            })
            .transpose()?;
        let validation = match session.data.validate {
            Some(validate) => validate(session.network)?,
            None => validation,
        };
        let record = EpochRecord {
            epoch: self.epoch,
            learning_rate: self.optimizer.learning_rate(),
            training: self.running.measures(session.network.outputs()),
            validation,
        };
        self.history.epochs.push(record);
        self.epoch += 1;
        self.batch = 0;
        self.running = Running::default();
        let end = EpochEnd {
            record,
            epochs: self.options.epochs,
        };
        self.each(session, |callback, control| callback.epoch_end(&end, control))
    }

    /// Begins to write a checkpoint, if there is a place for it.
    fn save(&self, session: &mut Session<'_, '_>) -> Result<(), TrainingError> {
        let Session {
            network,
            identity,
            callbacks,
            stop,
            writer,
            ..
        } = session;
        let (Some(checkpoints), Some(identity)) = (&self.checkpoints, identity) else {
            return Ok(());
        };
        let bytes = self.checkpoint(&checkpoints.code, identity, *network, callbacks, stop.as_ref())?;
        writer.write(checkpoints.path.clone(), bytes)
    }

    /// One step on the windows `indices`; gives their mean loss before it.
    fn step(&mut self, session: &mut Session<'_, '_>, indices: &[usize]) -> Result<f64, TrainingError> {
        let Session {
            network, data, room, ..
        } = session;
        let samples = data.training;
        room.inputs
            .resize(indices.len() * samples.steps() * samples.columns(), 0.0);
        room.targets.resize(indices.len() * samples.outputs(), 0.0);
        room.gradients.resize(network.parameter_count(), 0.0);
        samples.gather(indices, &mut room.inputs, &mut room.targets);
        room.weights.clear();
        if !data.sample_weights.is_empty() {
            room.weights
                .extend(indices.iter().map(|&index| data.sample_weights[index]));
        }
        let (targets, weights, objective) = (&room.targets, &room.weights, self.options.loss);
        let mut errors = 0.0;
        let mut measure = |forecasts: &[f32], gradient: &mut [f32]| {
            errors = absolute_errors(forecasts, targets);
            objective.weighted_mean(forecasts, targets, weights, gradient)
        };
        network.begin_step(self.options.seed, self.optimizer.steps());
        let loss = network.gradients(&room.inputs, samples.steps(), &mut measure, &mut room.gradients)?;
        self.running.add(loss, errors, indices.len());
        self.optimizer.step(*network, &room.gradients);
        Ok(loss)
    }

    /// Calls `event` on every callback in order.
    fn each(
        &mut self,
        session: &mut Session<'_, '_>,
        mut event: impl FnMut(&mut dyn Callback, &mut Control<'_>) -> Result<(), TrainingError>,
    ) -> Result<(), TrainingError> {
        let mut learning_rate = self.optimizer.learning_rate();
        let mut control = Control {
            network: &mut *session.network,
            learning_rate: &mut learning_rate,
            stop: &mut session.stop,
            history: &self.history,
        };
        let outcome = session
            .callbacks
            .iter_mut()
            .try_for_each(|callback| event(&mut **callback, &mut control));
        self.optimizer.set_learning_rate(learning_rate);
        outcome
    }
}

/// Trains `network` on `data` from its first epoch to its last, or until a callback stops it.
///
/// # Errors
/// If an option is outside its range, the data does not fit the network, or a callback fails.
pub fn fit(
    network: &mut dyn Network,
    data: FitData<'_>,
    options: &FitOptions,
    callbacks: &mut [&mut dyn Callback],
) -> Result<History, TrainingError> {
    let mut trainer = Trainer::new(options.clone(), network)?;
    trainer.fit(network, data, callbacks)?;
    Ok(trainer.into_history())
}
