//! What a callback remembers, for a checkpoint.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::TrainingError;

/// What a callback remembers between epochs, for a checkpoint: small things as JSON, large ones as vectors of f32.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CallbackState {
    /// Counters and values.
    pub values: Value,
    /// Weights and the like.
    pub tensors: BTreeMap<String, Vec<f32>>,
}

impl CallbackState {
    /// A state without vectors. JSON has no number that is not finite: write the bits of
    /// those that may be NaN.
    #[must_use]
    pub fn new(values: &impl Serialize) -> Self {
        Self {
            values: serde_json::to_value(values).unwrap_or_default(),
            tensors: BTreeMap::new(),
        }
    }

    /// The values, as the callback `name` wrote them.
    ///
    /// # Errors
    /// If they are of another kind: the checkpoint is of another version, or another callback's.
    pub fn read<T: DeserializeOwned>(&self, name: &str) -> Result<T, TrainingError> {
        serde_json::from_value(self.values.clone()).map_err(|error| TrainingError::CallbackState {
            callback: name.to_owned(),
            problem: error.to_string(),
        })
    }
}
