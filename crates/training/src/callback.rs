//! The events of a training, and what a callback may do at each.

use recurra_models::Network;

use crate::callbacks::CallbackState;
use crate::error::TrainingError;
use crate::history::{EpochRecord, History, Measures, StopReason};

/// Training is about to begin, or to go on.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct TrainBegin {
    /// The first epoch that will run, from 0.
    pub first_epoch: usize,
    /// The first batch of that epoch that will run, from 0. Not 0 if the training was interrupted within the epoch.
    pub first_batch: usize,
    /// The epochs in all.
    pub epochs: usize,
    /// Batches of an epoch.
    pub batches: usize,
    /// Whether validation windows were given, so that [`EpochRecord::validation`] will be there.
    pub validation: bool,
}

/// An epoch is about to begin.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct EpochBegin {
    /// The epoch, from 0.
    pub epoch: usize,
    /// The epochs in all.
    pub epochs: usize,
}

/// A batch is about to begin.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct BatchBegin {
    /// The epoch, from 0.
    pub epoch: usize,
    /// The batch, from 0.
    pub batch: usize,
    /// Batches of an epoch.
    pub batches: usize,
}

/// A batch's step is done.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct BatchEnd {
    /// The epoch, from 0.
    pub epoch: usize,
    /// The epochs in all.
    pub epochs: usize,
    /// The batch, from 0.
    pub batch: usize,
    /// Batches of an epoch.
    pub batches: usize,
    /// The batch's own loss, before its step.
    pub loss: f64,
    /// The running means of the epoch so far.
    pub running: Measures,
}

/// An epoch's last step is done, and its record made.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct EpochEnd {
    /// What was measured.
    pub record: EpochRecord,
    /// The epochs in all.
    pub epochs: usize,
}

/// What a callback may look at and change.
pub struct Control<'a> {
    pub(crate) network: &'a mut dyn Network,
    pub(crate) learning_rate: &'a mut f64,
    pub(crate) stop: &'a mut Option<StopReason>,
    pub(crate) history: &'a History,
}

impl Control<'_> {
    /// The network, as it stands now.
    #[must_use]
    pub fn network(&self) -> &dyn Network {
        self.network
    }

    /// The network, to change its parameters.
    pub fn network_mut(&mut self) -> &mut dyn Network {
        self.network
    }

    /// The learning rate of the next step.
    #[must_use]
    pub fn learning_rate(&self) -> f64 {
        *self.learning_rate
    }

    /// Sets the learning rate of the next steps.
    pub fn set_learning_rate(&mut self, rate: f64) {
        *self.learning_rate = rate;
    }

    /// The epochs that are done.
    #[must_use]
    pub fn history(&self) -> &History {
        self.history
    }

    /// Why the training is about to end, if it is.
    #[must_use]
    pub fn stopped(&self) -> Option<&StopReason> {
        self.stop.as_ref()
    }

    /// Ends the training after this event. The first reason given stays, except that any other takes the place of
    /// [`StopReason::Interrupted`]: a training that would have ended here by itself is over, whoever interrupted it too.
    pub fn stop(&mut self, reason: StopReason) {
        if matches!(self.stop, None | Some(StopReason::Interrupted)) {
            *self.stop = Some(reason);
        }
    }
}

/// Something that follows a training and may steer it.
///
/// At every event the callbacks are called in the order of the list that was given to the fit loop, each seeing what the
/// ones before it changed. An error ends the training and is returned.
pub trait Callback {
    /// The name, in snake case: how checkpoints and stop reasons call the callback.
    fn name(&self) -> &'static str {
        "callback"
    }

    /// Before the first epoch: the place to refuse what cannot work.
    ///
    /// # Errors
    /// Ends the training.
    fn train_begin(&mut self, event: &TrainBegin, control: &mut Control<'_>) -> Result<(), TrainingError> {
        let _ = (event, control);
        Ok(())
    }

    /// Before an epoch.
    ///
    /// # Errors
    /// Ends the training.
    fn epoch_begin(&mut self, event: &EpochBegin, control: &mut Control<'_>) -> Result<(), TrainingError> {
        let _ = (event, control);
        Ok(())
    }

    /// Before a batch.
    ///
    /// # Errors
    /// Ends the training.
    fn batch_begin(&mut self, event: &BatchBegin, control: &mut Control<'_>) -> Result<(), TrainingError> {
        let _ = (event, control);
        Ok(())
    }

    /// After a batch's step.
    ///
    /// # Errors
    /// Ends the training.
    fn batch_end(&mut self, event: &BatchEnd, control: &mut Control<'_>) -> Result<(), TrainingError> {
        let _ = (event, control);
        Ok(())
    }

    /// After an epoch. [`Control::history`] holds the epoch already.
    ///
    /// # Errors
    /// Ends the training.
    fn epoch_end(&mut self, event: &EpochEnd, control: &mut Control<'_>) -> Result<(), TrainingError> {
        let _ = (event, control);
        Ok(())
    }

    /// After the last epoch, or after a stop.
    ///
    /// # Errors
    /// Is returned by the fit loop.
    fn train_end(&mut self, control: &mut Control<'_>) -> Result<(), TrainingError> {
        let _ = control;
        Ok(())
    }

    /// What the callback remembers between events, for a checkpoint. Nothing, for most.
    ///
    /// # Errors
    /// If a checkpoint cannot hold it.
    fn state(&self) -> Result<CallbackState, TrainingError> {
        Ok(CallbackState::default())
    }

    /// Takes up a state that [`Callback::state`] gave. Called before [`Callback::train_begin`].
    ///
    /// # Errors
    /// If it is not such a state.
    fn restore(&mut self, state: CallbackState) -> Result<(), TrainingError> {
        let _ = state;
        Ok(())
    }
}
