//! A recurrent layer backward through time, chunk by chunk.
//!
//! A step has only what depends on the step before ([`crate::backward_step`]). The weight gradients and dx follow after every few steps, as longer
//! products over deltas that are still in the cache ([`crate::weight_gradients`]).

use crate::backward_step::{Back, Memory};
use crate::buffer::Buffer;
use crate::call::Call;
use crate::cell::{Cell, LayerShape};
use crate::delta_tile::panel_vectors;
use crate::lanes::Lanes;
use crate::pack::{PackTransposed, transposed_len};
use crate::pass::{Gradients, Pass};
use crate::scratch::{ChunkScratch, PackedPass, PassScratch};
use crate::weight_tile::DEPTH;
use std::ptr::null_mut;

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
}
