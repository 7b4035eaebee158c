//! Checkpoints: a training as one file, from which another process goes on with the same bits.

mod difference;
mod error;
mod file;
mod history;
mod identity;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

use crate::error::TrainingError;

pub(crate) use difference::difference;
pub use error::CheckpointError;
pub(crate) use file::{Checkpoint, Position};
pub(crate) use identity::Identity;

/// How often a checkpoint is written while training goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SaveEvery {
    /// After every so many epochs, at least 1.
    Epochs(usize),
    /// After every so many batches, at least 1, counted over all epochs.
    Batches(usize),
}

impl SaveEvery {
    pub(crate) fn check(self) -> Result<(), TrainingError> {
        match self {
            Self::Epochs(0) | Self::Batches(0) => Err(TrainingError::never("every")),
            Self::Epochs(_) | Self::Batches(_) => Ok(()),
        }
    }
}

/// Where checkpoints go, and when.
///
/// A checkpoint is one safetensors file. It holds the weights, the states that stateful layers carry, the optimizer's moments and the callbacks' vectors; its header
/// holds the rest: options, architecture, a digest of the data, the position in the epoch, the generators' states, the
/// history and the callbacks' counters. It is written beside, synced and renamed, by a thread of its own while training goes
/// on, and bears a checksum: whenever the process dies, the last whole checkpoint is there. An error of the writing is
/// returned by the fit loop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoints {
    /// The file.
    pub path: PathBuf,
    /// How often it is written; `None` writes it when training ends, and only then.
    pub every: Option<SaveEvery>,
    /// A name of the code that computes, such as a digest of its sources. A checkpoint of other code may go on with other
    /// bits, so it is refused unless [`Resume::allow_code_change`] is set.
    pub code: String,
}

impl Checkpoints {
    /// The epoch, counted from 0, on whose data the training of the file stood when it was written: the one that it is in, or the
    /// one that it had just ended. [`Trainer::resume`](crate::Trainer::resume) wants that data, where every epoch has its own.
    ///
    /// # Errors
    /// If the file cannot be read or is damaged.
    pub fn epoch(&self) -> Result<usize, TrainingError> {
        let bytes = std::fs::read(&self.path).map_err(|source| TrainingError::File {
            action: "read",
            path: self.path.clone(),
            source,
        })?;
        let checkpoint = Checkpoint::from_bytes(&self.path, &bytes)?;
        let (epoch, batch) = (checkpoint.position.epoch, checkpoint.position.batch);
        // A callback may have stopped it before the epoch's first batch, with the epoch's data already there.
        let stopped_here = checkpoint.history.stop.is_some_and(|stop| stop.epoch == epoch);
        Ok(if batch > 0 || stopped_here {
            epoch
        } else {
            epoch.saturating_sub(1)
        })
    }
}

/// How a training is taken up again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Resume {
    /// Whether a checkpoint of other code is taken; the history records it.
    pub allow_code_change: bool,
}
