//! Ends a training from outside.

use std::fmt;

use crate::callback::{BatchEnd, Callback, Control};
use crate::error::TrainingError;
use crate::history::StopReason;

/// Stops the training after the batch in which it is asked to: when Ctrl-C was pressed, a time is over, or another thread wants
/// it. With checkpoints the training can go on from there.
///
/// ```
/// use std::sync::atomic::{AtomicBool, Ordering};
/// use recurra_training::Interruption;
///
/// static PRESSED: AtomicBool = AtomicBool::new(false);
/// // In the handler of Ctrl-C: PRESSED.store(true, Ordering::Relaxed);
/// let interruption = Interruption::new(|| PRESSED.load(Ordering::Relaxed));
/// ```
pub struct Interruption<'a> {
    asked: Box<dyn FnMut() -> bool + 'a>,
}

impl<'a> Interruption<'a> {
    /// Asks `asked` after every batch, and stops once it says so.
    #[must_use]
    pub fn new(asked: impl FnMut() -> bool + 'a) -> Self {
        Self { asked: Box::new(asked) }
    }
}

impl fmt::Debug for Interruption<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Interruption").finish_non_exhaustive()
    }
}

impl Callback for Interruption<'_> {
    fn name(&self) -> &'static str {
        "interruption"
    }

    fn batch_end(&mut self, _: &BatchEnd, control: &mut Control<'_>) -> Result<(), TrainingError> {
        if (self.asked)() {
            control.stop(StopReason::Interrupted);
        }
        Ok(())
    }
}
