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

/// Keeps an exponential moving average of the weights, `a ← m·a + (1 − m)·w` after every step from the initial weights on,
/// and gives it to the network when training ends (what Keras does with `use_ema`).
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

    fn train_begin(&mut self, _: &TrainBegin, control: &mut Control<'_>) -> Result<(), TrainingError> {
        if !(0.0..=1.0).contains(&self.options.momentum) {
            let (option, value) = ("momentum", self.options.momentum.to_string());
            return Err(TrainingError::Option {
                option,
                value,
                must_be: "between 0 and 1",
            });
        }
        if self.average.values().is_empty() {
            self.average.take_from(control.network());
        }
        Ok(())
    }

    fn batch_end(&mut self, _: &BatchEnd, control: &mut Control<'_>) -> Result<(), TrainingError> {
        self.current.take_from(control.network());
        #[expect(clippy::cast_possible_truncation, reason = "weights are f32")]
        let (keep, take) = (self.options.momentum as f32, (1.0 - self.options.momentum) as f32);
        for (average, current) in self.average.values_mut().iter_mut().zip(self.current.values()) {
            *average = keep * *average + take * current;
        }
        Ok(())
    }

    fn train_end(&mut self, control: &mut Control<'_>) -> Result<(), TrainingError> {
        if control.stopped() != Some(&StopReason::Interrupted) {
            self.average.give_to(control.network_mut());
        }
        Ok(())
    }

    fn state(&self) -> CallbackState {
        let mut state = CallbackState::default();
        state
            .tensors
            .insert("average".to_owned(), self.average.values().to_vec());
        state
    }

    fn restore(&mut self, mut state: CallbackState) -> Result<(), TrainingError> {
        self.average = Weights::from_values(state.tensors.remove("average").unwrap_or_default());
        Ok(())
    }
}
