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
    /// A state of the callback `name` without vectors. JSON has no number that is not finite: write the bits of
    /// those that may be NaN.
    ///
    /// # Errors
    /// If JSON cannot hold the values, such as a map by anything but text.
    pub fn new(name: &str, values: &impl Serialize) -> Result<Self, TrainingError> {
        let values = serde_json::to_value(values).map_err(|error| TrainingError::UnsavedCallbackState {
            callback: name.to_owned(),
            problem: error.to_string(),
        })?;
        Ok(Self {
            values,
            tensors: BTreeMap::new(),
        })
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::CallbackState;

    #[test]
    fn values_that_json_cannot_hold_are_an_error_with_the_name() {
        let by_pairs = BTreeMap::from([((1, 2), 3)]);
        let error = CallbackState::new("pairs", &by_pairs).map_err(|error| error.to_string());
        assert_eq!(
            error,
            Err("the state of callback `pairs` cannot be saved: key must be a string".to_owned())
        );
    }
}
