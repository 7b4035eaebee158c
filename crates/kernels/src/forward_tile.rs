//! One step of a recurrent layer forward: the products with input and state and the cell's equations, in one tile.
//!
//! The sums start from the bias, run over the inputs of the step and then over the state before it, and go through the activations
//! while still in registers: a preactivation is stored only where a panel of the weights would not stay in the first-level cache from tile to
//! tile. Then the sum is taken in pieces, each over all rows, and waits in between.

use crate::lanes::{Kernel, Lanes};
use crate::tile::{Feeds, STRAIGHT, Sums, accumulate, split, with_rows};
use std::marker::PhantomData;

/// A cell's equations, or one phase of them.
pub(crate) trait ForwardCell {
    /// Vectors of sums per row.
    const VECTORS: usize;
    /// Unit blocks per panel.
    const BLOCKS: usize;
    /// Which vectors the product with the input feeds.
    const INPUT: Feeds;
    /// Which vectors the product with the state feeds.
    const RECURRENT: Feeds;

    /// From the sums of one row to its state and outputs.
    ///
    /// # Safety
    /// That of [`ForwardStep`].
    unsafe fn finish<L: Lanes>(step: &ForwardStep, sums: [L::V; 4], panel: usize, row: usize);
}

/// Everything that the tiles of one step read and write. Strides are in values; `*_row` is from one row of the batch to the next,
/// `*_block` from one unit block to the next.
///
/// # Safety
/// The pointers must be valid for `rows` rows and `hidden` units at their strides, and nothing written may be read elsewhere meanwhile.
#[derive(Debug, Clone)]
pub(crate) struct ForwardStep {
    pub(crate) rows: usize,
    pub(crate) hidden: usize,
    /// What the sums of every row start from: `[panel][vector][N]`.
    pub(crate) start: *const f32,
    /// The input.
    pub(crate) x: *const f32,
    pub(crate) x_row: usize,
    pub(crate) inputs: usize,
    /// Panels of the kernel.
    pub(crate) w: *const f32,
    /// What is multiplied by the recurrent kernel; `states` 0 at the first step.
    pub(crate) h: *const f32,
    pub(crate) h_row: usize,
    pub(crate) states: usize,
    /// Panels of the recurrent kernel.
    pub(crate) u: *const f32,
    /// Gates kept for the backward pass, `[block][row][stored vectors][N]`, or null.
    pub(crate) saved: *mut f32,
    pub(crate) saved_block: usize,
    /// LSTM: the cell state before (null at the first step) and after, `[block][row][N]`.
    pub(crate) cell_before: *const f32,
    pub(crate) cell: *mut f32,
    pub(crate) cell_block: usize,
    /// The state before (null at the first step) and after, `[row][hidden]`.
    pub(crate) state_before: *const f32,
    pub(crate) state: *mut f32,
    pub(crate) state_row: usize,
    /// Where the sums wait between pieces, `[row][vector][N]`.
    pub(crate) waiting: *mut f32,
    /// Where the output goes, or null.
    pub(crate) y: *mut f32,
    pub(crate) y_row: usize,
}

impl ForwardStep {
    /// Units of a block that exist.
    #[inline(always)]
    pub(crate) fn units<L: Lanes>(&self, block: usize) -> usize {
        self.hidden.saturating_sub(block * L::N).min(L::N)
    }

    /// The state of a block before the step, zero at the first.
    ///
    /// # Safety
    /// That of [`ForwardStep`].
    #[inline(always)]
    pub(crate) unsafe fn state_before<L: Lanes>(&self, block: usize, row: usize) -> L::V {
        // SAFETY: as the caller promises.
        unsafe {
            if self.state_before.is_null() {
                return L::splat(0.0);
            }
            L::load_first(
                self.state_before.add(row * self.state_row + block * L::N),
                self.units::<L>(block),
            )
        }
    }

    /// Stores the state of a block after the step, and the output.
    ///
    /// # Safety
    /// That of [`ForwardStep`].
    #[inline(always)]
    pub(crate) unsafe fn store_state<L: Lanes>(&self, block: usize, row: usize, state: L::V) {
        let units = self.units::<L>(block);
        // SAFETY: as the caller promises.
        unsafe {
            L::store_first(self.state.add(row * self.state_row + block * L::N), units, state);
            if !self.y.is_null() {
                L::store_first(self.y.add(row * self.y_row + block * L::N), units, state);
            }
        }
    }
}

/// A piece of the sums: which inputs and states it takes, as (first, count).
#[derive(Debug, Clone, Copy)]
struct Piece {
    inputs: (usize, usize),
    states: (usize, usize),
    is_first: bool,
    is_last: bool,
}

/// Bytes of weights that stay in the first-level cache beside what else a tile touches.
pub(crate) const CACHED_PANEL: usize = 32 * 1024;

