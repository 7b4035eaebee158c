//! Gradients through a product: `start + Σ_(unit, gate) delta[unit, gate]·weights[k, gate, unit]` for every row and every k.
//!
//! The deltas are read value by value out of the panels that the gate kernels wrote (`[block][row][stored vectors][N]`), never the padding of
//! the last block: an added +0 would turn a -0 sum into +0, and whether there is padding depends on the instruction set.

use crate::cell::Cell;
use crate::forward_tile::CACHED_PANEL;
use crate::lanes::{Kernel, Lanes};
use crate::tile::{Sums, split, with_rows};
use std::marker::PhantomData;

/// Which of the stored vectors of a unit take part, in the order of the chain.
pub(crate) trait DeltaOrder {
    /// Vectors stored for a block.
    const STORED: usize;
    /// The vectors that are read.
    const GATES: &'static [usize];
    /// Whether there are panels of three vectors (each length is compiled for itself).
    const THREE: bool;
}

macro_rules! orders {
    ($($(#[$doc:meta])* $name:ident: $stored:literal, $gates:expr, $three:literal;)*) => {$(
        $(#[$doc])*
        pub(crate) struct $name;

        impl DeltaOrder for $name {
            const STORED: usize = $stored;
            const GATES: &'static [usize] = &$gates;
            const THREE: bool = $three;
        }
    )*};
}

orders! {
    /// One vector for a block: a simple recurrent cell, a dense layer.
    Single: 1, [0], true;
    /// The four gates of an LSTM.
    AllFour: 4, [0, 1, 2, 3], true;
    /// A GRU's z, r and candidate, as the input's product sees them.
    GruInput: 4, [0, 1, 2], false;
    /// A GRU's z, r and candidate, as the recurrent product sees them with `reset_after`.
    GruRecurrent: 4, [0, 1, 3], false;
    /// A GRU's z and r.
    GruGatesOnly: 4, [0, 1], false;
    /// A GRU's candidate.
    GruCandidateOnly: 4, [2], false;
}

/// What the tiles of one product read and write; strides as in [`crate::forward_tile::ForwardStep`].
///
/// # Safety
/// The pointers must be valid for `rows` rows, and nothing written may be read elsewhere meanwhile.
#[derive(Debug, Clone)]
pub(crate) struct DeltaStep {
    pub(crate) rows: usize,
    /// Units of the deltas.
    pub(crate) hidden: usize,
    pub(crate) deltas: *const f32,
    pub(crate) deltas_block: usize,
    /// Transposed panels of the weights, [`crate::pack::PackTransposed`].
    pub(crate) weights: *const f32,
    /// Vectors of a panel (2 to 4).
    pub(crate) vectors: usize,
    /// Values of an output row.
    pub(crate) outputs: usize,
    /// What the chains start from, or null for +0.
    pub(crate) start: *const f32,
    pub(crate) start_row: usize,
    pub(crate) start_block: usize,
    pub(crate) out: *mut f32,
    pub(crate) out_row: usize,
    pub(crate) out_block: usize,
}

struct DeltaTile<'a, O, const V: usize, const R: usize> {
    step: &'a DeltaStep,
    panel: usize,
    row: usize,
    /// The piece of the sums, in units: first and count. The first is the first of a block.
    units: (usize, usize),
    order: PhantomData<O>,
}

impl<O: DeltaOrder, const V: usize, const R: usize> Kernel for DeltaTile<'_, O, V, R> {
    #[inline(always)]
    unsafe fn run<L: Lanes>(self) {
        let Self {
            step,
            panel,
            row,
            units: (first, mut left),
            ..
        } = self;
        let count = |v: usize| step.outputs.saturating_sub((panel * V + v) * L::N).min(L::N);
        // SAFETY: the step's pointers are valid for this tile's rows and panel; vectors without outputs are left alone.
        unsafe {
            let mut sums: Sums<L::V, R> = [[L::splat(0.0); 4]; R];
            let (start, start_row, start_block) = match first {
                0 => (step.start, step.start_row, step.start_block),
                _ => (step.out.cast_const(), step.out_row, step.out_block),
            };
            if !start.is_null() {
                for (r, sums) in sums.iter_mut().enumerate() {
                    for (v, sum) in sums.iter_mut().enumerate().take(V) {
                        if count(v) > 0 {
                            let place = (row + r) * start_row + (panel * V + v) * start_block;
                            *sum = L::load_first(start.add(place), count(v));
                        }
                    }
                }
            }
            let stride = O::STORED * L::N;
            let mut weights = step
                .weights
                .add((panel * step.hidden + first) * O::GATES.len() * V * L::N);
            let mut block = step.deltas.add(first / L::N * step.deltas_block + row * stride);
            while left > 0 {
                let units = left.min(L::N);
                let mut delta = block;
                for _ in 0..units {
                    for &gate in O::GATES {
                        let mut vectors = [L::splat(0.0); 4];
                        for (v, vector) in vectors.iter_mut().enumerate().take(V) {
                            *vector = L::load(weights.add(v * L::N));
                        }
                        for (r, sums) in sums.iter_mut().enumerate() {
                            let value = L::splat(*delta.add(r * stride + gate * L::N));
                            for v in 0..V {
                                sums[v] = L::fma(value, vectors[v], sums[v]);
                            }
                        }
                        weights = weights.add(V * L::N);
                    }
                    delta = delta.add(1);
                }
                block = block.wrapping_add(step.deltas_block);
                left -= units;
            }
            for (r, sums) in sums.into_iter().enumerate() {
                for (v, sum) in sums.into_iter().enumerate().take(V) {
                    if count(v) > 0 {
                        let place = (row + r) * step.out_row + (panel * V + v) * step.out_block;
                        L::store_first(step.out.add(place), count(v), sum);
                    }
                }
            }
        }
    }
}

