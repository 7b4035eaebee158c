//! Reports how far a training is.

use crate::callback::{BatchEnd, Callback, Control};
use crate::error::TrainingError;

/// Calls a closure after every batch; whoever has a terminal draws with it.
///
/// ```
/// use recurra_training::Progress;
/// let bar = Progress::new(|at| println!("epoch {}/{}: loss {:.4}", at.epoch + 1, at.epochs, at.running.loss));
/// ```
pub struct Progress<'a> {
    report: Box<dyn FnMut(&BatchEnd) + 'a>,
}

impl<'a> Progress<'a> {
    /// Calls `report` after every batch.
    pub fn new(report: impl FnMut(&BatchEnd) + 'a) -> Self {
        Self {
            report: Box::new(report),
        }
    }
}

impl Callback for Progress<'_> {
    fn name(&self) -> &'static str {
        "progress"
    }

    fn batch_end(&mut self, event: &BatchEnd, _: &mut Control<'_>) -> Result<(), TrainingError> {
        (self.report)(event);
        Ok(())
    }
}
