//! [`crate::tanh`] and [`crate::sigmoid`] for a vector: the same operations in the same order, so the same bits.

use crate::activation::{SIGMOID_LIMIT, SIGMOID_P, SIGMOID_Q, TANH_LIMIT, TANH_P, TANH_Q};
use crate::lanes::Lanes;

/// # Safety
/// That of [`Lanes`].
#[inline(always)]
unsafe fn quotient<L: Lanes>(p: &[f32; 5], q: &[f32; 5], u: L::V) -> L::V {
    // SAFETY: as the caller promises.
    unsafe {
        let (mut numerator, mut denominator) = (L::splat(p[0]), L::splat(q[0]));
        for i in 1..5 {
            numerator = L::fma(numerator, u, L::splat(p[i]));
            denominator = L::fma(denominator, u, L::splat(q[i]));
        }
        L::div(numerator, denominator)
    }
}

/// The hyperbolic tangent of each lane.
///
/// # Safety
/// That of [`Lanes`].
#[inline(always)]
pub(crate) unsafe fn tanh<L: Lanes>(x: L::V) -> L::V {
    // SAFETY: as the caller promises.
    unsafe {
        let u = L::at_most(L::splat(TANH_LIMIT), L::mul(x, x));
        let value = L::mul(x, quotient::<L>(&TANH_P, &TANH_Q, u));
        L::at_least(L::splat(-1.0), L::at_most(L::splat(1.0), value))
    }
}

/// The logistic sigmoid of each lane.
///
/// # Safety
/// That of [`Lanes`].
#[inline(always)]
pub(crate) unsafe fn sigmoid<L: Lanes>(x: L::V) -> L::V {
    // SAFETY: as the caller promises.
    unsafe {
        let u = L::at_most(L::splat(SIGMOID_LIMIT), L::mul(x, x));
        let value = L::fma(x, quotient::<L>(&SIGMOID_P, &SIGMOID_Q, u), L::splat(0.5));
        L::at_least(L::splat(0.0), L::at_most(L::splat(1.0), value))
    }
}