/// Vectors of a panel for `outputs` values: as few padded ones as can be, then as many as can be.
pub(crate) fn panel_vectors<L: Lanes>(outputs: usize, cell: Cell) -> usize {
    let blocks = outputs.div_ceil(L::N);
    let lengths: &[usize] = if matches!(cell, Cell::Gru { .. }) {
        &[4, 2]
    } else {
        &[4, 3, 2]
    };
    lengths
        .iter()
        .copied()
        .min_by_key(|vectors| blocks.div_ceil(*vectors) * vectors)
        .unwrap_or(4)
}

/// Runs one product.
///
/// # Safety
/// That of [`DeltaStep`], and the processor must have the instruction set.
pub(crate) unsafe fn delta_product<L: Lanes, O: DeltaOrder>(step: &DeltaStep) {
    // SAFETY: as the caller promises.
    unsafe {
        match step.vectors {
            2 => panels::<L, O, 2>(step),
            3 if const { O::THREE } => panels::<L, O, 3>(step),
            _ => panels::<L, O, 4>(step),
        }
    }
}

unsafe fn panels<L: Lanes, O: DeltaOrder, const V: usize>(step: &DeltaStep) {
    // Whole blocks of units whose weights stay in the first-level cache; in between the sums wait, exactly, in the output.
    let piece = (CACHED_PANEL / (4 * O::GATES.len() * V * L::N) / L::N).max(1) * L::N;
    for panel in 0..step.outputs.div_ceil(V * L::N) {
        for first in (0..step.hidden).step_by(piece) {
            let units = (first, piece.min(step.hidden - first));
            for (row, rows) in split(step.rows, const { L::ROWS[V - 1] }) {
                let order = PhantomData::<O>;
                // SAFETY: as the caller promises.
                with_rows!(L, V, rows, R => unsafe {
                    L::enter(DeltaTile::<O, V, R> { step, panel, row, units, order });
                });
            }
        }
    }
}
