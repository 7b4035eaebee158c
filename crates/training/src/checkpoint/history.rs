//! The history in a checkpoint.

use serde::{Deserialize, Serialize};

use crate::history::{CodeChange, EpochRecord, History, Measures, Stop};

/// A [`History`] whose numbers are bits: JSON has no NaN and no infinity, and a training that goes on shall have the history
/// of one that never stopped.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct SavedHistory {
    epochs: Vec<SavedEpoch>,
    stop: Option<Stop>,
    code_changes: Vec<CodeChange>,
}

#[derive(Debug, Serialize, Deserialize)]
struct SavedEpoch {
    epoch: usize,
    learning_rate: u64,
    /// Loss and mean absolute error.
    training: [u64; 2],
    validation: Option<[u64; 2]>,
}

impl From<&History> for SavedHistory {
    fn from(history: &History) -> Self {
        let bits = |measures: Measures| [measures.loss, measures.mae].map(f64::to_bits);
        let epoch = |record: &EpochRecord| SavedEpoch {
            epoch: record.epoch,
            learning_rate: record.learning_rate.to_bits(),
            training: bits(record.training),
            validation: record.validation.map(bits),
        };
        Self {
            epochs: history.epochs.iter().map(epoch).collect(),
            stop: history.stop.clone(),
            code_changes: history.code_changes.clone(),
        }
    }
}

impl From<SavedHistory> for History {
    fn from(saved: SavedHistory) -> Self {
        let measures = |bits: [u64; 2]| {
            let [loss, mae] = bits.map(f64::from_bits);
            Measures { loss, mae }
        };
        let epoch = |saved: SavedEpoch| EpochRecord {
            epoch: saved.epoch,
            learning_rate: f64::from_bits(saved.learning_rate),
            training: measures(saved.training),
            validation: saved.validation.map(measures),
        };
        Self {
            epochs: saved.epochs.into_iter().map(epoch).collect(),
            stop: saved.stop,
            code_changes: saved.code_changes,
        }
    }
}
