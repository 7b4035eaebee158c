//! A recurrent layer backward through time, chunk by chunk.
//!
//! A step has only what depends on the step before: the product that gives dh, and the gates' gradients, which leave the deltas in the
//! gates' place. The weight gradients and dx follow after every few steps, as longer products over deltas that are still in the cache.

use crate::buffer::Buffer;
use crate::call::Call;
use crate::cell::{Cell, Direction, LayerShape};
use crate::delta_tile::{
    AllFour, DeltaStep, GruCandidateOnly, GruGatesOnly, GruInput, GruRecurrent, Single, delta_product, panel_vectors,
};
use crate::gate_gradient::{GateStep, GruBiasGradient, GruGradient, GruResetGradient, LstmGradient, SimpleRnnGradient};
use crate::lanes::Lanes;
use crate::layout::time;
use crate::pack::{PackForward, PackTransposed, forward_len, transposed_len};
use crate::pass::{Gradients, Pass};
use crate::recurrent_mask::MaskedGradient;
use crate::scratch::{ChunkScratch, PackedPass, PassScratch};
use crate::weight_tile::{DEPTH, WeightProduct, weight_product};
use std::ops::Range;
use std::ptr::{null, null_mut};

/// Packs the transposed weights of one pass; the kernel's only where dx is wanted.
pub(crate) fn pack_backward<L: Lanes>(call: Call<'_>, pass: &Pass<'_>, wants_dx: bool, packed: &mut PackedPass) {
    let LayerShape { inputs, hidden, .. } = call.shape;
    let columns = call.cell.gates() * hidden;
    let pack = |weights, outputs, gates: &'static [usize], to: &mut Buffer| {
        let vectors = panel_vectors::<L>(outputs, call.cell);
        let to = to.reserve(transposed_len::<L>(outputs, hidden, gates.len(), vectors));
        // SAFETY: the buffer has room for the panels, and L's instruction set was chosen for this processor.
        unsafe {
            L::enter(PackTransposed {
                weights,
                columns,
                hidden,
                gates,
                vectors,
                to,
            })
        };
    };
    let (all, recurrent): (&'static [usize], &'static [usize]) = match call.cell {
        Cell::SimpleRnn => (&[0], &[0]),
        Cell::Lstm => (&[0, 1, 2, 3], &[0, 1, 2, 3]),
        Cell::Gru { reset_after: true } => (&[0, 1, 2], &[0, 1, 2]),
        Cell::Gru { reset_after: false } => (&[0, 1, 2], &[0, 1]),
    };
    let [first, second] = &mut packed.recurrent_kernel;
    pack(pass.weights.recurrent_kernel, hidden, recurrent, first);
    if recurrent.len() < all.len() {
        pack(pass.weights.recurrent_kernel, hidden, &[2], second);
    }
    if wants_dx {
        pack(pass.weights.kernel, inputs, all, &mut packed.kernel);
    }
}

/// Backward over one chunk; `dy` and `dx` are the chunk's rows. Gradients go to `gradients`, or, without one, to the chunk's partial sums.
pub(crate) fn backward_chunk<L: Lanes>(
    call: Call<'_>,
    packed: &[PackedPass],
    scratch: &mut ChunkScratch,
    dy: &[f32],
    dx: Option<&mut [f32]>,
    gradients: Option<&mut [Gradients<'_>]>,
) {
    let dx = dx.map_or(null_mut(), |dx| dx.as_mut_ptr());
    let mut gradients = gradients.map(|gradients| gradients.iter_mut());
    let x = scratch.x.as_ptr();
    for (p, ((pass, packed), scratch)) in call.passes.iter().zip(packed).zip(&mut scratch.passes).enumerate() {
        let mut back = Back {
            call,
            pass,
            packed,
            x,
            dy: dy[(p * call.shape.hidden).min(dy.len())..].as_ptr(),
            dx,
        };
        if let Some(gradients) = gradients.as_mut().and_then(Iterator::next) {
            back.run::<L>(scratch, gradients);
        } else {
            let mut partial = std::mem::take(&mut scratch.partial);
            let weights = &pass.weights;
            for (part, like) in partial
                .iter_mut()
                .zip([weights.kernel, weights.recurrent_kernel, weights.bias])
            {
                part.clear();
                part.resize(like.len(), 0.0);
            }
            let [kernel, recurrent_kernel, bias] = &mut partial;
            back.run::<L>(
                scratch,
                &mut Gradients {
                    kernel,
                    recurrent_kernel,
                    bias,
                },
            );
            scratch.partial = partial;
        }
    }
}

struct Back<'a> {
    call: Call<'a>,
    pass: &'a Pass<'a>,
    packed: &'a PackedPass,
    x: *const f32,
    dy: *const f32,
    dx: *mut f32,
}

