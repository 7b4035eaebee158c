//! A recurrent layer forward through the window, chunk by chunk.

use crate::buffer::Buffer;
use crate::call::Call;
use crate::carried::lay;
use crate::cell::{Cell, LayerShape, Outputs};
use crate::cells::{GruCandidate, GruGates, GruResetAfter, Lstm, SimpleRnn};
use crate::forward_tile::{ForwardStep, forward_step};
use crate::lanes::Lanes;
use crate::layout::{simple_rnn_blocks, time};
use crate::pack::{PackForward, forward_len};
use crate::pass::Pass;
use crate::recurrent_mask::apply;
use crate::scratch::{ChunkScratch, PackedForward, PackedPass, PassScratch, at_least};
use std::ptr::{null, null_mut};

/// A phase of a cell: the gates of its products with the input and the state, those of its bias, and its unit blocks per panel.
struct Phase {
    products: &'static [usize],
    bias: &'static [usize],
    blocks: usize,
}

/// A cell's phases; a GRU without `reset_after` has two.
fn phases<L: Lanes>(cell: Cell, hidden: usize) -> [Option<Phase>; 2] {
    let phase = |products, bias, blocks| Some(Phase { products, bias, blocks });
    match cell {
        Cell::SimpleRnn => [phase(&[0], &[0], simple_rnn_blocks::<L>(hidden)), None],
        Cell::Lstm => [phase(&[0, 1, 2, 3], &[0, 1, 2, 3], 1), None],
        Cell::Gru { reset_after: true } => [phase(&[0, 1, 2], &[0, 1, 2, 3], 1), None],
        Cell::Gru { reset_after: false } => [phase(&[0, 1], &[0, 1], 1), phase(&[2], &[2], 1)],
    }
}

/// Packs the weights of one pass.
pub(crate) fn pack_forward<L: Lanes>(call: Call<'_>, pass: &Pass<'_>, packed: &mut PackedPass) {
    let LayerShape { inputs, hidden, .. } = call.shape;
    let columns = call.cell.gates() * hidden;
    packed.direction = pass.direction;
    let mut bias = pass.weights.bias;
    if call.cell == (Cell::Gru { reset_after: true }) {
        // The two biases of z and of r are one start; the candidate's stay apart.
        let (input, recurrent) = bias.split_at(columns);
        packed.starts.clear();
        packed.starts.extend(
            input
                .iter()
                .zip(recurrent)
                .take(2 * hidden)
                .map(|(input, recurrent)| input + recurrent),
        );
        packed.starts.extend_from_slice(&input[2 * hidden..]);
        packed.starts.extend_from_slice(&recurrent[2 * hidden..]);
        bias = &packed.starts;
    }
    for (phase, packed) in phases::<L>(call.cell, hidden)
        .into_iter()
        .flatten()
        .zip(&mut packed.forward)
    {
        let pack = |weights, columns, gates: &'static [usize], k, to: &mut Buffer| {
            let to = to.reserve(forward_len::<L>(k, hidden, gates.len(), phase.blocks));
            // SAFETY: the buffer has room for the panels, and L's instruction set was chosen for this processor.
            unsafe {
                L::enter(PackForward {
                    weights,
                    columns,
                    hidden,
                    gates,
                    blocks: phase.blocks,
                    to,
                })
            };
        };
        pack(pass.weights.kernel, columns, phase.products, inputs, &mut packed.kernel);
        pack(
            pass.weights.recurrent_kernel,
            columns,
            phase.products,
            hidden,
            &mut packed.recurrent_kernel,
        );
        pack(bias, bias.len(), phase.bias, 1, &mut packed.bias);
    }
}

/// How the forward pass keeps what it computes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keep {
    /// Every step, for the backward pass.
    All,
    /// The step before, for the next one.
    LastStep,
}

/// Forward over one chunk with packed weights, one of `packed` a pass; those of the call are not read. `x` and `y` are the chunk's rows.
pub(crate) fn forward_chunk<L: Lanes>(
    call: Call<'_>,
    packed: &[PackedPass],
    x: &[f32],
    keep: Keep,
    scratch: &mut ChunkScratch,
    y: &mut [f32],
) {
    let LayerShape {
        batch: rows,
        steps,
        inputs,
        ..
    } = call.shape;
    let mut input = (x.as_ptr(), steps * inputs, inputs);
    if keep == Keep::All {
        let by_time = scratch.x.reserve(x.len());
        for (b, window) in x.chunks_exact(steps * inputs).enumerate() {
            for (t, values) in window.chunks_exact(inputs).enumerate() {
                // SAFETY: the buffer holds as many values as `x`, and this is the place of step t of row b among them.
                unsafe {
                    let place = by_time.add((t * rows + b) * inputs);
                    match *values {
                        // A call of memcpy costs more than a first layer's single value.
                        [value] => *place = value,
                        _ => place.copy_from_nonoverlapping(values.as_ptr(), inputs),
                    }
                }
            }
        }
        input = (by_time.cast_const(), inputs, rows * inputs);
    }
    let columns = packed.len() * call.shape.hidden;
    let memories = at_least(&mut scratch.passes, packed.len());
    for (p, (packed, scratch)) in packed.iter().zip(memories).enumerate() {
        let y = y.as_mut_ptr().wrapping_add(p * call.shape.hidden);
        forward_pass::<L>(call, call.passes.get(p), packed, input, keep, scratch, y, columns);
    }
}

