//! Weights copied into the order in which a product's inner loop reads them, once per call.
//!
//! Hidden units are taken in *blocks* of one vector (N units, the last one padded with zeros), and B is cut into *panels* of up to four
//! vectors that one tile reads: `[panel][k][vector][N]`, each panel one stream through memory.

use crate::lanes::{Kernel, Lanes};

/// Weights `[k, columns]` as panels for `Σ_k a[k]·weights[k, column]`. A panel has `blocks` unit blocks, and of each the columns
/// `gate·hidden + unit` of the listed gates.
pub(crate) struct PackForward<'a> {
    pub(crate) weights: &'a [f32],
    /// Values per row of the weights.
    pub(crate) columns: usize,
    pub(crate) hidden: usize,
    pub(crate) gates: &'static [usize],
    pub(crate) blocks: usize,
    pub(crate) to: *mut f32,
}

/// Values that [`PackForward`] writes for weights of `k` rows.
pub(crate) fn forward_len<L: Lanes>(k: usize, hidden: usize, gates: usize, blocks: usize) -> usize {
    panels::<L>(hidden, blocks) * k * gates * blocks * L::N
}

/// Panels of `blocks` unit blocks.
pub(crate) fn panels<L: Lanes>(hidden: usize, blocks: usize) -> usize {
    hidden.div_ceil(L::N).div_ceil(blocks)
}

impl Kernel for PackForward<'_> {
    #[inline(always)]
    unsafe fn run<L: Lanes>(self) {
        let mut to = self.to;
        for panel in 0..panels::<L>(self.hidden, self.blocks) {
            for row in self.weights.chunks_exact(self.columns) {
                for block in panel * self.blocks..(panel + 1) * self.blocks {
                    let count = self.hidden.saturating_sub(block * L::N).min(L::N);
                    for &gate in self.gates {
                        let column = gate * self.hidden + block * L::N;
                        // SAFETY: `column + count` is within the row where `count` is not 0; `to` has room for `forward_len`.
                        unsafe {
                            let vector = match count {
                                0 => L::splat(0.0),
                                _ => L::load_first(row.as_ptr().add(column), count),
                            };
                            L::store(to, vector);
                            to = to.add(L::N);
                        }
                    }
                }
            }
        }
    }
}

/// Weights `[k, columns]` transposed into panels over k, for `Σ_(unit, gate) a[unit, gate]·weights[k, gate·hidden + unit]` with the gates within
/// the units: `[panel][unit][gate][vector][N]`, lanes along k.
pub(crate) struct PackTransposed<'a> {
    pub(crate) weights: &'a [f32],
    pub(crate) columns: usize,
    pub(crate) hidden: usize,
    pub(crate) gates: &'static [usize],
    /// Vectors of a panel.
    pub(crate) vectors: usize,
    pub(crate) to: *mut f32,
}

/// Values that [`PackTransposed`] writes for weights of `k` rows.
pub(crate) fn transposed_len<L: Lanes>(k: usize, hidden: usize, gates: usize, vectors: usize) -> usize {
    k.div_ceil(L::N).div_ceil(vectors) * hidden * gates * vectors * L::N
}

impl Kernel for PackTransposed<'_> {
    #[inline(always)]
    unsafe fn run<L: Lanes>(self) {
        let k = self.weights.len() / self.columns;
        let width = self.vectors * L::N;
        let stride = self.gates.len() * width;
        for panel in 0..k.div_ceil(width) {
            let to = self.to.wrapping_add(panel * self.hidden * stride);
            for place in 0..width {
                let row = self.weights.chunks_exact(self.columns).nth(panel * width + place);
                for (g, &gate) in self.gates.iter().enumerate() {
                    let to = to.wrapping_add(g * width + place);
                    // SAFETY: `to` has room for `transposed_len`, and these are places in it.
                    unsafe {
                        match row {
                            Some(row) => {
                                for (unit, &weight) in row[gate * self.hidden..][..self.hidden].iter().enumerate() {
                                    *to.add(unit * stride) = weight;
                                }
                            }
                            None => (0..self.hidden).for_each(|unit| *to.add(unit * stride) = 0.0),
                        }
                    }
                }
            }
        }
    }
}
