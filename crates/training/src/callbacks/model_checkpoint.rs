//! Saves the weights of the best epoch, or of every few epochs.

use std::path::PathBuf;

use recurra_models::{parameters, to_safetensors};
use recurra_series::write_beside;
use serde::{Deserialize, Serialize};

use super::state::CallbackState;
use crate::callback::{Callback, Control, EpochEnd, TrainBegin};
use crate::error::TrainingError;
use crate::monitor::{Mode, Monitor};

/// Which epochs' weights are saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Keep {
    /// Those of each epoch that is better than all before it; the file holds the best.
    Best {
        /// The metric that decides.
        monitor: Monitor,
        /// Whether less or more is better.
        mode: Mode,
    },
    /// Those after every so many epochs, at least 1.
    Every(usize),
}

/// Saves the network's weights as a safetensors file (Keras' `ModelCheckpoint`). `{epoch}` in the path becomes the number of
/// the epoch, from 1. For a file that training can go on from, see [`Checkpoints`](crate::Checkpoints).
///
/// ```
/// use recurra_training::{Keep, Monitor, Mode, ModelCheckpoint};
/// let best = ModelCheckpoint::new("best.safetensors", Keep::Best { monitor: Monitor::ValMae, mode: Mode::Min });
/// let every_tenth = ModelCheckpoint::new("epoch-{epoch}.safetensors", Keep::Every(10));
/// ```
#[derive(Debug, Clone)]
pub struct ModelCheckpoint {
    path: String,
    keep: Keep,
    best: Option<f64>,
}

impl ModelCheckpoint {
    /// Saves to `path` the epochs that `keep` names.
    #[must_use]
    pub fn new(path: impl Into<String>, keep: Keep) -> Self {
        Self {
            path: path.into(),
            keep,
            best: None,
        }
    }
}

impl Callback for ModelCheckpoint {
    fn name(&self) -> &'static str {
        "model_checkpoint"
    }

    fn train_begin(&mut self, event: &TrainBegin, _: &mut Control<'_>) -> Result<(), TrainingError> {
        match self.keep {
            Keep::Best { monitor, .. } => monitor.check(self.name(), event)?,
            Keep::Every(0) => return Err(TrainingError::never("every")),
            Keep::Every(_) => {}
        }
        if event.first_epoch == 0 {
            self.best = None;
        }
        Ok(())
    }

    fn epoch_end(&mut self, event: &EpochEnd, control: &mut Control<'_>) -> Result<(), TrainingError> {
        let number = event.record.epoch + 1;
        match self.keep {
            Keep::Every(every) if !number.is_multiple_of(every) => return Ok(()),
            Keep::Every(_) => {}
            Keep::Best { monitor, mode } => match monitor.of(&event.record) {
                Some(value) if mode.improves(value, 0.0, self.best) => self.best = Some(value),
                _ => return Ok(()),
            },
        }
        let path = PathBuf::from(self.path.replace("{epoch}", &number.to_string()));
        let bytes = to_safetensors(&parameters(control.network()), None)?;
        write_beside(&path, &bytes).map_err(|source| TrainingError::cannot_write(&path, source))
    }

    fn state(&self) -> Result<CallbackState, TrainingError> {
        CallbackState::new(self.name(), &self.best.map(f64::to_bits))
    }

    fn restore(&mut self, state: CallbackState) -> Result<(), TrainingError> {
        let best: Option<u64> = state.read(self.name())?;
        self.best = best.map(f64::from_bits);
        Ok(())
    }
}
