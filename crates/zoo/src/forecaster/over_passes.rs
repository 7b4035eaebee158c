//! Early stopping where an epoch has several passes.

use recurra_training::{Callback, CallbackState, Control, EarlyStopping, EpochEnd, TrainBegin, TrainingError};

/// Early stopping that has its last word on the weights when the whole training is over, not after every pass of it.
pub(super) struct OverPasses {
    pub(super) early_stop: EarlyStopping,
    /// The passes of the whole training.
    pub(super) passes: usize,
}

impl Callback for OverPasses {
    fn name(&self) -> &'static str {
        self.early_stop.name()
    }

    fn train_begin(&mut self, event: &TrainBegin, control: &mut Control<'_>) -> Result<(), TrainingError> {
        self.early_stop.train_begin(event, control)
    }

    /// Passes without a validation say nothing.
    fn epoch_end(&mut self, event: &EpochEnd, control: &mut Control<'_>) -> Result<(), TrainingError> {
        self.early_stop.epoch_end(event, control)
    }

    fn train_end(&mut self, control: &mut Control<'_>) -> Result<(), TrainingError> {
        match control.stopped().is_some() || control.history().epochs.len() >= self.passes {
            true => self.early_stop.train_end(control),
            false => Ok(()),
        }
    }

    fn state(&self) -> Result<CallbackState, TrainingError> {
        self.early_stop.state()
    }

    fn restore(&mut self, state: CallbackState) -> Result<(), TrainingError> {
        self.early_stop.restore(state)
    }
}
