//! What a recurrent layer keeps between its calls.

use crate::buffer::Buffer;
use crate::cell::{Cell, Direction, LayerShape};
use crate::isa::Isa;

/// What the backward pass needs of the forward pass, and working memory. Reused from batch to batch: it grows to the
/// largest batch seen and stays.
#[derive(Debug, Default)]
pub struct RecurrentScratch {
    /// The forward pass that the memory holds, until a backward pass uses it up.
    pub(crate) remembered: Option<Remembered>,
    pub(crate) weights: Vec<PackedPass>,
    pub(crate) chunks: Vec<ChunkScratch>,
}

/// A forward pass that can be gone back through: the instruction set, whose vector length the layouts follow, and what decides their sizes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Remembered {
    pub(crate) isa: Isa,
    pub(crate) cell: Cell,
    pub(crate) shape: LayerShape,
    pub(crate) passes: usize,
    /// Whether the state before the first step was given, which takes a place of its own.
    pub(crate) begins: bool,
    pub(crate) masked: bool,
}

/// The packed weights of one pass, shared by all chunks. A GRU without `reset_after` has two phases, every other cell one.
#[derive(Debug, Default)]
pub(crate) struct PackedPass {
    pub(crate) direction: Direction,
    pub(crate) forward: [PackedForward; 2],
    /// GRU with `reset_after`: what the sums start from, `[4·hidden]`.
    pub(crate) starts: Vec<f32>,
    /// The kernel transposed, for dx.
    pub(crate) kernel: Buffer,
    /// The recurrent kernel transposed, for dh; the second for a GRU's candidate.
    pub(crate) recurrent_kernel: [Buffer; 2],
}

/// Panels for one phase of the forward pass.
#[derive(Debug, Default)]
pub(crate) struct PackedForward {
    pub(crate) kernel: Buffer,
    pub(crate) recurrent_kernel: Buffer,
    pub(crate) bias: Buffer,
}

/// Memory of one chunk of batch rows.
#[derive(Debug, Default)]
pub(crate) struct ChunkScratch {
    /// The input by time, `[steps, rows, inputs]`.
    pub(crate) x: Buffer,
    pub(crate) passes: Vec<PassScratch>,
}

/// Memory of one pass over one chunk, by step in reading order; N is the vector length.
#[derive(Debug, Default)]
pub(crate) struct PassScratch {
    /// Gates, then deltas: `[block][step][row][stored][N]`.
    pub(crate) saved: Buffer,
    /// LSTM: cell states, `[block][step][row][N]`.
    pub(crate) cell: Buffer,
    /// States, `[step][row][hidden]`.
    pub(crate) state: Buffer,
    /// Recurrent dropout: states times the mask, as `state`.
    pub(crate) masked: Buffer,
    /// GRU without `reset_after`: states after the reset gate, `[step][row][hidden]`.
    pub(crate) reset: Buffer,
    /// Sums between the pieces of a product, `[row][vector][N]`.
    pub(crate) waiting: Buffer,
    /// Gradients of the state and of the cell state, of one step: `[block][row][N]`.
    pub(crate) dh: Buffer,
    pub(crate) dc: Buffer,
    pub(crate) start: Buffer,
    pub(crate) d_reset: Buffer,
    /// Recurrent dropout of a GRU: what of the state's gradient does not go through the recurrent kernel, `[block][row][N]`.
    pub(crate) base: Buffer,
    /// Bias gradients, `[block][sums][N]`.
    pub(crate) bias: Buffer,
    /// The weight gradients of every chunk but the first.
    pub(crate) partial: [Vec<f32>; 3],
}

/// Makes a list at least `len` long.
pub(crate) fn at_least<T: Default>(list: &mut Vec<T>, len: usize) -> &mut [T] {
    if list.len() < len {
        list.resize_with(len, T::default);
    }
    &mut list[..len]
}
