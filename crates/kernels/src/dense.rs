//! A dense layer without activation: `y = x·W + b`.
//!
//! It is the recurrent layers' tiles without the recurrence: the forward tile with a cell that does nothing, the delta product for dx, and the
//! weight product for one step.

use crate::buffer::Buffer;
use crate::cell::Cell;
use crate::delta_tile::{DeltaStep, Single, delta_product, panel_vectors};
use crate::forward_tile::{ForwardStep, Linear, forward_step};
use crate::lanes::{Kernel, Lanes, with_lanes};
use crate::layout::{product, simple_rnn_blocks};
use crate::pack::{PackForward, PackTransposed, forward_len, transposed_len};
use crate::weight_tile::{WeightProduct, weight_product};
use std::cell::RefCell;
use std::ptr::{null, null_mut};

/// Sizes of a dense layer applied to some rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DenseShape {
    /// Rows (batch, or batch × steps).
    pub rows: usize,
    /// Values per row in.
    pub inputs: usize,
    /// Values per row out.
    pub outputs: usize,
}

impl DenseShape {
    fn check(&self, kernel: &[f32], bias: &[f32], x: &[f32], y: &[f32]) {
        let Self { rows, inputs, outputs } = *self;
        assert_eq!(Some(kernel.len()), product([inputs, outputs]), "values of the kernel");
        assert_eq!(bias.len(), outputs, "values of the bias");
        assert_eq!(Some(x.len()), product([rows, inputs]), "values of x");
        assert_eq!(Some(y.len()), product([rows, outputs]), "values of y");
    }

    fn is_empty(&self) -> bool {
        self.rows == 0 || self.inputs == 0 || self.outputs == 0
    }
}

/// Working memory of a dense layer; it grows to the largest layer seen and stays.
#[derive(Debug, Default)]
pub struct DenseScratch {
    weights: Buffer,
    bias: Buffer,
    waiting: Buffer,
    deltas: Buffer,
}

thread_local! {
    /// That of calls that bring none along.
    static SCRATCH: RefCell<DenseScratch> = RefCell::default();
}

/// `y = x·W + b`, with `x` `[rows, inputs]`, `kernel` `[inputs, outputs]`, `bias` `[outputs]`, `y` `[rows, outputs]`.
///
/// # Panics
/// If a slice's length does not fit `shape`.
pub fn dense_forward(shape: DenseShape, kernel: &[f32], bias: &[f32], x: &[f32], y: &mut [f32]) {
    SCRATCH.with_borrow_mut(|scratch| dense_infer(shape, kernel, bias, x, scratch, y));
}

/// [`dense_forward`] with memory of the caller's, for threads that do not live long.
///
/// # Panics
/// If a slice's length does not fit `shape`.
pub fn dense_infer(
    shape: DenseShape,
    kernel: &[f32],
    bias: &[f32],
    x: &[f32],
    scratch: &mut DenseScratch,
    y: &mut [f32],
) {
    shape.check(kernel, bias, x, y);
    if shape.is_empty() {
        y.chunks_exact_mut(shape.outputs.max(1))
            .for_each(|row| row.copy_from_slice(bias));
        return;
    }
    with_lanes!(L => forward::<L>(shape, kernel, bias, x, scratch, y));
}

fn forward<L: Lanes>(
    shape: DenseShape,
    kernel: &[f32],
    bias: &[f32],
    x: &[f32],
    scratch: &mut DenseScratch,
    y: &mut [f32],
) {
    let DenseShape { rows, inputs, outputs } = shape;
    let blocks = simple_rnn_blocks::<L>(outputs);
    let pack = |weights, k, to: &mut Buffer| {
        let to = to.reserve(forward_len::<L>(k, outputs, 1, blocks));
        // SAFETY: the buffer has room for the panels, and L's instruction set was chosen for this processor.
        unsafe {
            L::enter(PackForward {
                weights,
                columns: outputs,
                hidden: outputs,
                gates: &[0],
                blocks,
                to,
            })
        };
        to.cast_const()
    };
    let step = ForwardStep {
        rows,
        hidden: outputs,
        start: pack(bias, 1, &mut scratch.bias),
        x: x.as_ptr(),
        x_row: inputs,
        inputs,
        w: pack(kernel, inputs, &mut scratch.weights),
        h: null(),
        h_row: 0,
        states: 0,
        u: null(),
        saved: null_mut(),
        saved_block: 0,
        cell_before: null(),
        cell: null_mut(),
        cell_block: 0,
        state_before: null(),
        state: null_mut(),
        state_row: 0,
        waiting: scratch.waiting.reserve(rows * 4 * L::N),
        y: y.as_mut_ptr(),
        y_row: outputs,
    };
    // SAFETY: the slices have the shape's sizes, and the buffers were reserved for it.
    unsafe {
        match blocks {
            1 => forward_step::<L, Linear<1>>(&step),
            2 => forward_step::<L, Linear<2>>(&step),
            3 => forward_step::<L, Linear<3>>(&step),
            _ => forward_step::<L, Linear<4>>(&step),
        }
    }
}

