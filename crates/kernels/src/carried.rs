//! The state that a pass begins with and the one that it leaves, in the layouts of the tiles.

use crate::call::Call;
use crate::cell::Cell;
use crate::chunks::chunks;
use crate::lanes::{Lanes, with_lanes};
use crate::pass::State;
use crate::scratch::{RecurrentScratch, Remembered};

/// Lays the state before the first step of a chunk's rows where the tiles read that of a step before.
///
/// # Safety
/// `state` must have room for `[rows, hidden]`, and `cell`, unless it is null, for the first `rows·N` values of every block.
pub(crate) unsafe fn lay<L: Lanes>(
    call: Call<'_>,
    given: State<'_>,
    state: *mut f32,
    cell: *mut f32,
    cell_block: usize,
) {
    let (rows, hidden) = (call.shape.batch, call.shape.hidden);
    let of_rows = |values: &'_ [f32]| values[call.first_row * hidden..][..rows * hidden].as_ptr();
    let given_hidden = of_rows(given.hidden);
    // SAFETY: as the caller promises; the slices were cut to the rows of the chunk.
    unsafe {
        state.copy_from_nonoverlapping(given_hidden, rows * hidden);
        if cell.is_null() {
            return;
        }
        let given_cell = of_rows(given.cell);
        for row in 0..rows {
            for n in 0..hidden {
                *cell.add(n / L::N * cell_block + row * L::N + n % L::N) = *given_cell.add(row * hidden + n);
            }
        }
    }
}

/// The state that pass number `pass` of the last [`recurrent_forward`](crate::recurrent_forward) with this `scratch` left after its last step.
///
/// Writes `hidden` `[batch, hidden]` and, for an LSTM, `cell` `[batch, hidden]` (empty for the other cells). To be called before
/// [`recurrent_backward`](crate::recurrent_backward), which uses the memory up.
///
/// # Panics
/// If the last use of `scratch` was not a forward pass, there was no such pass in it, or a slice's length does not fit its shape.
pub fn recurrent_final_state(scratch: &RecurrentScratch, pass: usize, hidden: &mut [f32], cell: &mut [f32]) {
    let remembered = scratch.remembered;
    assert!(remembered.is_some(), "the scratch holds no forward pass");
    let Some(remembered) = remembered else { return };
    assert!(pass < remembered.passes, "the forward pass had no pass {pass}");
    let values = remembered.shape.batch * remembered.shape.hidden;
    assert_eq!(hidden.len(), values, "values of the state");
    let cells = if remembered.cell == Cell::Lstm { values } else { 0 };
    assert_eq!(cell.len(), cells, "values of the cell state");
    let outcome = remembered
        .isa
        .with(|| with_lanes!(L => copy::<L>(scratch, remembered, pass, hidden, cell)));
    debug_assert!(outcome.is_ok(), "the forward pass ran on this instruction set");
}

fn copy<L: Lanes>(
    scratch: &RecurrentScratch,
    remembered: Remembered,
    pass: usize,
    hidden: &mut [f32],
    cell: &mut [f32],
) {
    let (shape, units) = (remembered.shape, remembered.shape.hidden);
    let slots = shape.steps + usize::from(remembered.begins);
    for (rows, chunk) in chunks(shape).zip(&scratch.chunks) {
        let (count, memory) = (rows.len(), &chunk.passes[pass]);
        let state = memory.state.as_ptr().wrapping_add((slots - 1) * count * units);
        for (index, value) in hidden[rows.start * units..rows.end * units].iter_mut().enumerate() {
            // SAFETY: the forward pass of this shape wrote the states of all steps.
            *value = unsafe { *state.add(index) };
        }
        if cell.is_empty() {
            continue;
        }
        let last = memory.cell.as_ptr().wrapping_add((slots - 1) * count * L::N);
        for (index, value) in cell[rows.start * units..rows.end * units].iter_mut().enumerate() {
            let (row, n) = (index / units, index % units);
            let place = n / L::N * slots * count * L::N + row * L::N + n % L::N;
            // SAFETY: the forward pass of this shape wrote the cell states of all steps, `[block][slot][row][N]`.
            *value = unsafe { *last.add(place) };
        }
    }
}
