//! The fit loop.

use recurra_models::{Generator, Network};
use recurra_series::{Samples, ShuffleBuffer, batches};

use crate::callback::{BatchBegin, BatchEnd, Callback, Control, EpochBegin, EpochEnd, TrainBegin};
use crate::error::TrainingError;
use crate::evaluate::{check_shapes, evaluate};
use crate::history::{EpochRecord, History, Measures, Stop, StopReason};
use crate::loss::absolute_errors;
use crate::optimizer::Optimizer;
use crate::options::FitOptions;

/// The windows that a training reads.
#[derive(Clone, Copy)]
pub struct FitData<'a> {
    training: &'a dyn Samples,
    validation: Option<&'a dyn Samples>,
}

impl<'a> FitData<'a> {
    /// Windows to train on.
    #[must_use]
    pub fn new(training: &'a dyn Samples) -> Self {
        Self {
            training,
            validation: None,
        }
    }

    /// Windows that are measured after every epoch besides.
    #[must_use]
    pub fn with_validation(mut self, validation: &'a dyn Samples) -> Self {
        self.validation = Some(validation);
        self
    }

    fn check(&self, network: &dyn Network) -> Result<(), TrainingError> {
        let sources = [("training", Some(self.training)), ("validation", self.validation)];
        for (which, samples) in sources {
            let Some(samples) = samples else { continue };
            if samples.is_empty() {
                return Err(TrainingError::NoSamples { which });
            }
            check_shapes(which, network, samples)?;
        }
        Ok(())
    }
}

/// Sums of an epoch that has begun.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Running {
    loss: f64,
    absolute_errors: f64,
    windows: usize,
}

impl Running {
    fn measures(&self, outputs: usize) -> Measures {
        #[expect(clippy::cast_precision_loss, reason = "windows are far below 2⁵³")]
        let (windows, values) = (self.windows as f64, (self.windows * outputs) as f64);
        Measures {
            loss: self.loss / windows,
            mae: self.absolute_errors / values,
        }
    }
}

/// Working memory of the loop, reused from batch to batch.
#[derive(Debug, Default)]
struct Room {
    inputs: Vec<f32>,
    targets: Vec<f32>,
    gradients: Vec<f32>,
}

/// A training: its options, and where it stands.
#[derive(Debug, Clone)]
pub struct Trainer {
    options: FitOptions,
    optimizer: Optimizer,
    /// The state from which the order of the current epoch is drawn.
    shuffle: ShuffleBuffer,
    history: History,
    epoch: usize,
    batch: usize,
    running: Running,
}

impl Trainer {
    /// A training of `network` before its first step.
    ///
    /// # Errors
    /// If an option is outside its range.
    pub fn new(options: FitOptions, network: &dyn Network) -> Result<Self, TrainingError> {
        options.check()?;
        let optimizer = Optimizer::new(options.optimizer, network.parameter_count());
        let mut generator = Generator::for_purpose(options.seed, "shuffling");
        let seed = u64::from(generator.next_u32()) << 32 | u64::from(generator.next_u32());
        let shuffle = ShuffleBuffer::new(options.shuffle_buffer.unwrap_or(usize::MAX), seed);
        let (history, running) = (History::default(), Running::default());
        Ok(Self {
            options,
            optimizer,
            shuffle,
            history,
            epoch: 0,
            batch: 0,
            running,
        })
    }

    /// The options.
    #[must_use]
    pub fn options(&self) -> &FitOptions {
        &self.options
    }

    /// What was measured so far.
    #[must_use]
    pub fn history(&self) -> &History {
        &self.history
    }

    /// The history, when training is over.
    #[must_use]
    pub fn into_history(self) -> History {
        self.history
    }

    /// The optimizer as it stands.
    #[must_use]
    pub fn optimizer(&self) -> &Optimizer {
        &self.optimizer
    }

    /// Sets the number of epochs in all, so that a further [`Trainer::fit`] goes on from where the training stands.
    pub fn set_epochs(&mut self, epochs: usize) {
        self.options.epochs = epochs;
    }

    /// Trains `network` until the last epoch is done or a callback stops it; called again, it goes on. The callbacks are
    /// called in the order of their list.
    ///
    /// # Errors
    /// If the data does not fit the network, or a callback fails. A loss that diverges is no error: see
    /// [`TerminateOnNan`](crate::TerminateOnNan).
    pub fn fit(
        &mut self,
        network: &mut dyn Network,
        data: FitData<'_>,
        callbacks: &mut [&mut dyn Callback],
    ) -> Result<&History, TrainingError> {
        data.check(network)?;
        let mut stop = None;
        self.history.stop = None;
        let begin = TrainBegin {
            first_epoch: self.epoch,
            epochs: self.options.epochs,
            batches: data.training.len().div_ceil(self.options.batch_size),
            validation: data.validation.is_some(),
        };
        self.each(network, &mut stop, callbacks, |callback, control| {
            callback.train_begin(&begin, control)
        })?;
        let mut room = Room::default();
        while self.epoch < self.options.epochs && stop.is_none() {
            self.epoch(network, data, callbacks, &mut stop, &mut room)?;
        }
        self.each(network, &mut stop, callbacks, |callback, control| {
            callback.train_end(control)
        })?;
        Ok(&self.history)
    }

