//! Averaged weights.

use serde::{Deserialize, Serialize};

use super::state::CallbackState;
use crate::callback::{BatchEnd, Callback, Control, TrainBegin};
use crate::error::TrainingError;
use crate::history::StopReason;
use crate::weights::Weights;

/// The options of [`Ema`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EmaOptions {
    /// How much of the average is kept at every step, from 0 to 1.
    pub momentum: f64,
}

impl Default for EmaOptions {
    /// Keras' momentum of 0.99.
    fn default() -> Self {
        Self { momentum: 0.99 }
    }
}

/// Keeps an exponential moving average of the weights and gives it to the network when training ends (what Keras does with
/// `use_ema`). As in Keras, the average begins as the weights after the first step; after every further step it becomes
/// `a ← m·a + (1 − m)·w`, in f32.
///
/// ```
/// use recurra_training::{Ema, EmaOptions};
/// let averaged = Ema::new(EmaOptions { momentum: 0.999 });
/// ```
#[derive(Debug, Clone)]
pub struct Ema {
    options: EmaOptions,
    average: Weights,
    current: Weights,
}

impl Ema {
    /// Averages by `options`.
    #[must_use]
    pub fn new(options: EmaOptions) -> Self {
        Self {
            options,
            average: Weights::default(),
            current: Weights::default(),
        }
    }

    /// The average so far, in the network's order.
    #[must_use]
    pub fn average(&self) -> &[f32] {
        self.average.values()
    }
}

impl Callback for Ema {
    fn name(&self) -> &'static str {
        "ema"
    }

    fn train_begin(&mut self, event: &TrainBegin, control: &mut Control<'_>) -> Result<(), TrainingError> {
        if !(0.0..=1.0).contains(&self.options.momentum) {
            let (option, value) = ("momentum", self.options.momentum.to_string());
            return Err(TrainingError::Option {
                option,
                value,
                must_be: "between 0 and 1",
            });
        }
        if (event.first_epoch, event.first_batch) == (0, 0) {
            self.average = Weights::default();
        }
        // Before the first step there is no average.
        match self.average.values() {
            [] => Ok(()),
            _ => self.average.check_fits(self.name(), control.network()),
        }
    }

    fn batch_end(&mut self, _: &BatchEnd, control: &mut Control<'_>) -> Result<(), TrainingError> {
        if self.average.values().is_empty() {
            self.average.take_from(control.network());
            return Ok(());
        }
        self.current.take_from(control.network());
        #[expect(clippy::cast_possible_truncation, reason = "weights are f32")]
        let keep = self.options.momentum as f32;
        let take = 1.0 - keep;
        for (average, current) in self.average.values_mut().iter_mut().zip(self.current.values()) {
            *average = keep * *average + take * current;
        }
        Ok(())
    }

    fn train_end(&mut self, control: &mut Control<'_>) -> Result<(), TrainingError> {
        // Without a step there is no average.
        if control.stopped() != Some(&StopReason::Interrupted) && !self.average.values().is_empty() {
            self.average.give_to(control.network_mut());
        }
        Ok(())
    }

    fn state(&self) -> Result<CallbackState, TrainingError> {
        let mut state = CallbackState::default();
        if !self.average.values().is_empty() {
            let average = self.average.values().to_vec();
            state.tensors.insert("average".to_owned(), average);
        }
        Ok(state)
    }

    fn restore(&mut self, mut state: CallbackState) -> Result<(), TrainingError> {
        self.average = Weights::from_values(state.tensors.remove("average").unwrap_or_default());
        Ok(())
    }
}
