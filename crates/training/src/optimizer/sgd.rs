//! Gradient descent, with momentum if wished.

use serde::{Deserialize, Serialize};

use super::clipping::Clipping;
use super::weight_decay::decay;

/// Gradient descent by Keras' rule: with momentum `m`, velocity `v ← m·v − rate·g` and `w ← w + v` (Nesterov:
/// `w ← w + m·v − rate·g`); without, `w ← w − rate·g`. The rate is inside the velocity, so under a schedule this is not
/// PyTorch's rule.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sgd {
    /// The learning rate.
    pub learning_rate: f64,
    /// How much of the velocity is kept, from 0 to 1.
    pub momentum: f64,
    /// Whether the gradient is followed from where the momentum leads.
    pub nesterov: bool,
    /// Decoupled weight decay.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight_decay: Option<f64>,
    /// Bounds for the gradients.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clipping: Option<Clipping>,
}

impl Default for Sgd {
    /// Keras': rate 0.01, no momentum, no decay.
    fn default() -> Self {
        Self {
            learning_rate: 0.01,
            momentum: 0.0,
            nesterov: false,
            weight_decay: None,
            clipping: None,
        }
    }
}

impl Sgd {
    pub(super) fn update(&self, rate: f32, values: &mut [f32], gradients: &[f32], velocity: Option<&mut [f32]>) {
        decay(values, self.weight_decay, rate);
        let Some(velocity) = velocity else {
            for (value, gradient) in values.iter_mut().zip(gradients) {
                *value -= gradient * rate;
            }
            return;
        };
        #[expect(clippy::cast_possible_truncation, reason = "weights are f32")]
        let momentum = self.momentum as f32;
        for ((value, gradient), velocity) in values.iter_mut().zip(gradients).zip(velocity) {
            *velocity = *velocity * momentum - gradient * rate;
            *value += if self.nesterov {
                *velocity * momentum - gradient * rate
            } else {
                *velocity
            };
        }
    }
}
