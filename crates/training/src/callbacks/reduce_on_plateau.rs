//! Lowers the learning rate when a metric does not improve any more.

use serde::{Deserialize, Serialize};

use super::state::CallbackState;
use crate::callback::{Callback, Control, EpochEnd, TrainBegin};
use crate::error::TrainingError;
use crate::monitor::{Mode, Monitor};

/// The options of [`ReduceLrOnPlateau`], with Keras' names and defaults.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReduceLrOnPlateauOptions {
    /// The metric to watch.
    pub monitor: Monitor,
    /// What the rate is multiplied by, below 1.
    pub factor: f64,
    /// Epochs without an improvement after which the rate is lowered.
    pub patience: usize,
    /// Whether less or more is better.
    pub mode: Mode,
    /// How much better is an improvement.
    pub min_delta: f64,
    /// Epochs after a lowering that do not count.
    pub cooldown: usize,
    /// The rate is never lowered below this.
    pub min_lr: f64,
}

impl Default for ReduceLrOnPlateauOptions {
    /// Keras': the validation loss, a tenth after 10 epochs, improvements of more than 1e-4, no cooldown, no least rate.
    fn default() -> Self {
        Self {
            monitor: Monitor::ValLoss,
            factor: 0.1,
            patience: 10,
            mode: Mode::Min,
            min_delta: 1e-4,
            cooldown: 0,
            min_lr: 0.0,
        }
    }
}

/// Lowers the learning rate when a metric has not improved for some epochs (Keras' `ReduceLROnPlateau`).
///
/// ```
/// use recurra_training::{Monitor, ReduceLrOnPlateau, ReduceLrOnPlateauOptions};
/// let reduce = ReduceLrOnPlateau::new(ReduceLrOnPlateauOptions {
///     monitor: Monitor::Loss,
///     factor: 0.5,
///     ..ReduceLrOnPlateauOptions::default()
/// });
/// ```
#[derive(Debug, Clone)]
pub struct ReduceLrOnPlateau {
    options: ReduceLrOnPlateauOptions,
    best: Option<f64>,
    wait: usize,
    cooldown: usize,
}

impl ReduceLrOnPlateau {
    /// Lowers the rate by `options`.
    #[must_use]
    pub fn new(options: ReduceLrOnPlateauOptions) -> Self {
        Self {
            options,
            best: None,
            wait: 0,
            cooldown: 0,
        }
    }
}

impl Callback for ReduceLrOnPlateau {
    fn name(&self) -> &'static str {
        "reduce_lr_on_plateau"
    }

    fn train_begin(&mut self, event: &TrainBegin, _: &mut Control<'_>) -> Result<(), TrainingError> {
        self.options.monitor.check(self.name(), event)?;
        if !(0.0..1.0).contains(&self.options.factor) {
            let (option, value) = ("factor", self.options.factor.to_string());
            return Err(TrainingError::Option {
                option,
                value,
                must_be: "at least 0 and below 1",
            });
        }
        if event.first_epoch == 0 {
            *self = Self::new(self.options);
        }
        Ok(())
    }

    fn epoch_end(&mut self, event: &EpochEnd, control: &mut Control<'_>) -> Result<(), TrainingError> {
        let options = self.options;
        let Some(value) = options.monitor.of(&event.record) else {
            return Ok(());
        };
        if self.cooldown > 0 {
            self.cooldown -= 1;
        }
        if options.mode.improves(value, options.min_delta, self.best) {
            self.best = Some(value);
            self.wait = 0;
        } else if self.cooldown == 0 {
            self.wait = self.wait.saturating_add(1);
            let rate = control.learning_rate();
            if self.wait >= options.patience && rate > options.min_lr {
                control.set_learning_rate((rate * options.factor).max(options.min_lr));
                self.cooldown = options.cooldown;
                self.wait = 0;
            }
        }
        Ok(())
    }

    fn state(&self) -> Result<CallbackState, TrainingError> {
        let values = (self.best.map(f64::to_bits), self.wait, self.cooldown);
        CallbackState::new(self.name(), &values)
    }

    fn restore(&mut self, state: CallbackState) -> Result<(), TrainingError> {
        let best: Option<u64>;
        (best, self.wait, self.cooldown) = state.read(self.name())?;
        self.best = best.map(f64::from_bits);
        Ok(())
    }
}
