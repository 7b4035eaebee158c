//! Root mean square propagation.

use serde::{Deserialize, Serialize};

use super::clipping::Clipping;
use super::weight_decay::decay;

/// RMSprop by Keras' rule: `s ← ρ·s + (1 − ρ)·g²` and, if centred, `a ← ρ·a + (1 − ρ)·g`; with the divisor
/// `d = s + ε` (centred: `s − a² + ε`) the step is `g·rate / sqrt(d)`, and with momentum `p ← m·p + step`, `w ← w − p`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RmsProp {
    /// The learning rate.
    pub learning_rate: f64,
    /// How slowly the mean of the squares moves.
    pub rho: f64,
    /// How much of the last step is kept, from 0 to 1.
    pub momentum: f64,
    /// Added to the divisor.
    pub epsilon: f64,
    /// Whether the gradients' variance divides, instead of their mean square.
    pub centered: bool,
    /// Decoupled weight decay.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight_decay: Option<f64>,
    /// Bounds for the gradients.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clipping: Option<Clipping>,
}

impl Default for RmsProp {
    /// Keras': rate 0.001, ρ 0.9, no momentum, ε 1e-7, not centred.
    fn default() -> Self {
        Self {
            learning_rate: 1e-3,
            rho: 0.9,
            momentum: 0.0,
            epsilon: 1e-7,
            centered: false,
            weight_decay: None,
            clipping: None,
        }
    }
}

impl RmsProp {
    pub(super) fn slots(&self) -> usize {
        1 + usize::from(self.centered) + usize::from(self.momentum > 0.0)
    }

    pub(super) fn update<'a>(
        &self,
        rate: f32,
        values: &mut [f32],
        gradients: &[f32],
        slots: &mut impl Iterator<Item = &'a mut [f32]>,
    ) {
        let Some(squares) = slots.next() else {
            unreachable!("RMSprop remembers the squares")
        };
        let mut averages = if self.centered { slots.next() } else { None };
        let mut momenta = slots.next();
        decay(values, self.weight_decay, rate);
        #[expect(clippy::cast_possible_truncation, reason = "weights are f32")]
        let (rho, take, momentum, epsilon) = (
            self.rho as f32,
            (1.0 - self.rho) as f32,
            self.momentum as f32,
            self.epsilon as f32,
        );
        for (index, (value, &gradient)) in values.iter_mut().zip(gradients).enumerate() {
            squares[index] = rho * squares[index] + take * (gradient * gradient);
            let mut divisor = squares[index] + epsilon;
            if let Some(averages) = &mut averages {
                averages[index] = rho * averages[index] + take * gradient;
                divisor = squares[index] - averages[index] * averages[index] + epsilon;
            }
            let mut step = rate * gradient / divisor.sqrt();
            if let Some(momenta) = &mut momenta {
                momenta[index] = momentum * momenta[index] + step;
                step = momenta[index];
            }
            *value -= step;
        }
    }
}
