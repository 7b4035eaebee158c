//! Stops when a metric does not improve any more.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::state::CallbackState;
use crate::callback::{Callback, Control, EpochEnd, TrainBegin};
use crate::checkpoint::difference;
use crate::error::TrainingError;
use crate::history::StopReason;
use crate::monitor::{Mode, Monitor};
use crate::weights::Weights;

/// The options of [`EarlyStopping`], with Keras' names and defaults.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EarlyStoppingOptions {
    /// The metric to watch.
    pub monitor: Monitor,
    /// How much better is an improvement.
    pub min_delta: f64,
    /// Epochs without an improvement after which training stops.
    pub patience: usize,
    /// Whether less or more is better.
    pub mode: Mode,
    /// A value that an improvement must be better than to count against the patience.
    pub baseline: Option<f64>,
    /// Whether the network gets the weights of its best epoch back when training ends.
    pub restore_best_weights: bool,
    /// The first epoch, from 0, that is looked at.
    pub start_from_epoch: usize,
}

impl Default for EarlyStoppingOptions {
    /// Keras': the validation loss, any improvement, no patience, weights stay as they are.
    fn default() -> Self {
        Self {
            monitor: Monitor::ValLoss,
            min_delta: 0.0,
            patience: 0,
            mode: Mode::Min,
            baseline: None,
            restore_best_weights: false,
            start_from_epoch: 0,
        }
    }
}

/// Stops the training when a metric has not improved for some epochs (Keras' `EarlyStopping`).
///
/// As in Keras: the first epoch never stops; an improvement that does not reach the baseline becomes the best but does not
/// reset the patience; the best weights come back at the end of training, however it ended. A checkpoint is taken up with the
/// options that it was written with alone.
///
/// ```
/// use recurra_training::{EarlyStopping, EarlyStoppingOptions, Monitor};
/// let stopping = EarlyStopping::new(EarlyStoppingOptions {
///     monitor: Monitor::ValMae,
///     patience: 10,
///     restore_best_weights: true,
///     ..EarlyStoppingOptions::default()
/// });
/// ```
#[derive(Debug, Clone)]
pub struct EarlyStopping {
    options: EarlyStoppingOptions,
    wait: usize,
    best: Option<f64>,
    best_epoch: usize,
    best_weights: Option<Weights>,
}

impl EarlyStopping {
    /// Early stopping by `options`.
    #[must_use]
    pub fn new(options: EarlyStoppingOptions) -> Self {
        Self {
            options,
            wait: 0,
            best: None,
            best_epoch: 0,
            best_weights: None,
        }
    }

    /// The best epoch so far, from 0, and its value.
    #[must_use]
    pub fn best(&self) -> Option<(usize, f64)> {
        self.best.map(|value| (self.best_epoch, value))
    }
}

impl Callback for EarlyStopping {
    fn name(&self) -> &'static str {
        "early_stopping"
    }

    fn train_begin(&mut self, event: &TrainBegin, control: &mut Control<'_>) -> Result<(), TrainingError> {
        self.options.monitor.check(self.name(), event)?;
        if event.first_epoch == 0 {
            *self = Self::new(self.options);
        }
        match &self.best_weights {
            None => Ok(()),
            Some(weights) => weights.check_fits(self.name(), control.network()),
        }
    }

    fn epoch_end(&mut self, event: &EpochEnd, control: &mut Control<'_>) -> Result<(), TrainingError> {
        let options = self.options;
        let epoch = event.record.epoch;
        let Some(value) = options
            .monitor
            .of(&event.record)
            .filter(|_| epoch >= options.start_from_epoch)
        else {
            return Ok(());
        };
        if options.restore_best_weights && self.best_weights.is_none() {
            self.best_weights = Some(Weights::of(control.network()));
            self.best_epoch = epoch;
        }
        self.wait = self.wait.saturating_add(1);
        if options.mode.improves(value, options.min_delta, self.best) {
            self.best = Some(value);
            self.best_epoch = epoch;
            if let Some(weights) = &mut self.best_weights {
                weights.take_from(control.network());
            }
            if options.baseline.is_none() || options.mode.improves(value, options.min_delta, options.baseline) {
                self.wait = 0;
            }
        } else if self.wait >= options.patience && epoch > 0 {
            let best = self.best.unwrap_or(f64::NAN);
            let (monitor, best_epoch, wait) = (options.monitor, self.best_epoch.saturating_add(1), self.wait);
            control.stop(StopReason::Requested {
                by: self.name().to_owned(),
                why: format!("{monitor} has not improved on {best:.6} of epoch {best_epoch} for {wait} epochs"),
            });
        }
        Ok(())
    }

    fn train_end(&mut self, control: &mut Control<'_>) -> Result<(), TrainingError> {
        // An interrupted training goes on from the weights it has.
        if control.stopped() != Some(&StopReason::Interrupted)
            && let Some(weights) = &self.best_weights
        {
            weights.give_to(control.network_mut());
        }
        Ok(())
    }

    fn state(&self) -> Result<CallbackState, TrainingError> {
        let values = (self.wait, self.best.map(f64::to_bits), self.best_epoch, self.options);
        let mut state = CallbackState::new(self.name(), &values)?;
        if let Some(weights) = &self.best_weights {
            state
                .tensors
                .insert("best_weights".to_owned(), weights.values().to_vec());
        }
        Ok(state)
    }

    fn restore(&mut self, state: CallbackState) -> Result<(), TrainingError> {
        let (best, written): (Option<u64>, Value);
        (self.wait, best, self.best_epoch, written) = state.read(self.name())?;
        // A training that has stopped by one patience would pass for one of another.
        let here = CallbackState::new(self.name(), &self.options)?.values;
        if let Some((option, checkpoint, here)) = difference(&written, &here) {
            return Err(TrainingError::CallbackOptions {
                callback: self.name().to_owned(),
                option,
                checkpoint,
                here,
            });
        }
        self.best = best.map(f64::from_bits);
        self.best_weights = state
            .tensors
            .get("best_weights")
            .map(|values| Weights::from_values(values.clone()));
        Ok(())
    }
}
