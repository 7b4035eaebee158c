//! The gradients of a layer's weights and of its input, from the deltas of a few steps at a time.

use crate::backward_step::{Back, Memory};
use crate::buffer::Buffer;
use crate::cell::{Cell, Direction, LayerShape};
use crate::delta_tile::{AllFour, DeltaStep, GruInput, Single, delta_product, panel_vectors};
use crate::lanes::Lanes;
use crate::layout::time;
use crate::pack::{PackForward, forward_len};
use crate::pass::Gradients;
use crate::weight_tile::{WeightProduct, weight_product};
use std::ops::Range;

impl Back<'_> {
    /// The bias gradient as `[block][sums][N]`.
    pub(crate) fn load_bias<L: Lanes>(&self, to: &mut Buffer, bias: &[f32]) -> *mut f32 {
        const ALL: [usize; 6] = [0, 1, 2, 3, 4, 5];
        let (hidden, gates) = (self.call.shape.hidden, &ALL[..self.call.cell.biases()]);
        let to = to.reserve(forward_len::<L>(1, hidden, gates.len(), 1));
        // SAFETY: the buffer has room for one row of panels.
        unsafe {
            L::enter(PackForward {
                weights: bias,
                columns: bias.len(),
                hidden,
                gates,
                blocks: 1,
                to,
            })
        };
        to
    }

    /// The inverse of [`Back::load_bias`].
    pub(crate) fn store_bias<L: Lanes>(&self, from: *const f32, bias: &mut [f32]) {
        let biases = self.call.cell.biases();
        for (gate, bias) in bias.chunks_exact_mut(self.call.shape.hidden.max(1)).enumerate() {
            for (block, bias) in bias.chunks_mut(L::N).enumerate() {
                // SAFETY: the sums lie in panels as `load_bias` laid them out.
                unsafe {
                    let sums = from.add((block * biases + gate) * L::N);
                    bias.as_mut_ptr().copy_from_nonoverlapping(sums, bias.len());
                }
            }
        }
    }

    /// Adds the gradients of kernel and recurrent kernel over the steps of `group`, the last of them first.
    pub(crate) fn weight_gradients<L: Lanes>(
        &self,
        memory: &Memory,
        group: Range<usize>,
        gradients: &mut Gradients<'_>,
    ) {
        let LayerShape {
            batch: rows,
            steps,
            inputs,
            hidden,
        } = self.call.shape;
        let stored = self.call.cell.stored();
        let (columns, width) = (self.call.cell.gates() * hidden, rows * stored * L::N);
        let last = group.end - 1;
        let begins = usize::from(self.call.begins());
        let towards_first = match self.pass.direction {
            Direction::Forward => -((rows * inputs) as isize),
            Direction::Backward => (rows * inputs) as isize,
        };
        let (input, recurrent): (&'static [usize], &'static [usize]) = match self.call.cell {
            Cell::SimpleRnn => (&[0], &[0]),
            Cell::Lstm => (&[0, 1, 2, 3], &[0, 1, 2, 3]),
            Cell::Gru { reset_after: true } => (&[0, 1, 2], &[0, 1, 3]),
            Cell::Gru { reset_after: false } => (&[0, 1, 2], &[0, 1]),
        };
        let of_kernel = WeightProduct {
            a: self
                .x
                .wrapping_add(time(self.pass.direction, steps, last) * rows * inputs),
            a_step: towards_first,
            inputs,
            deltas: memory.saved.wrapping_add(last * width),
            deltas_step: -(width as isize),
            deltas_block: steps * width,
            stored,
            gates: input,
            first_gate: 0,
            hidden,
            rows,
            steps: group.len(),
            gradient: gradients.kernel.as_mut_ptr(),
            columns,
        };
        let of_recurrent = WeightProduct {
            a: memory
                .masked
                .wrapping_add((last + begins).saturating_sub(1) * rows * hidden),
            a_step: -((rows * hidden) as isize),
            inputs: hidden,
            gates: recurrent,
            // Where none was given, the first step has no state before it.
            steps: group.end - group.start.max(1 - begins),
            gradient: gradients.recurrent_kernel.as_mut_ptr(),
            ..of_kernel.clone()
        };
        // SAFETY: the buffers hold the inputs, states and deltas of all steps, the gradients have the weights' sizes.
        unsafe {
            weight_product::<L>(&of_kernel);
            weight_product::<L>(&of_recurrent);
            if self.call.cell == (Cell::Gru { reset_after: false }) {
                // The candidate's recurrent weights saw the state after the reset gate of the same step.
                weight_product::<L>(&WeightProduct {
                    a: memory.reset.wrapping_add(last * rows * hidden),
                    gates: &[2],
                    first_gate: 2,
                    ..of_recurrent
                });
            }
        }
    }

    /// Adds the gradient of the input at the steps of `group`.
    pub(crate) fn add_dx<L: Lanes>(&self, memory: &Memory, group: Range<usize>) {
        let LayerShape {
            batch: rows,
            steps,
            inputs,
            hidden,
        } = self.call.shape;
        let width = rows * self.call.cell.stored() * L::N;
        for s in group.rev() {
            let dx = self.dx.wrapping_add(time(self.pass.direction, steps, s) * inputs);
            let product = DeltaStep {
                rows,
                hidden,
                deltas: memory.saved.wrapping_add(s * width),
                deltas_block: steps * width,
                weights: self.packed.kernel.as_ptr(),
                vectors: panel_vectors::<L>(inputs, self.call.cell),
                outputs: inputs,
                start: dx,
                start_row: steps * inputs,
                start_block: L::N,
                out: dx,
                out_row: steps * inputs,
                out_block: L::N,
            };
            // SAFETY: the deltas of all steps are in the buffer, and `dx` has a row of inputs for each row and step.
            unsafe {
                match self.call.cell {
                    Cell::SimpleRnn => delta_product::<L, Single>(&product),
                    Cell::Lstm => delta_product::<L, AllFour>(&product),
                    Cell::Gru { .. } => delta_product::<L, GruInput>(&product),
                }
            }
        }
    }
}
