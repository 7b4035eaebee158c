//! A recurrent layer without a backward pass: nothing is kept, and the weights can be packed once for many calls.

use crate::call::Call;
use crate::cell::{Cell, LayerShape, Outputs};
use crate::forward::{Keep, forward_chunk, pack_forward};
use crate::isa::Isa;
use crate::lanes::{Lanes, with_lanes};
use crate::pass::Pass;
use crate::scratch::{PackedPass, RecurrentScratch, at_least};

/// Rows that inference takes at a time: what they need of one step fits the second-level cache. Rows know nothing of each other in
/// the forward pass, so the cut changes no bit.
const INFERENCE_ROWS: usize = 64;

/// Forward without anything kept for a backward pass: the same bits as [`recurrent_forward`](crate::recurrent_forward()), less memory, and no
/// allocation once `scratch` has seen the shape. Whoever calls it many times with the same weights packs them once: [`PackedLayer`].
///
/// # Panics
/// If a slice's length does not fit `shape`.
pub fn recurrent_infer(
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
    with_lanes!(L => {
        pack::<L>(call, &mut scratch.weights);
        let RecurrentScratch { weights, chunks, .. } = scratch;
        infer::<L>(call, &weights[..passes.len()], x, at_least(chunks, 1), y);
    });
}

/// The weights of a recurrent layer as the kernels read them: packed once, then read by any number of calls, on any number of threads at a
/// time.
///
/// ```
/// use recurra_kernels::{Cell, Direction, LayerShape, Outputs, PackedLayer, Pass, RecurrentScratch, Weights};
///
/// let shape = LayerShape { batch: 2, steps: 5, inputs: 1, hidden: 3 };
/// let weights = Weights { kernel: &[0.1; 12], recurrent_kernel: &[0.2; 36], bias: &[0.0; 12] };
/// let passes = [Pass::new(Direction::Forward, weights)];
/// let mut layer = PackedLayer::default();
/// layer.pack(Cell::Lstm, shape.inputs, shape.hidden, &passes);
/// let mut y = [0.0; 2 * 3];
/// layer.infer(shape.batch, shape.steps, Outputs::LastState, &[0.5; 10], &mut RecurrentScratch::default(), &mut y);
/// assert_eq!(y[..3], y[3..]);
/// ```
#[derive(Debug, Default)]
pub struct PackedLayer {
    layout: Option<Layout>,
    weights: Vec<PackedPass>,
}

/// What the packed weights were packed for.
#[derive(Debug, Clone, Copy)]
struct Layout {
    isa: Isa,
    cell: Cell,
    inputs: usize,
    hidden: usize,
    passes: usize,
}

impl PackedLayer {
    /// Packs the weights of `passes` (not their states and masks) for the instruction set that this thread uses. The memory of what was packed before is used again.
    ///
    /// # Panics
    /// If the weights do not fit the sizes, or a size is zero.
    pub fn pack(&mut self, cell: Cell, inputs: usize, hidden: usize, passes: &[Pass<'_>]) {
        let shape = LayerShape {
            batch: 0,
            steps: 1,
            inputs,
            hidden,
        };
        let call = Call {
            cell,
            shape,
            passes,
            outputs: Outputs::LastState,
            first_row: 0,
        };
        call.check(&[], 0);
        with_lanes!(L => pack::<L>(call, &mut self.weights));
        self.layout = Some(Layout {
            isa: Isa::active(),
            cell,
            inputs,
            hidden,
            passes: passes.len(),
        });
    }

    /// Reads `x` `[batch, steps, inputs]` and writes every value of `y`: `[batch, steps, P·hidden]` or `[batch, P·hidden]` for P passes, as
    /// `outputs` says. The same bits as [`recurrent_forward`](crate::recurrent_forward()).
    ///
    /// # Panics
    /// If a slice's length does not fit, or nothing was packed.
    pub fn infer(
        &self,
        batch: usize,
        steps: usize,
        outputs: Outputs,
        x: &[f32],
        scratch: &mut RecurrentScratch,
        y: &mut [f32],
    ) {
        let layout = self.layout;
        assert!(layout.is_some(), "weights are packed before they are used");
        let Some(layout) = layout else { return };
        let shape = LayerShape {
            batch,
            steps,
            inputs: layout.inputs,
            hidden: layout.hidden,
        };
        let call = Call {
            cell: layout.cell,
            shape,
            passes: &[],
            outputs,
            first_row: 0,
        };
        call.check_sizes(x, y.len(), layout.passes);
        scratch.remembered = None;
        let (weights, memory) = (&self.weights[..layout.passes], at_least(&mut scratch.chunks, 1));
        // The layout is that of the instruction set for which it was packed.
        let outcome = layout
            .isa
            .with(|| with_lanes!(L => infer::<L>(call, weights, x, memory, y)));
        debug_assert!(outcome.is_ok(), "the weights were packed on this processor");
    }
}

fn pack<L: Lanes>(call: Call<'_>, packed: &mut Vec<PackedPass>) {
    let packed = at_least(packed, call.passes.len());
    for (pass, packed) in call.passes.iter().zip(packed) {
        pack_forward::<L>(call, pass, packed);
    }
}

fn infer<L: Lanes>(
    call: Call<'_>,
    packed: &[PackedPass],
    x: &[f32],
    memory: &mut [crate::scratch::ChunkScratch],
    y: &mut [f32],
) {
    let [memory, ..] = memory else { return };
    let x_width = call.shape.steps * call.shape.inputs;
    let y_width = call.outputs_per_row(packed.len());
    for (number, (x, y)) in x
        .chunks(INFERENCE_ROWS * x_width)
        .zip(y.chunks_mut(INFERENCE_ROWS * y_width))
        .enumerate()
    {
        let first = number * INFERENCE_ROWS;
        let rows = first..first + x.len() / x_width;
        forward_chunk::<L>(call.rows(&rows), packed, x, Keep::LastStep, memory, y);
    }
}