/// `x` is a pointer and its strides from row to row and from step to step. Of `pass` the state and the mask alone are read.
#[expect(clippy::too_many_arguments, reason = "what it reads, keeps and writes")]
fn forward_pass<L: Lanes>(
    call: Call<'_>,
    pass: Option<&Pass<'_>>,
    packed: &PackedPass,
    x: (*const f32, usize, usize),
    keep: Keep,
    scratch: &mut PassScratch,
    y: *mut f32,
    columns: usize,
) {
    let LayerShape {
        batch: rows,
        steps,
        inputs,
        hidden,
    } = call.shape;
    let (blocks, stored) = (hidden.div_ceil(L::N), call.cell.stored());
    // A given state before the first step lies before those of the steps.
    let begins = usize::from(call.begins());
    let (slots, states) = if keep == Keep::All {
        (steps, steps + begins)
    } else {
        (2, 2)
    };
    let two_phases = call.cell == Cell::Gru { reset_after: false };
    let saved = match keep == Keep::All || two_phases {
        true => scratch.saved.reserve(blocks * slots * rows * stored * L::N),
        false => null_mut(),
    };
    let cell = match call.cell {
        Cell::Lstm => scratch.cell.reserve(blocks * states * rows * L::N),
        _ => null_mut(),
    };
    let state = scratch.state.reserve(states * rows * hidden);
    let mask = pass.and_then(|pass| call.mask(pass));
    let masked = mask.map_or(state, |_| scratch.masked.reserve(states * rows * hidden));
    if let Some(initial) = pass.and_then(|pass| pass.initial) {
        // SAFETY: the buffers were reserved for these sizes.
        unsafe {
            lay::<L>(call, initial, state, cell, states * rows * L::N);
            mask.inspect(|mask| apply(mask, state, masked));
        }
    }
    let reset = if two_phases {
        scratch.reset.reserve(slots * rows * hidden)
    } else {
        null_mut()
    };
    let waiting = scratch.waiting.reserve(rows * 4 * L::N);
    let [first, second] = &packed.forward;
    let simple_blocks = simple_rnn_blocks::<L>(hidden);
    // Where nothing is kept, two places take turns. (A remainder by their number would be a division in every step.)
    let place = |step: usize| if keep == Keep::All { step } else { step & 1 };
    for s in 0..steps {
        let t = time(packed.direction, steps, s);
        let (slot, state_slot) = (place(s), place(s + begins));
        let slot_before = (s + begins).checked_sub(1).map(place);
        let at = |base: *mut f32, step: usize| if base.is_null() { base } else { base.wrapping_add(step) };
        let before = |base: *mut f32, size: usize| match slot_before {
            None => null(),
            Some(slot) => at(base, slot * size).cast_const(),
        };
        let state_before = before(state, rows * hidden);
        let y_here = match call.outputs {
            Outputs::Sequences => y.wrapping_add(t * columns),
            Outputs::LastState if s + 1 == steps => y,
            Outputs::LastState => null_mut(),
        };
        let y_row = call.outputs.steps(steps) * columns;
        let mut step = ForwardStep {
            rows,
            hidden,
            start: null(),
            x: x.0.wrapping_add(t * x.2),
            x_row: x.1,
            inputs,
            w: null(),
            h: before(masked, rows * hidden),
            h_row: hidden,
            states: if slot_before.is_none() { 0 } else { hidden },
            u: null(),
            saved: at(saved, slot * rows * stored * L::N),
            saved_block: slots * rows * stored * L::N,
            cell_before: before(cell, rows * L::N),
            cell: at(cell, state_slot * rows * L::N),
            cell_block: states * rows * L::N,
            state_before,
            state: state.wrapping_add(state_slot * rows * hidden),
            state_row: hidden,
            waiting,
            y: y_here,
            y_row,
        };
        // SAFETY: the buffers were reserved, and packed, for these sizes; `y` has a row for each of the chunk's.
        unsafe {
            match call.cell {
                Cell::SimpleRnn => {
                    use_panels(&mut step, first);
                    match simple_blocks {
                        1 => forward_step::<L, SimpleRnn<1>>(&step),
                        2 => forward_step::<L, SimpleRnn<2>>(&step),
                        3 => forward_step::<L, SimpleRnn<3>>(&step),
                        _ => forward_step::<L, SimpleRnn<4>>(&step),
                    }
                }
                Cell::Lstm => {
                    use_panels(&mut step, first);
                    forward_step::<L, Lstm>(&step);
                }
                Cell::Gru { reset_after: true } => {
                    use_panels(&mut step, first);
                    forward_step::<L, GruResetAfter>(&step);
                }
                Cell::Gru { reset_after: false } => {
                    use_panels(&mut step, first);
                    let here = reset.wrapping_add(slot * rows * hidden);
                    let (y, y_row) = (step.y, step.y_row);
                    (step.y, step.y_row, step.state_before) = (here, hidden, step.h);
                    forward_step::<L, GruGates>(&step);
                    use_panels(&mut step, second);
                    (step.y, step.y_row, step.state_before, step.h) = (y, y_row, state_before, here);
                    forward_step::<L, GruCandidate>(&step);
                }
            }
            if let Some(mask) = mask {
                let place = state_slot * rows * hidden;
                apply(mask, state.wrapping_add(place), masked.wrapping_add(place));
            }
        }
    }
}

/// Points a step at the panels of a phase.
fn use_panels(step: &mut ForwardStep, packed: &PackedForward) {
    step.w = packed.kernel.as_ptr();
    step.u = packed.recurrent_kernel.as_ptr();
    step.start = packed.bias.as_ptr();
}