/// Adds the gradients of [`dense_forward`] to `dx` (`None` where nobody needs it), `dkernel` and `dbias`.
///
/// # Panics
/// If a slice's length does not fit `shape`.
pub fn dense_backward(
    shape: DenseShape,
    kernel: &[f32],
    x: &[f32],
    dy: &[f32],
    dx: Option<&mut [f32]>,
    dkernel: &mut [f32],
    dbias: &mut [f32],
) {
    shape.check(kernel, dbias, x, dy);
    assert_eq!(dkernel.len(), kernel.len(), "gradients of the kernel");
    assert!(dx.as_ref().is_none_or(|dx| dx.len() == x.len()), "values of dx");
    for row in dy.chunks_exact(shape.outputs.max(1)) {
        dbias.iter_mut().zip(row).for_each(|(sum, dy)| *sum += dy);
    }
    if !shape.is_empty() {
        SCRATCH.with_borrow_mut(|scratch| with_lanes!(L => backward::<L>(shape, kernel, x, dy, dx, scratch, dkernel)));
    }
}

fn backward<L: Lanes>(
    shape: DenseShape,
    kernel: &[f32],
    x: &[f32],
    dy: &[f32],
    dx: Option<&mut [f32]>,
    scratch: &mut DenseScratch,
    dkernel: &mut [f32],
) {
    let DenseShape { rows, inputs, outputs } = shape;
    let deltas = scratch.deltas.reserve(outputs.div_ceil(L::N) * rows * L::N);
    // SAFETY: the buffer has room for all blocks, and L's instruction set was chosen for this processor.
    unsafe {
        L::enter(Blocks {
            rows,
            outputs,
            from: dy,
            to: deltas,
        })
    };
    if let Some(dx) = dx {
        let out = dx.as_mut_ptr();
        let vectors = panel_vectors::<L>(inputs, Cell::SimpleRnn);
        let to = scratch
            .weights
            .reserve(transposed_len::<L>(inputs, outputs, 1, vectors));
        let pack = PackTransposed {
            weights: kernel,
            columns: outputs,
            hidden: outputs,
            gates: &[0],
            vectors,
            to,
        };
        let back = DeltaStep {
            rows,
            hidden: outputs,
            deltas,
            deltas_block: rows * L::N,
            weights: to,
            vectors,
            outputs: inputs,
            start: out,
            start_row: inputs,
            start_block: L::N,
            out,
            out_row: inputs,
            out_block: L::N,
        };
        // SAFETY: the buffers have room, the slices have the shape's sizes.
        unsafe {
            L::enter(pack);
            delta_product::<L, Single>(&back);
        }
    }
    let weights = WeightProduct {
        a: x.as_ptr(),
        a_step: 0,
        inputs,
        deltas,
        deltas_step: 0,
        deltas_block: rows * L::N,
        stored: 1,
        gates: &[0],
        first_gate: 0,
        hidden: outputs,
        rows,
        steps: 1,
        gradient: dkernel.as_mut_ptr(),
        columns: outputs,
    };
    // SAFETY: as above.
    unsafe { weight_product::<L>(&weights) };
}

/// Rows `[rows, outputs]` as blocks `[block][row][N]`.
struct Blocks<'a> {
    rows: usize,
    outputs: usize,
    from: &'a [f32],
    to: *mut f32,
}

impl Kernel for Blocks<'_> {
    #[inline(always)]
    unsafe fn run<L: Lanes>(self) {
        for (row, values) in self.from.chunks_exact(self.outputs).enumerate() {
            for (block, values) in values.chunks(L::N).enumerate() {
                // SAFETY: `to` has room for all blocks of all rows.
                unsafe {
                    let value = L::load_first(values.as_ptr(), values.len());
                    L::store(self.to.add((block * self.rows + row) * L::N), value);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{DenseShape, dense_forward};

    #[test]
    #[should_panic(expected = "values of x")]
    fn sizes_whose_product_wraps_are_refused() {
        let shape = DenseShape {
            rows: 1 << 63,
            inputs: 2,
            outputs: 2,
        };
        dense_forward(shape, &[0.0; 4], &[0.0; 2], &[], &mut []);
    }
}
