//! How to train a model.

use recurra_training::{Adam, FitOptions, Loss, OptimizerOptions};
use serde::{Deserialize, Serialize};

/// How to train a model on data that was scaled to mean 0 and deviation 1 on its training part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Recipe {
    /// Steps of an input window.
    pub window: usize,
    /// The loss.
    pub loss: Loss,
    /// The optimizer with its learning rate.
    pub optimizer: OptimizerOptions,
    /// Windows in a batch.
    pub batch_size: usize,
    /// How many times all windows are trained on.
    pub epochs: usize,
}

impl Default for Recipe {
    /// Windows of 20 steps, Huber's loss, Adam at 1e-3, batches of 32, 60 epochs.
    fn default() -> Self {
        Self {
            window: 20,
            loss: Loss::Huber { delta: 1.0 },
            optimizer: OptimizerOptions::Adam(Adam::default()),
            batch_size: 32,
            epochs: 60,
        }
    }
}

impl Recipe {
    /// The options of a fit by this recipe.
    #[must_use]
    pub fn fit_options(&self, seed: u64) -> FitOptions {
        FitOptions {
            epochs: self.epochs,
            batch_size: self.batch_size,
            shuffle_buffer: None,
            seed,
            loss: self.loss,
            optimizer: self.optimizer,
        }
    }
}
