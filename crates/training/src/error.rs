//! What can go wrong in training.

use recurra_models::ModelError;

/// What can go wrong in training, apart from a loss that diverges, which is a result.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TrainingError {
    /// The network refused.
    #[error(transparent)]
    Model(#[from] ModelError),

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

    /// No window to train on.
    #[error("the {which} data has no window; give it at least one")]
    NoSamples {
        /// Training or validation.
        which: &'static str,
    },

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
