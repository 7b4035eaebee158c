//! A recurrent layer over a whole window: forward, and backward through time.

use crate::backward::{backward_chunk, pack_backward};
use crate::call::Call;
use crate::cell::{Cell, LayerShape, Outputs};
use crate::chunks::chunks;
use crate::forward::{Keep, forward_chunk, pack_forward};
use crate::isa::Isa;
use crate::lanes::{Lanes, with_lanes};
use crate::layout::multiply_adds;
use crate::pass::{Gradients, Pass};
use crate::scratch::{ChunkScratch, RecurrentScratch, at_least};
use crate::threads::{for_each, threads_that_pay};
use std::ops::Range;

/// Forward through the window, remembering in `scratch` what [`recurrent_backward`] needs.
///
/// `x` is `[batch, steps, inputs]`. `y` is `[batch, steps, P·hidden]` or `[batch, P·hidden]` for P passes, as `outputs` says; pass p fills columns `p·hidden .. (p+1)·hidden`. Every value of `y` is written.
///
/// # Panics
/// If a slice's length does not fit `shape`.
pub fn recurrent_forward(
    cell: Cell,
    shape: LayerShape,
    passes: &[Pass<'_>],
    outputs: Outputs,
    x: &[f32],
    scratch: &mut RecurrentScratch,
    y: &mut [f32],
) {
    let call = Call {
        cell,
        shape,
        passes,
        outputs,
        first_row: 0,
    };
    call.check(x, y.len());
    scratch.remembered = None;
    with_lanes!(L => forward::<L>(call, x, scratch, y));
    scratch.remembered = Some(call.remembered(Isa::active()));
}

/// Backward through time, after [`recurrent_forward`] with the same arguments and the same `scratch`.
///
/// `dy` has the layout of `y`. Gradients are *added* to `dx` (`[batch, steps, inputs]`; `None` where nobody needs it)
/// and to `gradients` (one per pass).
///
/// The memory is used up: for another backward pass there must be another forward pass.
///
/// # Panics
/// If a slice's length does not fit `shape`, or if the last use of `scratch` was not such a forward pass.
#[expect(
    clippy::too_many_arguments,
    reason = "the arguments of the forward pass and their gradients"
)]
pub fn recurrent_backward(
    cell: Cell,
    shape: LayerShape,
    passes: &[Pass<'_>],
    outputs: Outputs,
    x: &[f32],
    scratch: &mut RecurrentScratch,
    dy: &[f32],
    dx: Option<&mut [f32]>,
    gradients: &mut [Gradients<'_>],
) {
    let call = Call {
        cell,
        shape,
        passes,
        outputs,
        first_row: 0,
    };
    call.check(x, dy.len());
    call.check_gradients(dx.as_deref(), gradients);
    // What the memory holds must fit this call, or the kernels would read beyond it; and it holds gates only once.
    let remembered = scratch.remembered.take();
    let isa = remembered.map_or_else(Isa::active, |remembered| remembered.isa);
    assert_eq!(
        remembered,
        Some(call.remembered(isa)),
        "the scratch does not hold the forward pass of this call"
    );
    let outcome = isa.with(|| with_lanes!(L => backward::<L>(call, scratch, dy, dx, gradients)));
    debug_assert!(outcome.is_ok(), "the forward pass ran on this instruction set");
}

/// Takes the next `count` values off the front of a slice.
fn take<'a>(values: &mut &'a mut [f32], count: usize) -> &'a mut [f32] {
    let (front, rest) = std::mem::take(values).split_at_mut(count);
    *values = rest;
    front
}

struct ForwardTask<'a> {
    rows: Range<usize>,
    y: &'a mut [f32],
    scratch: &'a mut ChunkScratch,
}

fn forward<L: Lanes>(call: Call<'_>, x: &[f32], scratch: &mut RecurrentScratch, mut y: &mut [f32]) {
    let packed = at_least(&mut scratch.weights, call.passes.len());
    call.passes
        .iter()
        .zip(&mut *packed)
        .for_each(|(pass, packed)| pack_forward::<L>(call, pass, packed));
    let packed = &*packed;
    let memories = at_least(&mut scratch.chunks, chunks(call.shape).count());
    let mut tasks: Vec<_> = chunks(call.shape)
        .zip(memories)
        .map(|(rows, scratch)| ForwardTask {
            y: take(&mut y, rows.len() * call.outputs_per_row(call.passes.len())),
            rows,
            scratch,
        })
        .collect();
    let width = call.shape.steps * call.shape.inputs;
    let work = chunk_work(call.cell, call.shape, call.passes.len());
    for_each(&mut tasks, work, |task| {
        let x = &x[task.rows.start * width..task.rows.end * width];
        forward_chunk::<L>(call.rows(&task.rows), packed, x, Keep::All, task.scratch, task.y);
    });
}

/// Multiply-adds of one chunk.
fn chunk_work(cell: Cell, shape: LayerShape, passes: usize) -> usize {
    let rows = chunks(shape).next().map_or(0, |rows| rows.len());
    multiply_adds(cell, shape, passes, rows)
}

