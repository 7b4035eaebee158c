//! Stops a training that diverged.

use crate::callback::{BatchEnd, Callback, Control};
use crate::error::TrainingError;
use crate::history::StopReason;

/// Stops the training after a batch whose loss is not a finite number (Keras' `TerminateOnNaN`). That is no error: the
/// history ends with the epoch in which it happened, and says so.
#[derive(Debug, Clone, Copy, Default)]
pub struct TerminateOnNan;

impl Callback for TerminateOnNan {
    fn name(&self) -> &'static str {
        "terminate_on_nan"
    }

    fn batch_end(&mut self, event: &BatchEnd, control: &mut Control<'_>) -> Result<(), TrainingError> {
        if !event.loss.is_finite() {
            control.stop(StopReason::Diverged);
        }
        Ok(())
    }
}
