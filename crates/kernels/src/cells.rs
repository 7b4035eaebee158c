//! The cells' equations forward, on the sums of one row.

use crate::forward_tile::{ForwardCell, ForwardStep};
use crate::lanes::Lanes;
use crate::tile::{Feeds, STRAIGHT};
use crate::vector_activation::{sigmoid, tanh};

/// A simple recurrent cell, B unit blocks at a time.
pub(crate) struct SimpleRnn<const B: usize>;

impl<const B: usize> ForwardCell for SimpleRnn<B> {
    const VECTORS: usize = B;
    const BLOCKS: usize = B;
    const INPUT: Feeds = STRAIGHT[B];
    const RECURRENT: Feeds = STRAIGHT[B];

    #[inline(always)]
    unsafe fn finish<L: Lanes>(step: &ForwardStep, sums: [L::V; 4], panel: usize, row: usize) {
        for (v, sum) in sums.into_iter().enumerate().take(B) {
            let block = panel * B + v;
            if step.units::<L>(block) == 0 {
                continue;
            }
            // SAFETY: the step's pointers are valid for this row and block.
            unsafe {
                let h = tanh::<L>(sum);
                if !step.saved.is_null() {
                    L::store(step.saved.add(block * step.saved_block + row * L::N), h);
                }
                step.store_state::<L>(block, row, h);
            }
        }
    }
}

/// A long short-term memory cell; the stored gates are i, f, c, o.
pub(crate) struct Lstm;

impl ForwardCell for Lstm {
    const VECTORS: usize = 4;
    const BLOCKS: usize = 1;
    const INPUT: Feeds = STRAIGHT[4];
    const RECURRENT: Feeds = STRAIGHT[4];

    #[inline(always)]
    unsafe fn finish<L: Lanes>(step: &ForwardStep, sums: [L::V; 4], block: usize, row: usize) {
        let [i, f, g, o] = sums;
        // SAFETY: the step's pointers are valid for this row and block.
        unsafe {
            let (i, f, g, o) = (sigmoid::<L>(i), sigmoid::<L>(f), tanh::<L>(g), sigmoid::<L>(o));
            let place = block * step.cell_block + row * L::N;
            let before = if step.cell_before.is_null() {
                L::splat(0.0)
            } else {
                L::load(step.cell_before.add(place))
            };
            let c = L::fma(f, before, L::mul(i, g));
            L::store(step.cell.add(place), c);
            if !step.saved.is_null() {
                let saved = step.saved.add(block * step.saved_block + row * 4 * L::N);
                for (v, gate) in [i, f, g, o].into_iter().enumerate() {
                    L::store(saved.add(v * L::N), gate);
                }
            }
            step.store_state::<L>(block, row, L::mul(o, tanh::<L>(c)));
        }
    }
}

/// A gated recurrent unit whose reset gate scales the recurrent product. The sums, and what is stored of them, are z, r, the candidate
/// (before its activation: the input's part) and the recurrent product of the candidate.
pub(crate) struct GruResetAfter;

impl ForwardCell for GruResetAfter {
    const VECTORS: usize = 4;
    const BLOCKS: usize = 1;
    const INPUT: Feeds = STRAIGHT[3];
    const RECURRENT: Feeds = &[(0, 0), (1, 1), (2, 3)];

    #[inline(always)]
    unsafe fn finish<L: Lanes>(step: &ForwardStep, sums: [L::V; 4], block: usize, row: usize) {
        let [z, r, input, recurrent] = sums;
        // SAFETY: the step's pointers are valid for this row and block.
        unsafe {
            let (z, r) = (sigmoid::<L>(z), sigmoid::<L>(r));
            let candidate = tanh::<L>(L::fma(r, recurrent, input));
            if !step.saved.is_null() {
                let saved = step.saved.add(block * step.saved_block + row * 4 * L::N);
                for (v, gate) in [z, r, candidate, recurrent].into_iter().enumerate() {
                    L::store(saved.add(v * L::N), gate);
                }
            }
            update::<L>(step, block, row, z, candidate);
        }
    }
}

/// `h' = z·h + (1 - z)·candidate`.
///
/// # Safety
/// That of [`ForwardStep`].
#[inline(always)]
unsafe fn update<L: Lanes>(step: &ForwardStep, block: usize, row: usize, z: L::V, candidate: L::V) {
    // SAFETY: as the caller promises.
    unsafe {
        let before = step.state_before::<L>(block, row);
        let fresh = L::mul(L::sub(L::splat(1.0), z), candidate);
        step.store_state::<L>(block, row, L::fma(z, before, fresh));
    }
}

/// First phase of a gated recurrent unit whose reset gate scales the state: z and r, stored as vectors 0 and 1, and r·h into `y`.
pub(crate) struct GruGates;

impl ForwardCell for GruGates {
    const VECTORS: usize = 2;
    const BLOCKS: usize = 1;
    const INPUT: Feeds = STRAIGHT[2];
    const RECURRENT: Feeds = STRAIGHT[2];

    #[inline(always)]
    unsafe fn finish<L: Lanes>(step: &ForwardStep, sums: [L::V; 4], block: usize, row: usize) {
        // SAFETY: the step's pointers are valid for this row and block.
        unsafe {
            let (z, r) = (sigmoid::<L>(sums[0]), sigmoid::<L>(sums[1]));
            let saved = step.saved.add(block * step.saved_block + row * 4 * L::N);
            L::store(saved, z);
            L::store(saved.add(L::N), r);
            let reset = L::mul(r, step.state_before::<L>(block, row));
            L::store_first(
                step.y.add(row * step.y_row + block * L::N),
                step.units::<L>(block),
                reset,
            );
        }
    }
}

/// Second phase of a gated recurrent unit whose reset gate scales the state: the candidate, stored as vector 2, and the new state.
pub(crate) struct GruCandidate;

impl ForwardCell for GruCandidate {
    const VECTORS: usize = 1;
    const BLOCKS: usize = 1;
    const INPUT: Feeds = STRAIGHT[1];
    const RECURRENT: Feeds = STRAIGHT[1];

    #[inline(always)]
    unsafe fn finish<L: Lanes>(step: &ForwardStep, sums: [L::V; 4], block: usize, row: usize) {
        // SAFETY: the step's pointers are valid for this row and block.
        unsafe {
            let candidate = tanh::<L>(sums[0]);
            let saved = step.saved.add(block * step.saved_block + row * 4 * L::N);
            L::store(saved.add(2 * L::N), candidate);
            update::<L>(step, block, row, L::load(saved), candidate);
        }
    }
}
