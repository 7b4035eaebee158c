//! Four lanes: NEON, which every aarch64 processor has.
//!
//! Where this was written it was compiled, tests included (`cargo check --all-targets --target aarch64-unknown-linux-gnu`), and never run: there
//! was no aarch64 machine, no emulator and no linker for one. So it is kept to the plainest intrinsics; continuous integration on an aarch64
//! machine runs the same tests as everywhere.

use super::{Kernel, Lanes};
use std::arch::aarch64::*;

#[derive(Debug, Clone, Copy)]
pub(crate) struct Neon;

#[target_feature(enable = "neon")]
#[inline(never)]
unsafe fn enter<K: Kernel>(kernel: K) {
    // SAFETY: the caller vouches for the processor and the kernel's pointers.
    unsafe { kernel.run::<Neon>() }
}

// SAFETY, for every block below: the trait's contract gives the instruction set and the memory.
impl Lanes for Neon {
    const N: usize = 4;
    const ROWS: [usize; 4] = [8, 8, 6, 5];
    type V = float32x4_t;

    #[inline(always)]
    unsafe fn enter<K: Kernel>(kernel: K) {
        // SAFETY: as above.
        unsafe { enter(kernel) }
    }
    #[inline(always)]
    unsafe fn splat(value: f32) -> float32x4_t {
        // SAFETY: as above.
        unsafe { vdupq_n_f32(value) }
    }
    #[inline(always)]
    unsafe fn load(from: *const f32) -> float32x4_t {
        // SAFETY: as above.
        unsafe { vld1q_f32(from) }
    }
    #[inline(always)]
    unsafe fn store(to: *mut f32, v: float32x4_t) {
        // SAFETY: as above.
        unsafe { vst1q_f32(to, v) }
    }
    #[inline(always)]
    unsafe fn load_part(from: *const f32, count: usize) -> float32x4_t {
        let mut lanes = [0.0; 4];
        // SAFETY: as above; only the first `count` values are read, and `lanes` holds four.
        unsafe {
            std::ptr::copy_nonoverlapping(from, lanes.as_mut_ptr(), count.min(4));
            vld1q_f32(lanes.as_ptr())
        }
    }
    #[inline(always)]
    unsafe fn store_part(to: *mut f32, count: usize, v: float32x4_t) {
        let mut lanes = [0.0; 4];
        // SAFETY: as above; only the first `count` values are written, and `lanes` holds four.
        unsafe {
            vst1q_f32(lanes.as_mut_ptr(), v);
            std::ptr::copy_nonoverlapping(lanes.as_ptr(), to, count.min(4));
        }
    }
    #[inline(always)]
    unsafe fn fma(a: float32x4_t, b: float32x4_t, c: float32x4_t) -> float32x4_t {
        // SAFETY: as above.
        unsafe { vfmaq_f32(c, a, b) }
    }
    #[inline(always)]
    unsafe fn negated_fma(a: float32x4_t, b: float32x4_t, c: float32x4_t) -> float32x4_t {
        // SAFETY: as above.
        unsafe { vfmsq_f32(c, a, b) }
    }
    #[inline(always)]
    unsafe fn add(a: float32x4_t, b: float32x4_t) -> float32x4_t {
        // SAFETY: as above.
        unsafe { vaddq_f32(a, b) }
    }
    #[inline(always)]
    unsafe fn sub(a: float32x4_t, b: float32x4_t) -> float32x4_t {
        // SAFETY: as above.
        unsafe { vsubq_f32(a, b) }
    }
    #[inline(always)]
    unsafe fn mul(a: float32x4_t, b: float32x4_t) -> float32x4_t {
        // SAFETY: as above.
        unsafe { vmulq_f32(a, b) }
    }
    #[inline(always)]
    unsafe fn div(a: float32x4_t, b: float32x4_t) -> float32x4_t {
        // SAFETY: as above.
        unsafe { vdivq_f32(a, b) }
    }
    #[inline(always)]
    unsafe fn at_most(limit: float32x4_t, value: float32x4_t) -> float32x4_t {
        // SAFETY: as above. A comparison with NaN is false, so NaN passes as in the portable path.
        unsafe { vbslq_f32(vcltq_f32(limit, value), limit, value) }
    }
    #[inline(always)]
    unsafe fn at_least(limit: float32x4_t, value: float32x4_t) -> float32x4_t {
        // SAFETY: as above. A comparison with NaN is false, so NaN passes as in the portable path.
        unsafe { vbslq_f32(vcgtq_f32(limit, value), limit, value) }
    }
}
