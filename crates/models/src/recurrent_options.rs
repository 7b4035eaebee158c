//! Options of recurrent layers, as data.

use serde::{Deserialize, Serialize};

/// Options of a recurrent layer under Keras' names, all off by default.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RecurrentOptions {
    /// The share of the state that the recurrent kernel does not see in training, from 0 to below 1.
    #[serde(skip_serializing_if = "is_zero")]
    pub recurrent_dropout: f32,
    /// Whether the last state of a batch is the first of the next.
    #[serde(skip_serializing_if = "is_false")]
    pub stateful: bool,
    /// Whether a one-way layer reads the window from its last step to its first.
    #[serde(skip_serializing_if = "is_false")]
    pub go_backwards: bool,
}

impl RecurrentOptions {
    /// Whether all are off.
    #[must_use]
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// What is on, as summaries print it: `recurrent_dropout=0.2, stateful, go_backwards`.
    pub(crate) fn list(self) -> String {
        let dropout = (self.recurrent_dropout > 0.0).then(|| format!("recurrent_dropout={}", self.recurrent_dropout));
        let stateful = self.stateful.then(|| "stateful".to_owned());
        let backwards = self.go_backwards.then(|| "go_backwards".to_owned());
        let on: Vec<String> = [dropout, stateful, backwards].into_iter().flatten().collect();
        on.join(", ")
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn is_zero(rate: &f32) -> bool {
    *rate == 0.0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn is_false(on: &bool) -> bool {
    !on
}
