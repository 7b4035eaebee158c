//! One step backward through time: the gates' gradients, which leave the deltas in the gates' place, and the product that gives dh.

use crate::call::Call;
use crate::cell::{Cell, LayerShape, Outputs};
use crate::delta_tile::{
    AllFour, DeltaStep, GruCandidateOnly, GruGatesOnly, GruRecurrent, Single, delta_product, panel_vectors,
};
use crate::gate_gradient::{GateStep, GruBiasGradient, GruGradient, GruResetGradient, LstmGradient, SimpleRnnGradient};
use crate::lanes::Lanes;
use crate::layout::time;
use crate::pass::Pass;
use crate::recurrent_mask::MaskedGradient;
use crate::scratch::PackedPass;
use std::ptr::null;

/// One pass over one chunk.
pub(crate) struct Back<'a> {
    pub(crate) call: Call<'a>,
    pub(crate) pass: &'a Pass<'a>,
    pub(crate) packed: &'a PackedPass,
    pub(crate) x: *const f32,
    pub(crate) dy: *const f32,
    pub(crate) dx: *mut f32,
}

/// The memory of one pass over one chunk.
pub(crate) struct Memory {
    pub(crate) saved: *mut f32,
    pub(crate) cell: *const f32,
    pub(crate) state: *const f32,
    /// The states as the recurrent kernel saw them: `state`, or that times the mask.
    pub(crate) masked: *const f32,
    pub(crate) reset: *const f32,
    pub(crate) dh: *mut f32,
    pub(crate) dc: *mut f32,
    pub(crate) start: *mut f32,
    pub(crate) d_reset: *mut f32,
    pub(crate) base: *mut f32,
    pub(crate) bias: *mut f32,
}

impl Back<'_> {
    /// The gradient of the output at a step, or null where it has none.
    fn dy_at(&self, s: usize) -> *const f32 {
        let LayerShape { steps, hidden, .. } = self.call.shape;
        match self.call.outputs {
            Outputs::Sequences => self
                .dy
                .wrapping_add(time(self.pass.direction, steps, s) * self.call.passes.len() * hidden),
            Outputs::LastState if s + 1 == steps => self.dy,
            Outputs::LastState => null(),
        }
    }

    fn dy_row(&self) -> usize {
        self.call.outputs_per_row(self.call.passes.len())
    }

    /// The step that was read as number `s`.
    pub(crate) fn step<L: Lanes>(&self, memory: &Memory, s: usize) {
        let LayerShape {
            batch: rows,
            steps,
            hidden,
            ..
        } = self.call.shape;
        let stored = self.call.cell.stored();
        let is_last = s + 1 == steps;
        let saved = memory.saved.wrapping_add(s * rows * stored * L::N);
        let saved_block = steps * rows * stored * L::N;
        let dy_before = if s == 0 { null() } else { self.dy_at(s - 1) };
        let begins = usize::from(self.call.begins());
        let before = |base: *const f32, size: usize| match s + begins {
            0 => null(),
            after => base.wrapping_add((after - 1) * size),
        };
        let gates = GateStep {
            rows,
            hidden,
            dh: if is_last { self.dy_at(s) } else { memory.dh },
            dh_row: if is_last { self.dy_row() } else { L::N },
            dh_block: if is_last { L::N } else { rows * L::N },
            saved,
            saved_block,
            cell: memory.cell.wrapping_add((s + begins) * rows * L::N),
            cell_before: before(memory.cell, rows * L::N),
            cell_block: (steps + begins) * rows * L::N,
            dc: memory.dc,
            state_before: before(memory.state, rows * hidden),
            dy_before,
            dy_row: self.dy_row(),
            start: memory.start,
            d_reset: memory.d_reset,
            bias: memory.bias,
        };
        let mut product = DeltaStep {
            rows,
            hidden,
            deltas: saved,
            deltas_block: saved_block,
            weights: self.packed.recurrent_kernel[0].as_ptr(),
            vectors: panel_vectors::<L>(hidden, self.call.cell),
            outputs: hidden,
            start: dy_before,
            start_row: self.dy_row(),
            start_block: L::N,
            out: memory.dh,
            out_row: L::N,
            out_block: rows * L::N,
        };
        let mask = self.call.mask(self.pass);
        if mask.is_some() {
            product.start = null();
        }
        // SAFETY: the buffers hold what the forward pass of the same call laid out, and room for one step.
        unsafe {
            match self.call.cell {
                Cell::SimpleRnn => L::enter(SimpleRnnGradient(&gates)),
                Cell::Lstm => L::enter(LstmGradient(&gates)),
                Cell::Gru { reset_after } => {
                    L::enter(GruGradient {
                        step: &gates,
                        reset_after,
                    });
                    if mask.is_some() {
                        let one_step = hidden.div_ceil(L::N) * rows * L::N;
                        memory.base.copy_from_nonoverlapping(memory.start, one_step);
                        memory.start.write_bytes(0, one_step);
                    }
                    if !reset_after {
                        let candidate = DeltaStep {
                            weights: self.packed.recurrent_kernel[1].as_ptr(),
                            start: null(),
                            out: memory.d_reset,
                            ..product.clone()
                        };
                        delta_product::<L, GruCandidateOnly>(&candidate);
                        let state_before = before(memory.masked, rows * hidden);
                        L::enter(GruResetGradient(&GateStep {
                            state_before,
                            ..gates.clone()
                        }));
                    }
                    L::enter(GruBiasGradient {
                        step: &gates,
                        reset_after,
                    });
                    (product.start, product.start_row, product.start_block) = (memory.start, L::N, rows * L::N);
                }
            }
            if s == 0 {
                return;
            }
            match self.call.cell {
                Cell::SimpleRnn => delta_product::<L, Single>(&product),
                Cell::Lstm => delta_product::<L, AllFour>(&product),
                Cell::Gru { reset_after: true } => delta_product::<L, GruRecurrent>(&product),
                Cell::Gru { reset_after: false } => delta_product::<L, GruGatesOnly>(&product),
            }
            if let Some(mask) = mask {
                let (base, base_row, base_block) = match self.call.cell {
                    Cell::Gru { .. } => (memory.base.cast_const(), L::N, rows * L::N),
                    _ => (dy_before, self.dy_row(), L::N),
                };
                let masked = MaskedGradient {
                    rows,
                    hidden,
                    mask,
                    base,
                    base_row,
                    base_block,
                    dh: memory.dh,
                };
                masked.finish::<L>();
            }
        }
    }
}
