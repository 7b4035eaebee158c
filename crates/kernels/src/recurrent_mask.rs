//! Recurrent dropout: factors on the state where the recurrent kernel multiplies it, the same at every step.
//!
//! Only layers with such a mask pass here, so these are plain loops: a multiplication and an addition, each rounded, are the same on every machine.

use crate::lanes::Lanes;

/// `masked = state·mask`, value by value.
///
/// # Safety
/// `state` and `masked` must be valid for as many values as the mask has.
pub(crate) unsafe fn apply(mask: &[f32], state: *const f32, masked: *mut f32) {
    for (index, factor) in mask.iter().enumerate() {
        // SAFETY: as the caller promises.
        unsafe { *masked.add(index) = *state.add(index) * factor };
    }
}

/// Gradients of one step, and how they lie in memory.
pub(crate) struct MaskedGradient<'a> {
    pub(crate) rows: usize,
    pub(crate) hidden: usize,
    /// `[rows, hidden]`.
    pub(crate) mask: &'a [f32],
    /// The part that does not go through the recurrent kernel: null for none.
    pub(crate) base: *const f32,
    pub(crate) base_row: usize,
    pub(crate) base_block: usize,
    /// In: the gradient of the masked state. Out: that of the state. `[block][row][N]`.
    pub(crate) dh: *mut f32,
}

impl MaskedGradient<'_> {
    /// `dh = dh·mask + base`.
    ///
    /// # Safety
    /// The pointers must be valid for these rows and units at their strides.
    pub(crate) unsafe fn finish<L: Lanes>(&self) {
        for (row, mask) in self.mask.chunks_exact(self.hidden).enumerate().take(self.rows) {
            for (n, factor) in mask.iter().enumerate() {
                let (block, lane) = (n / L::N, n % L::N);
                // SAFETY: as the caller promises.
                unsafe {
                    let base = match self.base.is_null() {
                        true => 0.0,
                        false => *self.base.add(row * self.base_row + block * self.base_block + lane),
                    };
                    let dh = self.dh.add((block * self.rows + row) * L::N + lane);
                    *dh = *dh * factor + base;
                }
            }
        }
    }
}
