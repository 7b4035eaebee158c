//! What a bidirectional layer puts on the tape: two readings of the window in one call of the kernels, and how they are joined.

use recurra_kernels::{
    Cell, Direction, Gradients, LayerShape, Outputs, Pass, recurrent_backward, recurrent_forward, recurrent_infer,
};

use crate::description::MergeMode;
use crate::extras::PassExtras;
use crate::fused::Operation;
use crate::merge::{join, split};
use crate::pool::{Buffers, first};
use crate::weights::SharedWeights;

/// A bidirectional layer applied to one batch.
pub(crate) struct BidirectionalOperation {
    pub(crate) cell: Cell,
    pub(crate) shape: LayerShape,
    pub(crate) forward: SharedWeights,
    pub(crate) backward: SharedWeights,
    pub(crate) outputs: Outputs,
    pub(crate) merge: MergeMode,
    pub(crate) extras: PassExtras,
}

impl BidirectionalOperation {
    fn passes(&self) -> [Pass<'_>; 2] {
        let (forward, backward) = (Direction::Forward, Direction::Backward);
        [
            self.extras.with(0, self.forward.pass(forward)),
            self.extras.with(1, self.backward.pass(backward)),
        ]
    }

    fn run(&self, x: &[f32], y: &mut [f32], buffers: &mut Buffers, kernel: Kernel) {
        let Buffers { kept, recurrent, .. } = buffers;
        let passes = self.passes();
        let mut run_into = |y: &mut [f32]| kernel(self.cell, self.shape, &passes, self.outputs, x, recurrent, y);
        if self.merge == MergeMode::Concat {
            run_into(y);
        } else {
            let both = first(kept, 2 * y.len());
            run_into(both);
            join(self.merge, both, self.shape.hidden, y);
        }
    }
}

/// [`recurrent_forward`] or [`recurrent_infer`].
type Kernel = fn(Cell, LayerShape, &[Pass<'_>], Outputs, &[f32], &mut recurra_kernels::RecurrentScratch, &mut [f32]);

impl Operation for BidirectionalOperation {
    fn forward(&mut self, x: &[f32], y: &mut [f32], buffers: &mut Buffers) {
        self.run(x, y, buffers, recurrent_forward);
        self.extras.keep(&buffers.recurrent, self.cell, self.shape, 2);
    }

    fn infer(&mut self, x: &[f32], y: &mut [f32], buffers: &mut Buffers) {
        self.run(x, y, buffers, recurrent_infer);
    }

    fn backward(
        &mut self,
        x: &[f32],
        dy: &[f32],
        dx: Option<&mut [f32]>,
        gradients: &mut [Vec<f32>],
        buffers: &mut Buffers,
    ) {
        let Buffers {
            kept, inner, recurrent, ..
        } = buffers;
        let dy = if self.merge == MergeMode::Concat {
            dy
        } else {
            let d_both = first(inner, 2 * dy.len());
            split(self.merge, &kept[..2 * dy.len()], self.shape.hidden, dy, d_both);
            d_both
        };
        let [
            kernel,
            recurrent_kernel,
            bias,
            back_kernel,
            back_recurrent_kernel,
            back_bias,
        ] = gradients
        else {
            unreachable!("two passes have six parameters")
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
            &mut [
                Gradients {
                    kernel,
                    recurrent_kernel,
                    bias,
                },
                Gradients {
                    kernel: back_kernel,
                    recurrent_kernel: back_recurrent_kernel,
                    bias: back_bias,
                },
            ],
        );
    }
}
