//! Scaling around a network, taken into its weights.

use recurra_models::{NamedTensor, NamedTensors};

use crate::error::ImportError;
use crate::names::numbered;
use crate::plan::{Affine, Plan};

/// Takes the input's scaling into the first layer's kernels and biases, and the output's offset into the last bias:
/// `(s·x + o)·W + b = x·(s·W) + (b + o·Σ W)` and `s·(h·W + b) + o = s·(h·W + (b + o/s))`. In f64, rounded once; what is
/// not finite then is an error.
pub(crate) fn fold(plan: &Plan, ways: &[String], weights: &mut NamedTensors) -> Result<(), ImportError> {
    if plan.input != Affine::IDENTITY {
        for way in ways {
            let Some(kernel) = weights.get_mut(&format!("{way}kernel")) else {
                continue;
            };
            let sums = scale_rows(kernel, plan.input.scale);
            // Of a GRU's two biases the first belongs to the kernel: it is longer than the sums.
            let Some(bias) = weights.get_mut(&format!("{way}bias")) else {
                continue;
            };
            for (bias, sum) in bias.values.iter_mut().zip(sums) {
                *bias = round(f64::from(*bias) + plan.input.offset * sum);
            }
        }
    }
    if plan.output.offset != 0.0
        && let Some(bias) = weights.get_mut(&format!("{}/bias", numbered("dense", 0)))
    {
        for bias in &mut bias.values {
            *bias = round(f64::from(*bias) + plan.output.offset / plan.output.scale);
        }
    }
    let not_finite = |(_, tensor): &(&String, &NamedTensor)| tensor.values.iter().any(|value| !value.is_finite());
    match weights.iter().find(not_finite) {
        None => Ok(()),
        Some((name, _)) => Err(ImportError::Folded { weight: name.clone() }),
    }
}

/// Multiplies the kernel by `scale`, and gives the sums of its columns before.
fn scale_rows(kernel: &mut NamedTensor, scale: f64) -> Vec<f64> {
    let width = kernel.shape.last().copied().unwrap_or(1).max(1);
    let mut sums = vec![0.0; width];
    for row in kernel.values.chunks_mut(width) {
        for (value, sum) in row.iter_mut().zip(&mut sums) {
            *sum += f64::from(*value);
            *value = round(f64::from(*value) * scale);
        }
    }
    sums
}

#[expect(clippy::cast_possible_truncation, reason = "weights are f32")]
fn round(value: f64) -> f32 {
    value as f32
}