fn pieces<L: Lanes>(step: &ForwardStep, vectors: usize) -> impl Iterator<Item = Piece> + use<L> {
    let (inputs, states) = (step.inputs, step.states);
    split(inputs + states, CACHED_PANEL / (4 * vectors * L::N)).map(move |(first, count)| {
        let part = |from: usize, until: usize| {
            let start = first.clamp(from, until);
            (start - from, (first + count).clamp(from, until) - start)
        };
        Piece {
            inputs: part(0, inputs),
            states: part(inputs, inputs + states),
            is_first: first == 0,
            is_last: first + count == inputs + states,
        }
    })
}

struct ForwardTile<'a, C, const R: usize> {
    step: &'a ForwardStep,
    piece: Piece,
    panel: usize,
    row: usize,
    cell: PhantomData<C>,
}

impl<C: ForwardCell, const R: usize> Kernel for ForwardTile<'_, C, R> {
    #[inline(always)]
    unsafe fn run<L: Lanes>(self) {
        let Self {
            step,
            piece,
            panel,
            row,
            ..
        } = self;
        // SAFETY: the step's pointers are valid for this tile's rows and panel.
        unsafe {
            let waiting_row = C::VECTORS * L::N;
            let waiting = step.waiting.wrapping_add(row * waiting_row);
            let (start, start_row) = match piece.is_first {
                true => (step.start.add(panel * waiting_row), 0),
                false => (waiting.cast_const(), waiting_row),
            };
            let mut sums: Sums<L::V, R> = [[L::splat(0.0); 4]; R];
            for (r, sums) in sums.iter_mut().enumerate() {
                for (v, sum) in sums.iter_mut().enumerate().take(C::VECTORS) {
                    *sum = L::load(start.add(r * start_row + v * L::N));
                }
            }
            let vectors = [0, L::N, 2 * L::N, 3 * L::N];
            let (first, count) = piece.inputs;
            if count > 0 {
                let width = const { C::INPUT.len() } * L::N;
                let w = step.w.add((panel * step.inputs + first) * width);
                let x = step.x.add(row * step.x_row + first);
                accumulate::<L, R>(&mut sums, C::INPUT, x, step.x_row, 1, w, width, vectors, count);
            }
            let (first, count) = piece.states;
            if count > 0 {
                let width = const { C::RECURRENT.len() } * L::N;
                let u = step.u.add((panel * step.states + first) * width);
                let h = step.h.add(row * step.h_row + first);
                accumulate::<L, R>(&mut sums, C::RECURRENT, h, step.h_row, 1, u, width, vectors, count);
            }
            if piece.is_last {
                for (r, sums) in sums.into_iter().enumerate() {
                    C::finish::<L>(step, sums, panel, row + r);
                }
            } else {
                for (r, sums) in sums.into_iter().enumerate() {
                    for (v, sum) in sums.into_iter().enumerate().take(C::VECTORS) {
                        L::store(waiting.add(r * waiting_row + v * L::N), sum);
                    }
                }
            }
        }
    }
}

/// Runs one step.
///
/// # Safety
/// That of [`ForwardStep`], and the processor must have the instruction set.
pub(crate) unsafe fn forward_step<L: Lanes, C: ForwardCell>(step: &ForwardStep) {
    for panel in 0..step.hidden.div_ceil(L::N).div_ceil(C::BLOCKS) {
        for piece in pieces::<L>(step, C::VECTORS) {
            for (row, rows) in split(step.rows, const { L::ROWS[C::VECTORS - 1] }) {
                let cell = PhantomData::<C>;
                // SAFETY: as the caller promises.
                with_rows!(L, C::VECTORS, rows, R => unsafe {
                    L::enter(ForwardTile::<C, R> { step, piece, panel, row, cell });
                });
            }
        }
    }
}

/// The products alone, without a cell, V blocks at a time: the sums go to `y`, `[row][hidden]`.
pub(crate) struct Linear<const V: usize>;

impl<const V: usize> ForwardCell for Linear<V> {
    const VECTORS: usize = V;
    const BLOCKS: usize = V;
    const INPUT: Feeds = STRAIGHT[V];
    const RECURRENT: Feeds = STRAIGHT[V];

    #[inline(always)]
    unsafe fn finish<L: Lanes>(step: &ForwardStep, sums: [L::V; 4], panel: usize, row: usize) {
        for (v, sum) in sums.into_iter().enumerate().take(V) {
            let block = panel * V + v;
            let units = step.units::<L>(block);
            if units > 0 {
                // SAFETY: as the caller promises.
                unsafe { L::store_first(step.y.add(row * step.y_row + block * L::N), units, sum) }
            }
        }
    }
}