/// How many threads [`recurrent_forward`] works on for a layer of `passes` passes: no more than [`threads`](crate::threads()) allows, than the
/// layer has chunks, and than have enough to do. [`recurrent_backward`] has twice the work, so it works on at least as many.
///
/// ```
/// use recurra_kernels::{Cell, LayerShape, recurrent_threads, with_threads};
///
/// let shape = LayerShape { batch: 256, steps: 96, inputs: 256, hidden: 128 };
/// assert_eq!(with_threads(4, || recurrent_threads(Cell::Lstm, shape, 2)), 4);
/// // Small layers are never cut.
/// let small = LayerShape { hidden: 32, ..shape };
/// assert_eq!(with_threads(4, || recurrent_threads(Cell::Lstm, small, 2)), 1);
/// ```
#[must_use]
pub fn recurrent_threads(cell: Cell, shape: LayerShape, passes: usize) -> usize {
    threads_that_pay(chunks(shape).count(), chunk_work(cell, shape, passes))
}

struct BackwardTask<'a, 'g> {
    rows: Range<usize>,
    scratch: &'a mut ChunkScratch,
    dx: Option<&'a mut [f32]>,
    gradients: Option<&'a mut [Gradients<'g>]>,
}

fn backward<L: Lanes>(
    call: Call<'_>,
    scratch: &mut RecurrentScratch,
    dy: &[f32],
    mut dx: Option<&mut [f32]>,
    gradients: &mut [Gradients<'_>],
) {
    let packed = at_least(&mut scratch.weights, call.passes.len());
    let wants_dx = dx.is_some();
    for (pass, packed) in call.passes.iter().zip(&mut *packed) {
        pack_backward::<L>(call, pass, wants_dx, packed);
    }
    let packed = &*packed;
    let memories = at_least(&mut scratch.chunks, chunks(call.shape).count());
    let mut whole = Some(&mut *gradients);
    let mut tasks: Vec<_> = chunks(call.shape)
        .zip(&mut *memories)
        .map(|(rows, scratch)| {
            let count = rows.len() * call.shape.steps * call.shape.inputs;
            let dx = dx.as_mut().map(|dx| take(dx, count));
            BackwardTask {
                rows,
                scratch,
                dx,
                gradients: whole.take(),
            }
        })
        .collect();
    let width = call.outputs_per_row(call.passes.len());
    let work = chunk_work(call.cell, call.shape, call.passes.len());
    for_each(&mut tasks, 2 * work, |task| {
        let dy = &dy[task.rows.start * width..task.rows.end * width];
        let (dx, gradients) = (task.dx.as_deref_mut(), task.gradients.as_deref_mut());
        backward_chunk::<L>(call.rows(&task.rows), packed, task.scratch, dy, dx, gradients);
    });
    drop(tasks);
    for chunk in memories.iter().skip(1) {
        for (gradients, pass) in gradients.iter_mut().zip(&chunk.passes) {
            let [kernel, recurrent_kernel, bias] = &pass.partial;
            add(gradients.kernel, kernel);
            add(gradients.recurrent_kernel, recurrent_kernel);
            add(gradients.bias, bias);
        }
    }
}

fn add(total: &mut [f32], part: &[f32]) {
    for (total, part) in total.iter_mut().zip(part) {
        *total += part;
    }
}

#[cfg(test)]
mod tests {
    use super::{Gradients, Pass, recurrent_backward, recurrent_forward};
    use crate::cell::{Cell, Direction, LayerShape, Outputs};
    use crate::inference::recurrent_infer;
    use crate::pass::Weights;
    use crate::scratch::RecurrentScratch;

    fn forward_then_backward(batch: usize, backward_batch: usize) {
        let shape = LayerShape {
            batch,
            steps: 2,
            inputs: 1,
            hidden: 1,
        };
        let weights = Weights {
            kernel: &[0.5],
            recurrent_kernel: &[0.5],
            bias: &[0.0],
        };
        let pass = [Pass::new(Direction::Forward, weights)];
        let mut scratch = RecurrentScratch::default();
        let (x, mut y) = (vec![1.0; 2 * batch], vec![0.0; batch]);
        recurrent_forward(
            Cell::SimpleRnn,
            shape,
            &pass,
            Outputs::LastState,
            &x,
            &mut scratch,
            &mut y,
        );
        let shape = LayerShape {
            batch: backward_batch,
            ..shape
        };
        let (x, dy) = (vec![1.0; 2 * backward_batch], vec![1.0; backward_batch]);
        let (mut kernel, mut recurrent_kernel, mut bias) = ([0.0], [0.0], [0.0]);
        for _ in 0..2 {
            let mut gradients = [Gradients {
                kernel: &mut kernel,
                recurrent_kernel: &mut recurrent_kernel,
                bias: &mut bias,
            }];
            recurrent_backward(
                Cell::SimpleRnn,
                shape,
                &pass,
                Outputs::LastState,
                &x,
                &mut scratch,
                &dy,
                None,
                &mut gradients,
            );
        }
    }

    #[test]
    #[should_panic(expected = "does not hold the forward pass")]
    fn a_scratch_of_another_shape_is_refused() {
        forward_then_backward(1, 50);
    }

    #[test]
    #[should_panic(expected = "does not hold the forward pass")]
    fn a_memory_is_used_up() {
        forward_then_backward(2, 2);
    }

    /// Sizes whose product is that of an empty window once it has wrapped.
    #[test]
    #[should_panic(expected = "values of x")]
    fn sizes_whose_product_wraps_are_refused() {
        let shape = LayerShape {
            batch: 2,
            steps: 1 << 63,
            inputs: 1,
            hidden: 1,
        };
        let mut scratch = RecurrentScratch::default();
        recurrent_infer(
            Cell::SimpleRnn,
            shape,
            &[],
            Outputs::LastState,
            &[],
            &mut scratch,
            &mut [],
        );
    }
}
