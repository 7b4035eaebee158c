//! Eight lanes: AVX2 with FMA.

use super::{Kernel, Lanes};
use std::arch::x86_64::*;

/// Eight ones and eight zeros: a window into them is the mask of the first few lanes.
static MASKS: [i32; 16] = [-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0];

/// The mask of the first `count` lanes.
#[inline(always)]
unsafe fn first(count: usize) -> __m256i {
    // SAFETY: the window starts at 0 to 8 of 16 values; the caller vouches for the processor.
    unsafe { _mm256_loadu_si256(MASKS.as_ptr().add(8 - count.min(8)).cast()) }
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Avx2;

#[target_feature(enable = "avx2,fma")]
#[inline(never)]
unsafe fn enter<K: Kernel>(kernel: K) {
    // SAFETY: the caller vouches for the processor and the kernel's pointers.
    unsafe { kernel.run::<Avx2>() }
}

// SAFETY, for every block below: the trait's contract gives the instruction set and the memory.
impl Lanes for Avx2 {
    const N: usize = 8;
    const ROWS: [usize; 4] = [8, 5, 3, 2];
    type V = __m256;

    #[inline(always)]
    unsafe fn enter<K: Kernel>(kernel: K) {
        // SAFETY: as above.
        unsafe { enter(kernel) }
    }
    #[inline(always)]
    unsafe fn splat(value: f32) -> __m256 {
        // SAFETY: as above.
        unsafe { _mm256_set1_ps(value) }
    }
    #[inline(always)]
    unsafe fn load(from: *const f32) -> __m256 {
        // SAFETY: as above.
        unsafe { _mm256_loadu_ps(from) }
    }
    #[inline(always)]
    unsafe fn store(to: *mut f32, v: __m256) {
        // SAFETY: as above.
        unsafe { _mm256_storeu_ps(to, v) }
    }
    #[inline(always)]
    unsafe fn load_part(from: *const f32, count: usize) -> __m256 {
        // SAFETY: as above; masked lanes are not read.
        unsafe { _mm256_maskload_ps(from, first(count)) }
    }
    #[inline(always)]
    unsafe fn store_part(to: *mut f32, count: usize, v: __m256) {
        // SAFETY: as above; masked lanes are not written.
        unsafe { _mm256_maskstore_ps(to, first(count), v) }
    }
    #[inline(always)]
    unsafe fn fma(a: __m256, b: __m256, c: __m256) -> __m256 {
        // SAFETY: as above.
        unsafe { _mm256_fmadd_ps(a, b, c) }
    }
    #[inline(always)]
    unsafe fn negated_fma(a: __m256, b: __m256, c: __m256) -> __m256 {
        // SAFETY: as above.
        unsafe { _mm256_fnmadd_ps(a, b, c) }
    }
    #[inline(always)]
    unsafe fn add(a: __m256, b: __m256) -> __m256 {
        // SAFETY: as above.
        unsafe { _mm256_add_ps(a, b) }
    }
    #[inline(always)]
    unsafe fn sub(a: __m256, b: __m256) -> __m256 {
        // SAFETY: as above.
        unsafe { _mm256_sub_ps(a, b) }
    }
    #[inline(always)]
    unsafe fn mul(a: __m256, b: __m256) -> __m256 {
        // SAFETY: as above.
        unsafe { _mm256_mul_ps(a, b) }
    }
    #[inline(always)]
    unsafe fn div(a: __m256, b: __m256) -> __m256 {
        // SAFETY: as above.
        unsafe { _mm256_div_ps(a, b) }
    }
    #[inline(always)]
    unsafe fn at_most(limit: __m256, value: __m256) -> __m256 {
        // SAFETY: as above. The instruction returns its second operand for NaN and for equal values.
        unsafe { _mm256_min_ps(limit, value) }
    }
    #[inline(always)]
    unsafe fn at_least(limit: __m256, value: __m256) -> __m256 {
        // SAFETY: as above. The instruction returns its second operand for NaN and for equal values.
        unsafe { _mm256_max_ps(limit, value) }
    }
}
