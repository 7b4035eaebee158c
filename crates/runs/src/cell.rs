//! The unit of what is run, kept and reported.

use crate::{experiment::ExperimentKind, key::Key, recipe::Recipe};
use serde::{Deserialize, Serialize};

/// One experiment with one seed: the unit of caching and of results.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cell {
    /// The experiment's id.
    pub experiment: String,
    /// What it ends in.
    pub kind: ExperimentKind,
    /// Decides initial weights and the order of the windows.
    pub seed: u64,
    /// How the network is trained.
    pub recipe: Recipe,
    /// The content key of its result.
    pub key: Key,
}

impl Cell {
    /// The name that people see, such as `bilstm-2, seed 51`.
    #[must_use]
    pub fn label(&self) -> String {
        format!("{}, seed {}", self.experiment, self.seed)
    }
}
