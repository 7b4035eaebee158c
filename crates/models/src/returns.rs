//! What a recurrent layer gives: its output at every step, or the last state alone.

use std::fmt::Debug;

use dfdx::shapes::{Dim, Shape};
use recurra_kernels::Outputs;

use crate::inference_scratch::BatchShape;

/// What a recurrent layer gives, as a type, because it decides the rank of the output.
pub trait Returns: 'static + Debug + Clone + Copy + Default + Send + Sync {
    /// The same as a value, as the kernels take it.
    const OUTPUTS: Outputs;
    /// The output's shape for `Width` values per step.
    type Shape<Width: Dim>: Shape;
    /// The output's shape for a batch.
    fn shape<Width: Dim>(batch: usize, steps: usize, width: Width) -> Self::Shape<Width>;

    /// The output's shape without types, for an input of the shape `input`.
    fn batch_shape(input: BatchShape, width: usize) -> BatchShape {
        let steps = Self::OUTPUTS.steps(input.steps);
        BatchShape { steps, width, ..input }
    }
}

/// The output at every step: `[batch, steps, width]`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sequences;

impl Returns for Sequences {
    const OUTPUTS: Outputs = Outputs::Sequences;
    type Shape<Width: Dim> = (usize, usize, Width);
    fn shape<Width: Dim>(batch: usize, steps: usize, width: Width) -> Self::Shape<Width> {
        (batch, steps, width)
    }
}

/// The state after the last step that was read: `[batch, width]`.
#[derive(Debug, Clone, Copy, Default)]
pub struct LastState;

impl Returns for LastState {
    const OUTPUTS: Outputs = Outputs::LastState;
    type Shape<Width: Dim> = (usize, Width);
    fn shape<Width: Dim>(batch: usize, _steps: usize, width: Width) -> Self::Shape<Width> {
        (batch, width)
    }
}
