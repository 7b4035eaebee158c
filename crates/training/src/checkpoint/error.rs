//! Why a training cannot go on from a checkpoint.

use std::path::PathBuf;

use recurra_models::ModelError;

/// Why a training cannot go on from a checkpoint.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CheckpointError {
    /// Not a checkpoint, or a damaged one.
    #[error("{} is not a whole checkpoint: {problem}", path.display())]
    NotWhole {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },

    /// A checkpoint of a later version of this library.
    #[error("{} has checkpoint format {found}, this program reads up to {known}; use a newer program", path.display())]
    Version {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: u64,
        /// The newest version that can be read.
        known: u64,
    },

    /// A checkpoint of another model, other data or other options.
    #[error("{} is of another training: {field} is {checkpoint} in it and {here} here", path.display())]
    Differs {
        /// The file.
        path: PathBuf,
        /// The first field that differs, such as `network.layers.0.units`.
        field: String,
        /// Its value in the checkpoint.
        checkpoint: String,
        /// Its value here.
        here: String,
    },

    /// A checkpoint of other code.
    #[error(
        "{} was written by other code ({checkpoint}; this is {here}), which may give other bits; allow the code change \
         to go on nevertheless",
        path.display()
    )]
    Code {
        /// The file.
        path: PathBuf,
        /// The code's name in the checkpoint.
        checkpoint: String,
        /// The code's name here.
        here: String,
    },

    /// A callback whose state the checkpoint holds is not there.
    #[error("{} holds the state of callback `{callback}`, which this training does not have", path.display())]
    MissingCallback {
        /// The file.
        path: PathBuf,
        /// The callback.
        callback: String,
    },

    /// What a checkpoint knows its training by cannot be written as JSON.
    #[error("the header of the checkpoint cannot be written: {0}")]
    Unsaved(#[source] serde_json::Error),

    /// The parameters do not fit, or the checkpoint cannot be put together.
    #[error(transparent)]
    Model(#[from] ModelError),
}
