//! Gradients kept within bounds.

use serde::{Deserialize, Serialize};

/// Bounds for the gradients of a step, by Keras' rules. Norms are summed in f64, in index order.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "kebab-case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Clipping {
    /// Keras' `clipvalue`: every gradient into `±limit`.
    Value {
        /// The largest absolute value.
        limit: f64,
    },
    /// Keras' `clipnorm`: every parameter's gradient is shortened to an Euclidean norm of at most `limit`.
    Norm {
        /// The largest norm.
        limit: f64,
    },
    /// Keras' `global_clipnorm`: all gradients together are shortened to a norm of at most `limit`.
    GlobalNorm {
        /// The largest norm.
        limit: f64,
    },
}

impl Clipping {
    pub(super) fn limit(self) -> f64 {
        match self {
            Self::Value { limit } | Self::Norm { limit } | Self::GlobalNorm { limit } => limit,
        }
    }

    /// Bounds `gradients`, which hold parameters of the lengths `lengths` one after the other.
    pub(super) fn apply(self, mut gradients: Vec<f32>, lengths: &[usize]) -> Vec<f32> {
        match self {
            Self::Value { limit } => {
                #[expect(clippy::cast_possible_truncation, reason = "gradients are f32")]
                let limit = limit as f32;
                // A NaN stays one.
                gradients
                    .iter_mut()
                    .for_each(|gradient| *gradient = gradient.clamp(-limit, limit));
            }
            Self::Norm { limit } => {
                let mut rest = gradients.as_mut_slice();
                for &length in lengths {
                    let (parameter, others) = rest.split_at_mut(length);
                    shorten(parameter, limit);
                    rest = others;
                }
            }
            Self::GlobalNorm { limit } => shorten(&mut gradients, limit),
        }
        gradients
    }
}

fn shorten(gradients: &mut [f32], limit: f64) {
    let norm = gradients
        .iter()
        .map(|&gradient| f64::from(gradient) * f64::from(gradient))
        .sum::<f64>()
        .sqrt();
    if norm > limit {
        for gradient in gradients {
            #[expect(clippy::cast_possible_truncation, reason = "gradients are f32")]
            let shortened = (f64::from(*gradient) * limit / norm) as f32;
            *gradient = shortened;
        }
    }
}
