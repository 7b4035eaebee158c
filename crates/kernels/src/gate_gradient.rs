//! One step backward through the cells' equations: from the gradient of the state to those of the preactivations (the deltas), which take
//! the place of the gates in memory. The bias gradients are summed on the way.

use crate::lanes::{Kernel, Lanes};
use crate::vector_activation::tanh;

/// What one step backward reads and writes. Strides are in values; blocks of everything but `dh`, `dy_before` and the state are `rows·N`
/// (times the stored vectors) long within a step.
///
/// # Safety
/// The pointers must be valid for `rows` rows and all blocks.
#[derive(Debug, Clone)]
pub(crate) struct GateStep {
    pub(crate) rows: usize,
    pub(crate) hidden: usize,
    /// The gradient of the state after the step.
    pub(crate) dh: *const f32,
    pub(crate) dh_row: usize,
    pub(crate) dh_block: usize,
    /// In: the gates of the step. Out: the deltas. `[block][row][stored][N]`.
    pub(crate) saved: *mut f32,
    pub(crate) saved_block: usize,
    /// LSTM: the cell state after and before (null at the first step) the step, `[block][row][N]`.
    pub(crate) cell: *const f32,
    pub(crate) cell_before: *const f32,
    pub(crate) cell_block: usize,
    /// LSTM: the gradient of the cell state, carried from step to step, `[block][row][N]`.
    pub(crate) dc: *mut f32,
    /// GRU: the state before the step (null at the first), `[row][hidden]`.
    pub(crate) state_before: *const f32,
    /// GRU: the gradient of the output of the step before (null for none), strides as for `y`.
    pub(crate) dy_before: *const f32,
    pub(crate) dy_row: usize,
    /// GRU: where the chains of the state before start from, `[block][row][N]`.
    pub(crate) start: *mut f32,
    /// GRU without `reset_after`: the gradient of the state after the reset gate, `[block][row][N]`.
    pub(crate) d_reset: *const f32,
    /// Sums of the deltas, `[block][sums][N]`.
    pub(crate) bias: *mut f32,
}

impl GateStep {
    #[inline(always)]
    fn units<L: Lanes>(&self, block: usize) -> usize {
        (self.hidden - block * L::N).min(L::N)
    }

    #[inline(always)]
    unsafe fn dh<L: Lanes>(&self, block: usize, row: usize) -> L::V {
        // SAFETY: as the struct says.
        unsafe {
            L::load_first(
                self.dh.add(row * self.dh_row + block * self.dh_block),
                self.units::<L>(block),
            )
        }
    }

    #[inline(always)]
    unsafe fn state_before<L: Lanes>(&self, block: usize, row: usize) -> L::V {
        // SAFETY: as the struct says.
        unsafe {
            if self.state_before.is_null() {
                return L::splat(0.0);
            }
            L::load_first(
                self.state_before.add(row * self.hidden + block * L::N),
                self.units::<L>(block),
            )
        }
    }
}

/// `1 - v²`.
#[inline(always)]
unsafe fn tanh_slope<L: Lanes>(v: L::V) -> L::V {
    // SAFETY: the caller has the instruction set.
    unsafe { L::negated_fma(v, v, L::splat(1.0)) }
}

/// `v·(1 - v)` as `v - v²`.
#[inline(always)]
unsafe fn sigmoid_slope<L: Lanes>(v: L::V) -> L::V {
    // SAFETY: the caller has the instruction set.
    unsafe { L::negated_fma(v, v, v) }
}

pub(crate) struct SimpleRnnGradient<'a>(pub(crate) &'a GateStep);

impl Kernel for SimpleRnnGradient<'_> {
    #[inline(always)]
    unsafe fn run<L: Lanes>(self) {
        let step = self.0;
        for block in 0..step.hidden.div_ceil(L::N) {
            // SAFETY: as the step says.
            unsafe {
                let bias = step.bias.add(block * L::N);
                let mut sum = L::load(bias);
                for row in 0..step.rows {
                    let saved = step.saved.add(block * step.saved_block + row * L::N);
                    let delta = L::mul(step.dh::<L>(block, row), tanh_slope::<L>(L::load(saved)));
                    L::store(saved, delta);
                    sum = L::add(sum, delta);
                }
                L::store(bias, sum);
            }
        }
    }
}

pub(crate) struct LstmGradient<'a>(pub(crate) &'a GateStep);

