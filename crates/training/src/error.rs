//! What can go wrong in training.

use std::path::{Path, PathBuf};

use recurra_models::ModelError;

use crate::checkpoint::CheckpointError;
use crate::monitor::Monitor;

/// What can go wrong in training, apart from a loss that diverges, which is a result.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TrainingError {
    /// The network refused.
    #[error(transparent)]
    Model(#[from] ModelError),

    /// The training cannot go on from a checkpoint.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),

    /// Data of another shape than the network's.
    #[error("the {which} data has {found} {what} per window, the network takes {expected}")]
    ShapeMismatch {
        /// Training or validation.
        which: &'static str,
        /// Columns or outputs.
        what: &'static str,
        /// The data's.
        found: usize,
        /// The network's.
        expected: usize,
    },

    /// Another network than the training is of.
    #[error(
        "the training is of a network with {expected} parameters, this one has {found}; give it the network that it began with"
    )]
    OtherNetwork {
        /// Parameters of the network that the training began with.
        expected: usize,
        /// Parameters of the network that was given.
        found: usize,
    },

    /// No window to train on.
    #[error("the {which} data has no window; give it at least one")]
    NoSamples {
        /// Training or validation.
        which: &'static str,
    },

    /// An actual value of zero under a loss of percentages.
    #[error(
        "{which} window {window} has an actual value of zero (output {output}), which has no percentage error; choose \
         another loss"
    )]
    ZeroActual {
        /// Training or validation.
        which: &'static str,
        /// The window, from 0.
        window: usize,
        /// The output, from 0.
        output: usize,
    },

    /// Outputs that are not groups of one for each quantile.
    #[error(
        "a network of {outputs} outputs cannot forecast {quantiles} quantiles of each step; give it a multiple of {quantiles}"
    )]
    QuantileOutputs {
        /// The network's.
        outputs: usize,
        /// Quantiles of each step.
        quantiles: usize,
    },

    /// Sample weights that are not one for each training window, or no weights.
    #[error("sample weights: {found} for {windows} windows; give one finite weight of at least 0 for each")]
    SampleWeights {
        /// How many usable weights there are.
        found: usize,
        /// Training windows.
        windows: usize,
    },

    /// Shuffled windows for a network that carries its states from batch to batch.
    #[error(
        "the network is stateful: window i of a batch goes on where window i of the batch before ended, so the windows must stay in order; \
         set `shuffle_buffer` to 1"
    )]
    StatefulShuffled,

    /// A last batch of another size for a network that carries its states from batch to batch.
    #[error(
        "the network is stateful and needs whole batches: {windows} {which} windows are no multiple of the batch size {batch_size}; \
         leave out {left_over} of them or choose another `batch_size`"
    )]
    StatefulBatches {
        /// Training or validation.
        which: &'static str,
        /// Windows given.
        windows: usize,
        /// Windows of a batch.
        batch_size: usize,
        /// Windows of the last, smaller batch.
        left_over: usize,
    },

    /// A validation of [`FitData::with_validation_by`](crate::FitData::with_validation_by) failed.
    #[error("the validation failed: {source}")]
    Validation {
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },

    /// A callback watches a validation metric, and there is no validation.
    #[error("`{callback}` watches {metric}, but there are no validation windows; give some or watch loss or mae")]
    MissingMetric {
        /// The callback.
        callback: &'static str,
        /// The metric.
        metric: Monitor,
    },

    /// A checkpoint's state of a callback is not one of that callback.
    #[error("the checkpoint's state of callback `{callback}` cannot be read: {problem}")]
    CallbackState {
        /// The callback.
        callback: String,
        /// What is wrong with it.
        problem: String,
    },

    /// A checkpoint was written with other options of a callback.
    #[error(
        "the checkpoint is of another training: {option} of callback `{callback}` is {checkpoint} in it and {here} here; \
         take what it was, or begin afresh"
    )]
    CallbackOptions {
        /// The callback.
        callback: String,
        /// The first option that differs.
        option: String,
        /// Its value in the checkpoint.
        checkpoint: String,
        /// Its value here.
        here: String,
    },

    /// A callback remembers something that a checkpoint cannot hold.
    #[error("the state of callback `{callback}` cannot be saved: {problem}")]
    UnsavedCallbackState {
        /// The callback.
        callback: String,
        /// What is wrong with it.
        problem: String,
    },

    /// A file could not be read or written.
    #[error("cannot {action} {}: {source}", path.display())]
    File {
        /// What was tried.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },

    /// A sweep over learning rates without a single finite loss.
    #[error("no learning rate of the sweep gave a finite loss; begin with a lower rate")]
    NoFiniteLoss,

    /// A callback of the caller's own failed.
    #[error("callback failed: {0}")]
    Callback(#[source] Box<dyn std::error::Error + Send + Sync>),

    /// An option outside its range.
    #[error("option `{option}` is {value}; it must be {must_be}")]
    Option {
        /// The option's name.
        option: &'static str,
        /// What was given.
        value: String,
        /// What it must be.
        must_be: &'static str,
    },
}

impl TrainingError {
    /// An option that says how often, and is 0.
    pub(crate) fn never(option: &'static str) -> Self {
        Self::Option {
            option,
            value: "0".to_owned(),
            must_be: "at least 1",
        }
    }

    /// A file that could not be written.
    pub(crate) fn cannot_write(path: &Path, source: std::io::Error) -> Self {
        Self::File {
            action: "write",
            path: path.to_owned(),
            source,
        }
    }
}
