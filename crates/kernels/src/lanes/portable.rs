//! Eight lanes in plain Rust, for processors without one of the instruction sets, and for Miri.

use super::{Kernel, Lanes};
use crate::fma::fma;

#[derive(Debug, Clone, Copy)]
pub(crate) struct Portable;

/// Lane by lane.
#[inline(always)]
fn each(f: impl Fn(usize) -> f32) -> [f32; 8] {
    let mut lanes = [0.0; 8];
    for (i, lane) in lanes.iter_mut().enumerate() {
        *lane = f(i);
    }
    lanes
}

// SAFETY, for every block below: the trait's contract gives the memory; no instruction set is needed.
impl Lanes for Portable {
    const N: usize = 8;
    const ROWS: [usize; 4] = [2, 2, 2, 2];
    type V = [f32; 8];

    unsafe fn enter<K: Kernel>(kernel: K) {
        // SAFETY: as above.
        unsafe { kernel.run::<Self>() }
    }
    #[inline(always)]
    unsafe fn splat(value: f32) -> [f32; 8] {
        [value; 8]
    }
    #[inline(always)]
    unsafe fn load(from: *const f32) -> [f32; 8] {
        // SAFETY: as above; an array of f32 is aligned like one.
        unsafe { from.cast::<[f32; 8]>().read() }
    }
    #[inline(always)]
    unsafe fn store(to: *mut f32, v: [f32; 8]) {
        // SAFETY: as above; an array of f32 is aligned like one.
        unsafe { to.cast::<[f32; 8]>().write(v) }
    }
    #[inline(always)]
    unsafe fn load_part(from: *const f32, count: usize) -> [f32; 8] {
        // SAFETY: as above; only the first `count` values are read.
        each(|i| if i < count { unsafe { *from.add(i) } } else { 0.0 })
    }
    #[inline(always)]
    unsafe fn store_part(to: *mut f32, count: usize, v: [f32; 8]) {
        for (i, &lane) in v.iter().enumerate().take(count) {
            // SAFETY: as above; only the first `count` values are written.
            unsafe { *to.add(i) = lane }
        }
    }
    #[inline(always)]
    unsafe fn fma(a: [f32; 8], b: [f32; 8], c: [f32; 8]) -> [f32; 8] {
        each(|i| fma(a[i], b[i], c[i]))
    }
    #[inline(always)]
    unsafe fn negated_fma(a: [f32; 8], b: [f32; 8], c: [f32; 8]) -> [f32; 8] {
        each(|i| fma(-a[i], b[i], c[i]))
    }
    #[inline(always)]
    unsafe fn add(a: [f32; 8], b: [f32; 8]) -> [f32; 8] {
        each(|i| a[i] + b[i])
    }
    #[inline(always)]
    unsafe fn sub(a: [f32; 8], b: [f32; 8]) -> [f32; 8] {
        each(|i| a[i] - b[i])
    }
    #[inline(always)]
    unsafe fn mul(a: [f32; 8], b: [f32; 8]) -> [f32; 8] {
        each(|i| a[i] * b[i])
    }
    #[inline(always)]
    unsafe fn div(a: [f32; 8], b: [f32; 8]) -> [f32; 8] {
        each(|i| a[i] / b[i])
    }
    #[inline(always)]
    unsafe fn at_most(limit: [f32; 8], value: [f32; 8]) -> [f32; 8] {
        each(|i| if limit[i] < value[i] { limit[i] } else { value[i] })
    }
    #[inline(always)]
    unsafe fn at_least(limit: [f32; 8], value: [f32; 8]) -> [f32; 8] {
        each(|i| if limit[i] > value[i] { limit[i] } else { value[i] })
    }
}
