//! Ends a training from outside.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::callback::{BatchEnd, Callback, Control};
use crate::error::TrainingError;
use crate::history::StopReason;

/// Stops the training after the batch in which a flag is raised, by a handler of Ctrl-C for example. With checkpoints the
/// training can go on from there.
///
/// ```
/// use std::sync::Arc;
/// use std::sync::atomic::{AtomicBool, Ordering};
/// use recurra_training::Interruption;
///
/// let flag = Arc::new(AtomicBool::new(false));
/// let interruption = Interruption::new(Arc::clone(&flag));
/// // In the handler: flag.store(true, Ordering::Relaxed);
/// ```
#[derive(Debug, Clone)]
pub struct Interruption {
    flag: Arc<AtomicBool>,
}

impl Interruption {
    /// Watches `flag`.
    #[must_use]
    pub fn new(flag: Arc<AtomicBool>) -> Self {
        Self { flag }
    }
}

impl Callback for Interruption {
    fn name(&self) -> &'static str {
        "interruption"
    }

    fn batch_end(&mut self, _: &BatchEnd, control: &mut Control<'_>) -> Result<(), TrainingError> {
        if self.flag.load(Ordering::Relaxed) {
            control.stop(StopReason::Interrupted);
        }
        Ok(())
    }
}
