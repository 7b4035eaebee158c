//! Whether a training that goes on has the files that it began with.

use std::path::PathBuf;

use recurra_training::{Callback, CallbackState, CheckpointError, TrainingError};

/// The digest of all files, for a checkpoint: by itself it knows its training by the windows of the one file that it was written in.
pub(super) struct SameFiles<'a> {
    /// The checkpoint.
    pub(super) path: PathBuf,
    /// Of all files.
    pub(super) sha256: &'a str,
}

impl Callback for SameFiles<'_> {
    fn name(&self) -> &'static str {
        "same_files"
    }

    fn state(&self) -> Result<CallbackState, TrainingError> {
        CallbackState::new(self.name(), &self.sha256)
    }

    fn restore(&mut self, state: CallbackState) -> Result<(), TrainingError> {
        let checkpoint: String = state.read(self.name())?;
        if checkpoint == self.sha256 {
            return Ok(());
        }
        let different = CheckpointError::Differs {
            path: self.path.clone(),
            field: "data.sha256".to_owned(),
            checkpoint,
            here: self.sha256.to_owned(),
        };
        Err(different.into())
    }
}
