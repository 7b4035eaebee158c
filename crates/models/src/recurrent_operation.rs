//! What a one-way layer puts on the tape: one reading of the window, and the order of its steps.

use recurra_kernels::{
    Cell, Direction, Gradients, LayerShape, Outputs, Pass, recurrent_backward, recurrent_forward, recurrent_infer,
};

use crate::extras::PassExtras;
use crate::fused::Operation;
use crate::pool::{Buffers, first};
use crate::weights::SharedWeights;

/// A one-way layer applied to one batch.
pub(crate) struct RecurrentOperation {
    pub(crate) cell: Cell,
    pub(crate) shape: LayerShape,
    pub(crate) weights: SharedWeights,
    pub(crate) outputs: Outputs,
    pub(crate) direction: Direction,
    pub(crate) extras: PassExtras,
}

impl RecurrentOperation {
    fn passes(&self) -> [Pass<'_>; 1] {
        [self.extras.with(0, self.weights.pass(self.direction))]
    }

    /// The kernels leave every output at the step that it belongs to; Keras wants them as they were read.
    fn is_reversed(&self) -> bool {
        self.direction == Direction::Backward && self.outputs == Outputs::Sequences
    }
}

/// Turns the order of the steps of `values` `[windows, steps, width]` around.
pub(crate) fn reverse_steps(values: &mut [f32], steps: usize, width: usize) {
    for window in values.chunks_exact_mut(steps * width) {
        for step in 0..steps / 2 {
            let (front, back) = window.split_at_mut((steps - 1 - step) * width);
            front[step * width..][..width].swap_with_slice(&mut back[..width]);
        }
    }
}

impl Operation for RecurrentOperation {
    fn forward(&mut self, x: &[f32], y: &mut [f32], buffers: &mut Buffers) {
        let (cell, shape, scratch) = (self.cell, self.shape, &mut buffers.recurrent);
        recurrent_forward(cell, shape, &self.passes(), self.outputs, x, scratch, y);
        self.extras.keep(scratch, cell, shape, 1);
        if self.is_reversed() {
            reverse_steps(y, shape.steps, shape.hidden);
        }
    }

    fn infer(&mut self, x: &[f32], y: &mut [f32], buffers: &mut Buffers) {
        let (cell, shape, scratch) = (self.cell, self.shape, &mut buffers.recurrent);
        recurrent_infer(cell, shape, &self.passes(), self.outputs, x, scratch, y);
        if self.is_reversed() {
            reverse_steps(y, shape.steps, shape.hidden);
        }
    }

    fn backward(
        &mut self,
        x: &[f32],
        dy: &[f32],
        dx: Option<&mut [f32]>,
        gradients: &mut [Vec<f32>],
        buffers: &mut Buffers,
    ) {
        let [kernel, recurrent_kernel, bias] = gradients else {
            unreachable!("a pass has three parameters")
        };
        let Buffers { inner, recurrent, .. } = buffers;
        let dy = if self.is_reversed() {
            let reversed = first(inner, dy.len());
            reversed.copy_from_slice(dy);
            reverse_steps(reversed, self.shape.steps, self.shape.hidden);
            reversed
        } else {
            dy
        };
        recurrent_backward(
            self.cell,
            self.shape,
            &self.passes(),
            self.outputs,
            x,
            recurrent,
            dy,
            dx,
            &mut [Gradients {
                kernel,
                recurrent_kernel,
                bias,
            }],
        );
    }
}
