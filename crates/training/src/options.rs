//! What decides a training.

use serde::{Deserialize, Serialize};

use recurra_models::Network;

use crate::data::FitData;
use crate::error::TrainingError;
use crate::loss::Loss;
use crate::optimizer::OptimizerOptions;

/// What decides a training, apart from the data and the network: the same options give the same bits.
///
/// ```
/// use recurra_training::{FitOptions, Loss, OptimizerOptions, Sgd};
///
/// let options = FitOptions {
///     epochs: 100,
///     loss: Loss::MeanSquaredError,
///     optimizer: OptimizerOptions::Sgd(Sgd { learning_rate: 1e-6, momentum: 0.9, ..Sgd::default() }),
///     ..FitOptions::default()
/// };
/// assert_eq!(options.batch_size, 32);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FitOptions {
    /// How many times all windows are trained on.
    pub epochs: usize,
    /// Windows in a batch; the last, smaller batch of an epoch is kept.
    pub batch_size: usize,
    /// Windows in the buffer that each epoch is shuffled through, with the semantics of tf.data: `None` holds them all (a
    /// uniform permutation), 1 leaves them in order.
    pub shuffle_buffer: Option<usize>,
    /// The seed of the run; shuffling has a generator of its own that follows from it.
    pub seed: u64,
    /// The loss.
    pub loss: Loss,
    /// The optimizer.
    pub optimizer: OptimizerOptions,
}

impl Default for FitOptions {
    /// One epoch, batches of 32, all windows shuffled, seed 0, mean squared error, Adam: Keras' defaults.
    fn default() -> Self {
        Self {
            epochs: 1,
            batch_size: 32,
            shuffle_buffer: None,
            seed: 0,
            loss: Loss::default(),
            optimizer: OptimizerOptions::default(),
        }
    }
}

impl FitOptions {
    pub(crate) fn check(&self) -> Result<(), TrainingError> {
        let sizes = [
            ("batch_size", self.batch_size),
            ("shuffle_buffer", self.shuffle_buffer.unwrap_or(1)),
        ];
        for (option, value) in sizes {
            if value == 0 {
                return Err(TrainingError::Option {
                    option,
                    value: value.to_string(),
                    must_be: "at least 1",
                });
            }
        }
        self.loss.check()?;
        self.optimizer.check()
    }

    /// A network that carries its states needs batches of one size, and windows in order.
    pub(crate) fn check_stateful(&self, network: &dyn Network, data: FitData<'_>) -> Result<(), TrainingError> {
        if !network.is_stateful() {
            return Ok(());
        }
        if self.shuffle_buffer != Some(1) {
            return Err(TrainingError::StatefulShuffled);
        }
        let batch_size = self.batch_size;
        let sources = [("training", Some(data.training)), ("validation", data.validation)];
        for (which, samples) in sources {
            let windows = samples.map_or(0, |samples| samples.len());
            if !windows.is_multiple_of(batch_size) {
                let left_over = windows % batch_size;
                return Err(TrainingError::StatefulBatches {
                    which,
                    windows,
                    batch_size,
                    left_over,
                });
            }
        }
        Ok(())
    }
}
