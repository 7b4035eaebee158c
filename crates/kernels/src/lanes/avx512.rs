//! Sixteen lanes: AVX-512F.

use super::{Kernel, Lanes};
use std::arch::x86_64::*;

/// The mask of the first `count` lanes.
#[inline(always)]
fn first(count: usize) -> __mmask16 {
    ((1_u32 << count.min(16)) - 1) as __mmask16
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Avx512;

#[target_feature(enable = "avx512f,avx2,fma")]
#[inline(never)]
unsafe fn enter<K: Kernel>(kernel: K) {
    // SAFETY: the caller vouches for the processor and the kernel's pointers.
    unsafe { kernel.run::<Avx512>() }
}

// SAFETY, for every block below: the trait's contract gives the instruction set and the memory.
impl Lanes for Avx512 {
    const N: usize = 16;
    const ROWS: [usize; 4] = [8, 8, 8, 6];
    type V = __m512;

    #[inline(always)]
    unsafe fn enter<K: Kernel>(kernel: K) {
        // SAFETY: as above.
        unsafe { enter(kernel) }
    }
    #[inline(always)]
    unsafe fn splat(value: f32) -> __m512 {
        // SAFETY: as above.
        unsafe { _mm512_set1_ps(value) }
    }
    #[inline(always)]
    unsafe fn load(from: *const f32) -> __m512 {
        // SAFETY: as above.
        unsafe { _mm512_loadu_ps(from) }
    }
    #[inline(always)]
    unsafe fn store(to: *mut f32, v: __m512) {
        // SAFETY: as above.
        unsafe { _mm512_storeu_ps(to, v) }
    }
    #[inline(always)]
    unsafe fn load_part(from: *const f32, count: usize) -> __m512 {
        // SAFETY: as above; masked lanes are not read.
        unsafe { _mm512_maskz_loadu_ps(first(count), from) }
    }
    #[inline(always)]
    unsafe fn store_part(to: *mut f32, count: usize, v: __m512) {
        // SAFETY: as above; masked lanes are not written.
        unsafe { _mm512_mask_storeu_ps(to, first(count), v) }
    }
    #[inline(always)]
    unsafe fn fma(a: __m512, b: __m512, c: __m512) -> __m512 {
        // SAFETY: as above.
        unsafe { _mm512_fmadd_ps(a, b, c) }
    }
    #[inline(always)]
    unsafe fn negated_fma(a: __m512, b: __m512, c: __m512) -> __m512 {
        // SAFETY: as above.
        unsafe { _mm512_fnmadd_ps(a, b, c) }
    }
    #[inline(always)]
    unsafe fn add(a: __m512, b: __m512) -> __m512 {
        // SAFETY: as above.
        unsafe { _mm512_add_ps(a, b) }
    }
    #[inline(always)]
    unsafe fn sub(a: __m512, b: __m512) -> __m512 {
        // SAFETY: as above.
        unsafe { _mm512_sub_ps(a, b) }
    }
    #[inline(always)]
    unsafe fn mul(a: __m512, b: __m512) -> __m512 {
        // SAFETY: as above.
        unsafe { _mm512_mul_ps(a, b) }
    }
    #[inline(always)]
    unsafe fn div(a: __m512, b: __m512) -> __m512 {
        // SAFETY: as above.
        unsafe { _mm512_div_ps(a, b) }
    }
    #[inline(always)]
    unsafe fn at_most(limit: __m512, value: __m512) -> __m512 {
        // SAFETY: as above. The instruction returns its second operand for NaN and for equal values.
        unsafe { _mm512_min_ps(limit, value) }
    }
    #[inline(always)]
    unsafe fn at_least(limit: __m512, value: __m512) -> __m512 {
        // SAFETY: as above. The instruction returns its second operand for NaN and for equal values.
        unsafe { _mm512_max_ps(limit, value) }
    }
}