/// The memory of one pass over one chunk.
struct Memory {
    saved: *mut f32,
    cell: *const f32,
    state: *const f32,
    /// The states as the recurrent kernel saw them: `state`, or that times the mask.
    masked: *const f32,
    reset: *const f32,
    dh: *mut f32,
    dc: *mut f32,
    start: *mut f32,
    d_reset: *mut f32,
    base: *mut f32,
    bias: *mut f32,
}

impl Back<'_> {
    fn run<L: Lanes>(&mut self, scratch: &mut PassScratch, gradients: &mut Gradients<'_>) {
        let LayerShape {
            batch: rows,
            steps,
            hidden,
            ..
        } = self.call.shape;
        let one_step = hidden.div_ceil(L::N) * rows * L::N;
        let memory = Memory {
            saved: scratch.saved.reserve(0),
            cell: scratch.cell.as_ptr(),
            state: scratch.state.as_ptr(),
            masked: if self.call.masked() {
                scratch.masked.as_ptr()
            } else {
                scratch.state.as_ptr()
            },
            reset: scratch.reset.as_ptr(),
            dh: scratch.dh.reserve(one_step),
            dc: scratch.dc.reserve(one_step),
            start: scratch.start.reserve(one_step),
            d_reset: scratch.d_reset.reserve(one_step),
            base: scratch.base.reserve(if self.call.masked() { one_step } else { 0 }),
            bias: self.load_bias::<L>(&mut scratch.bias, gradients.bias),
        };
        // SAFETY: `dc` was reserved with this size.
        unsafe { memory.dc.write_bytes(0, one_step) };
        let at_once = (DEPTH / rows.max(1)).max(1);
        let mut end = steps;
        while end > 0 {
            let group = end.saturating_sub(at_once)..end;
            for s in group.clone().rev() {
                self.step::<L>(&memory, s);
            }
            self.weight_gradients::<L>(&memory, group.clone(), gradients);
            if !self.dx.is_null() {
                self.add_dx::<L>(&memory, group.clone());
            }
            end = group.start;
        }
        self.store_bias::<L>(memory.bias, gradients.bias);
    }

    /// The bias gradient as `[block][sums][N]`.
    fn load_bias<L: Lanes>(&self, to: &mut Buffer, bias: &[f32]) -> *mut f32 {
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

    fn store_bias<L: Lanes>(&self, from: *const f32, bias: &mut [f32]) {
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

    /// The gradient of the output at a step, or null where it has none.
    fn dy_at(&self, s: usize) -> *const f32 {
        let LayerShape { steps, hidden, .. } = self.call.shape;
        match (self.call.return_sequences, s + 1 == steps) {
            (true, _) => self
                .dy
                .wrapping_add(time(self.pass.direction, steps, s) * self.call.passes.len() * hidden),
            (false, true) => self.dy,
            (false, false) => null(),
        }
    }

    fn dy_row(&self) -> usize {
        let columns = self.call.passes.len() * self.call.shape.hidden;
        if self.call.return_sequences {
            self.call.shape.steps * columns
        } else {
            columns
        }
    }

    fn step<L: Lanes>(&self, memory: &Memory, s: usize) {
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

    fn weight_gradients<L: Lanes>(&self, memory: &Memory, group: Range<usize>, gradients: &mut Gradients<'_>) {
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

    fn add_dx<L: Lanes>(&self, memory: &Memory, group: Range<usize>) {
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