impl Kernel for LstmGradient<'_> {
    #[inline(always)]
    unsafe fn run<L: Lanes>(self) {
        let step = self.0;
        for block in 0..step.hidden.div_ceil(L::N) {
            // SAFETY: as the step says.
            unsafe {
                let bias = step.bias.add(block * 4 * L::N);
                let mut sums = [L::splat(0.0); 4];
                for (v, sum) in sums.iter_mut().enumerate() {
                    *sum = L::load(bias.add(v * L::N));
                }
                for row in 0..step.rows {
                    let saved = step.saved.add(block * step.saved_block + row * 4 * L::N);
                    let (i, f) = (L::load(saved), L::load(saved.add(L::N)));
                    let (g, o) = (L::load(saved.add(2 * L::N)), L::load(saved.add(3 * L::N)));
                    let place = block * step.cell_block + row * L::N;
                    let before = match step.cell_before.is_null() {
                        true => L::splat(0.0),
                        false => L::load(step.cell_before.add(place)),
                    };
                    let tanh_c = tanh::<L>(L::load(step.cell.add(place)));
                    let dh = step.dh::<L>(block, row);
                    let carried = step.dc.add((block * step.rows + row) * L::N);
                    let dc = L::fma(L::mul(dh, o), tanh_slope::<L>(tanh_c), L::load(carried));
                    L::store(carried, L::mul(dc, f));
                    let deltas = [
                        L::mul(L::mul(dc, g), sigmoid_slope::<L>(i)),
                        L::mul(L::mul(dc, before), sigmoid_slope::<L>(f)),
                        L::mul(L::mul(dc, i), tanh_slope::<L>(g)),
                        L::mul(L::mul(dh, tanh_c), sigmoid_slope::<L>(o)),
                    ];
                    for (v, delta) in deltas.into_iter().enumerate() {
                        L::store(saved.add(v * L::N), delta);
                        sums[v] = L::add(sums[v], delta);
                    }
                }
                for (v, sum) in sums.into_iter().enumerate() {
                    L::store(bias.add(v * L::N), sum);
                }
            }
        }
    }
}

/// z and the candidate of either GRU, and with `reset_after` r as well. Stored after: the deltas of z, r, the candidate as the input's
/// product sees it, and (with `reset_after`) as the recurrent product sees it.
pub(crate) struct GruGradient<'a> {
    pub(crate) step: &'a GateStep,
    pub(crate) reset_after: bool,
}

impl Kernel for GruGradient<'_> {
    #[inline(always)]
    unsafe fn run<L: Lanes>(self) {
        let step = self.step;
        for block in 0..step.hidden.div_ceil(L::N) {
            for row in 0..step.rows {
                // SAFETY: as the step says.
                unsafe {
                    let saved = step.saved.add(block * step.saved_block + row * 4 * L::N);
                    let (z, r, candidate) = (L::load(saved), L::load(saved.add(L::N)), L::load(saved.add(2 * L::N)));
                    let dh = step.dh::<L>(block, row);
                    let dy = match step.dy_before.is_null() {
                        true => L::splat(0.0),
                        false => L::load_first(
                            step.dy_before.add(row * step.dy_row + block * L::N),
                            step.units::<L>(block),
                        ),
                    };
                    L::store(step.start.add((block * step.rows + row) * L::N), L::fma(dh, z, dy));
                    let before = step.state_before::<L>(block, row);
                    let dz = L::mul(L::mul(dh, L::sub(before, candidate)), sigmoid_slope::<L>(z));
                    let fresh = L::mul(dh, L::sub(L::splat(1.0), z));
                    let d_candidate = L::mul(fresh, tanh_slope::<L>(candidate));
                    L::store(saved, dz);
                    L::store(saved.add(2 * L::N), d_candidate);
                    if self.reset_after {
                        let recurrent = L::load(saved.add(3 * L::N));
                        L::store(
                            saved.add(L::N),
                            L::mul(L::mul(d_candidate, recurrent), sigmoid_slope::<L>(r)),
                        );
                        L::store(saved.add(3 * L::N), L::mul(d_candidate, r));
                    }
                }
            }
        }
    }
}

/// r of a GRU without `reset_after`, and the state's gradient through it.
pub(crate) struct GruResetGradient<'a>(pub(crate) &'a GateStep);

impl Kernel for GruResetGradient<'_> {
    #[inline(always)]
    unsafe fn run<L: Lanes>(self) {
        let step = self.0;
        for block in 0..step.hidden.div_ceil(L::N) {
            for row in 0..step.rows {
                // SAFETY: as the step says.
                unsafe {
                    let place = (block * step.rows + row) * L::N;
                    let saved = step.saved.add(block * step.saved_block + row * 4 * L::N + L::N);
                    let (r, d_reset) = (L::load(saved), L::load(step.d_reset.add(place)));
                    let start = step.start.add(place);
                    L::store(start, L::fma(d_reset, r, L::load(start)));
                    let dr = L::mul(d_reset, step.state_before::<L>(block, row));
                    L::store(saved, L::mul(dr, sigmoid_slope::<L>(r)));
                }
            }
        }
    }
}

/// Adds the deltas of a GRU's step to the bias gradients: z, r and candidate of the input's product, then (with `reset_after`) of the
/// recurrent one.
pub(crate) struct GruBiasGradient<'a> {
    pub(crate) step: &'a GateStep,
    pub(crate) reset_after: bool,
}

impl Kernel for GruBiasGradient<'_> {
    #[inline(always)]
    unsafe fn run<L: Lanes>(self) {
        let step = self.step;
        let vectors: &[usize] = if self.reset_after {
            &[0, 1, 2, 0, 1, 3]
        } else {
            &[0, 1, 2]
        };
        for block in 0..step.hidden.div_ceil(L::N) {
            for (sum, vector) in vectors.iter().enumerate() {
                // SAFETY: as the step says.
                unsafe {
                    let bias = step.bias.add((block * vectors.len() + sum) * L::N);
                    let mut total = L::load(bias);
                    for row in 0..step.rows {
                        let place = block * step.saved_block + (row * 4 + vector) * L::N;
                        total = L::add(total, L::load(step.saved.add(place)));
                    }
                    L::store(bias, total);
                }
            }
        }
    }
}
