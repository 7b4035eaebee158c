//! Reports how far a training is.

use crate::callback::{BatchEnd, Callback, Control, TrainBegin};
use crate::error::TrainingError;
use crate::history::Measures;

/// How far a training is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Position {
    /// The epoch, from 0.
    pub epoch: usize,
    /// The epochs in all.
    pub epochs: usize,
    /// The batches of the epoch that are done.
    pub batch: usize,
    /// Batches of an epoch.
    pub batches: usize,
    /// The means of the epoch so far.
    pub running: Measures,
}

/// Calls a closure after every batch; whoever has a terminal draws with it.
///
/// ```
/// use recurra_training::Progress;
/// let bar = Progress::new(|at| println!("epoch {}/{}: loss {:.4}", at.epoch + 1, at.epochs, at.running.loss));
/// ```
pub struct Progress<'a> {
    report: Box<dyn FnMut(Position) + 'a>,
    epochs: usize,
}

impl<'a> Progress<'a> {
    /// Calls `report` after every batch.
    pub fn new(report: impl FnMut(Position) + 'a) -> Self {
        Self {
            report: Box::new(report),
            epochs: 0,
        }
    }
}

impl Callback for Progress<'_> {
    fn name(&self) -> &'static str {
        "progress"
    }

    fn train_begin(&mut self, event: &TrainBegin, _: &mut Control<'_>) -> Result<(), TrainingError> {
        self.epochs = event.epochs;
        Ok(())
    }

    fn batch_end(&mut self, event: &BatchEnd, _: &mut Control<'_>) -> Result<(), TrainingError> {
        (self.report)(Position {
            epoch: event.epoch,
            epochs: self.epochs,
            batch: event.batch + 1,
            batches: event.batches,
            running: event.running,
        });
        Ok(())
    }
}
