//! Adam and AdamW.

use serde::{Deserialize, Serialize};

use super::clipping::Clipping;
use super::weight_decay::decay;

/// Adam by Keras' rule. At step t, with `α = rate·sqrt(1 − β₂ᵗ)/(1 − β₁ᵗ)`:
/// `m ← m + (g − m)·(1 − β₁)`, `v ← v + (g² − v)·(1 − β₂)`, `w ← w − m·α / (sqrt(v) + ε)`; with `amsgrad` the largest `v`
/// seen so far takes v's place in the last. With a weight decay it is AdamW.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Adam {
    /// The learning rate.
    pub learning_rate: f64,
    /// How slowly the mean of the gradients moves.
    pub beta_1: f64,
    /// How slowly the mean of their squares moves.
    pub beta_2: f64,
    /// Added to the divisor.
    pub epsilon: f64,
    /// Whether the largest mean of squares so far divides.
    pub amsgrad: bool,
    /// Decoupled weight decay.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight_decay: Option<f64>,
    /// Bounds for the gradients.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clipping: Option<Clipping>,
}

impl Default for Adam {
    /// Keras': rate 0.001, β₁ 0.9, β₂ 0.999, ε 1e-7.
    fn default() -> Self {
        Self {
            learning_rate: 1e-3,
            beta_1: 0.9,
            beta_2: 0.999,
            epsilon: 1e-7,
            amsgrad: false,
            weight_decay: None,
            clipping: None,
        }
    }
}

impl Adam {
    /// Keras' AdamW: Adam with a weight decay of 0.004.
    #[must_use]
    pub fn adam_w() -> Self {
        Self {
            weight_decay: Some(0.004),
            ..Self::default()
        }
    }

    pub(super) fn update<'a>(
        &self,
        rate: f32,
        steps: u64,
        values: &mut [f32],
        gradients: &[f32],
        slots: &mut impl Iterator<Item = &'a mut [f32]>,
    ) {
        let (Some(means), Some(squares)) = (slots.next(), slots.next()) else {
            unreachable!("Adam has two moments")
        };
        let mut largest = slots.next();
        decay(values, self.weight_decay, rate);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_precision_loss,
            reason = "Keras works in f32 here"
        )]
        let (beta_1, beta_2, epsilon, t) = (
            self.beta_1 as f32,
            self.beta_2 as f32,
            self.epsilon as f32,
            steps as f32,
        );
        let alpha = rate * (1.0 - libm::powf(beta_2, t)).sqrt() / (1.0 - libm::powf(beta_1, t));
        #[expect(
            clippy::cast_possible_truncation,
            reason = "1 − β is taken in f64 and cast, as Keras does"
        )]
        let (take_1, take_2) = ((1.0 - self.beta_1) as f32, (1.0 - self.beta_2) as f32);
        for (index, (value, &gradient)) in values.iter_mut().zip(gradients).enumerate() {
            let (mean, square) = (&mut means[index], &mut squares[index]);
            *mean += (gradient - *mean) * take_1;
            *square += (gradient * gradient - *square) * take_2;
            let divisor = match &mut largest {
                None => *square,
                Some(largest) => {
                    // Not f32::max, which would drop a NaN.
                    if *square > largest[index] || square.is_nan() {
                        largest[index] = *square;
                    }
                    largest[index]
                }
            };
            *value -= *mean * alpha / (divisor.sqrt() + epsilon);
        }
    }
}
