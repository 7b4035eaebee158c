//! The learning rate as a function of the epoch.

use crate::callback::{Callback, Control, EpochBegin, TrainBegin};
use crate::error::TrainingError;
use crate::schedule::Schedule;

/// Sets the learning rate at the beginning of every epoch (Keras' `LearningRateScheduler`).
///
/// ```
/// use recurra_training::{LearningRateScheduler, Schedule};
/// // 1e-8, ten times that after 20 epochs, a hundred times after 40, …
/// let sweep = LearningRateScheduler::exponential(1e-8, 20.0);
/// // A schedule that is data.
/// let cosine = LearningRateScheduler::of(Schedule::Cosine { initial: 1e-3, epochs: 100, alpha: 0.0 });
/// // Any function of the epoch (from 0) and the current rate.
/// let halved = LearningRateScheduler::new(|_epoch, rate| rate * 0.5);
/// ```
pub struct LearningRateScheduler<'a> {
    schedule: Box<dyn FnMut(usize, f64) -> f64 + 'a>,
    /// The schedule as data, if it is data, to be checked before training.
    options: Option<Schedule>,
}

impl<'a> LearningRateScheduler<'a> {
    /// The rate that `schedule` gives for the epoch (from 0) and the current rate. On the training path, so that it gives
    /// the same bits everywhere, it should use `libm`'s functions, not std's.
    pub fn new(schedule: impl FnMut(usize, f64) -> f64 + 'a) -> Self {
        Self {
            schedule: Box::new(schedule),
            options: None,
        }
    }

    /// The rates of `schedule`. A training does not begin with one that [`Schedule::check`] refuses.
    #[must_use]
    pub fn of(schedule: Schedule) -> Self {
        let options = Some(schedule.clone());
        Self {
            options,
            ..Self::new(move |epoch, _| schedule.rate(epoch))
        }
    }

    /// `initial · 10^(epoch / epochs_per_decade)`.
    #[must_use]
    pub fn exponential(initial: f64, epochs_per_decade: f64) -> Self {
        Self::of(Schedule::Exponential {
            initial,
            decay_rate: 10.0,
            decay_epochs: epochs_per_decade,
        })
    }
}

impl Callback for LearningRateScheduler<'_> {
    fn name(&self) -> &'static str {
        "learning_rate_scheduler"
    }

    fn train_begin(&mut self, _: &TrainBegin, _: &mut Control<'_>) -> Result<(), TrainingError> {
        self.options.as_ref().map_or(Ok(()), Schedule::check)
    }

    fn epoch_begin(&mut self, event: &EpochBegin, control: &mut Control<'_>) -> Result<(), TrainingError> {
        let rate = (self.schedule)(event.epoch, control.learning_rate());
        control.set_learning_rate(rate);
        Ok(())
    }
}