    fn epoch(
        &mut self,
        network: &mut dyn Network,
        data: FitData<'_>,
        callbacks: &mut [&mut dyn Callback],
        stop: &mut Option<StopReason>,
        room: &mut Room,
    ) -> Result<(), TrainingError> {
        let (epoch, epochs) = (self.epoch, self.options.epochs);
        if self.batch == 0 {
            let begin = EpochBegin { epoch, epochs };
            self.each(network, stop, callbacks, |callback, control| {
                callback.epoch_begin(&begin, control)
            })?;
        }
        let mut shuffle = self.shuffle.clone();
        let order = shuffle.order(data.training.len());
        let all = batches(&order, self.options.batch_size, false);
        let count = all.len();
        for indices in all.skip(self.batch) {
            if stop.is_some() {
                break;
            }
            let batch = self.batch;
            let begin = BatchBegin {
                epoch,
                batch,
                batches: count,
            };
            self.each(network, stop, callbacks, |callback, control| {
                callback.batch_begin(&begin, control)
            })?;
            let loss = self.step(network, data.training, indices, room)?;
            self.batch += 1;
            let running = self.running.measures(network.outputs());
            let end = BatchEnd {
                epoch,
                batch,
                batches: count,
                loss,
                running,
            };
            self.each(network, stop, callbacks, |callback, control| {
                callback.batch_end(&end, control)
            })?;
        }
        let last_batch = self.batch.saturating_sub(1);
        // An interrupted epoch is not over: it goes on where it was. One that was stopped for another reason ends, as in
        // Keras, with what it has measured.
        let interrupted = *stop == Some(StopReason::Interrupted) && self.batch < count;
        if !interrupted && self.batch > 0 {
            let record = EpochRecord {
                epoch,
                learning_rate: self.optimizer.learning_rate(),
                training: self.running.measures(network.outputs()),
                validation: match data.validation {
                    Some(validation) => Some(evaluate(network, validation, self.options.loss)?),
                    None => None,
                },
            };
            self.history.epochs.push(record);
            self.shuffle = shuffle;
            self.epoch += 1;
            self.batch = 0;
            self.running = Running::default();
            let end = EpochEnd { record, epochs };
            self.each(network, stop, callbacks, |callback, control| {
                callback.epoch_end(&end, control)
            })?;
        }
        if let Some(reason) = stop.clone() {
            self.history.stop = Some(Stop {
                epoch,
                batch: last_batch,
                reason,
            });
        }
        Ok(())
    }

    /// One step on the windows `indices`; gives their mean loss before it.
    fn step(
        &mut self,
        network: &mut dyn Network,
        samples: &dyn Samples,
        indices: &[usize],
        room: &mut Room,
    ) -> Result<f64, TrainingError> {
        room.inputs
            .resize(indices.len() * samples.steps() * samples.columns(), 0.0);
        room.targets.resize(indices.len() * samples.outputs(), 0.0);
        room.gradients.resize(network.parameter_count(), 0.0);
        samples.gather(indices, &mut room.inputs, &mut room.targets);
        let (targets, objective) = (&room.targets, self.options.loss);
        let mut errors = 0.0;
        let mut measure = |forecasts: &[f32], gradient: &mut [f32]| {
            errors = absolute_errors(forecasts, targets);
            objective.mean(forecasts, targets, gradient)
        };
        let loss = network.gradients(&room.inputs, samples.steps(), &mut measure, &mut room.gradients)?;
        #[expect(clippy::cast_precision_loss, reason = "a batch is far below 2⁵³ windows")]
        let windows = indices.len() as f64;
        self.running.loss += loss * windows;
        self.running.absolute_errors += errors;
        self.running.windows += indices.len();
        self.optimizer.step(network, &room.gradients);
        Ok(loss)
    }

    /// Calls `event` on every callback in order.
    fn each(
        &mut self,
        network: &mut dyn Network,
        stop: &mut Option<StopReason>,
        callbacks: &mut [&mut dyn Callback],
        mut event: impl FnMut(&mut dyn Callback, &mut Control<'_>) -> Result<(), TrainingError>,
    ) -> Result<(), TrainingError> {
        let mut learning_rate = self.optimizer.learning_rate();
        let mut control = Control {
            network,
            learning_rate: &mut learning_rate,
            stop,
            history: &self.history,
        };
        let outcome = callbacks
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
