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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::{sigmoid, tanh};
    use crate::isa::Isa;
    use crate::lanes::{Kernel, Lanes, with_lanes};

    struct Both<'a> {
        x: &'a [f32],
        out: &'a mut [(f32, f32)],
    }

    impl Kernel for Both<'_> {
        #[inline(always)]
        unsafe fn run<L: Lanes>(self) {
            for (x, out) in self.x.chunks(L::N).zip(self.out.chunks_mut(L::N)) {
                let (mut t, mut s) = ([0.0; 16], [0.0; 16]);
                // SAFETY: no vector is longer than 16; only the lanes of `x` are read.
                unsafe {
                    let v = L::load_first(x.as_ptr(), x.len());
                    L::store(t.as_mut_ptr(), tanh::<L>(v));
                    L::store(s.as_mut_ptr(), sigmoid::<L>(v));
                }
                out.iter_mut().enumerate().for_each(|(i, out)| *out = (t[i], s[i]));
            }
        }
    }

    #[test]
    fn vectors_have_the_bits_of_single_values() {
        let step = if cfg!(miri) { 90_000_017 } else { 40_009 };
        let specials = [
            0.0,
            -0.0,
            f32::INFINITY,
            f32::NEG_INFINITY,
            f32::NAN,
            9.02,
            -9.02,
            18.04,
        ];
        let x: Vec<f32> = (0..u32::MAX)
            .step_by(step)
            .map(f32::from_bits)
            .chain(specials)
            .collect();
        for isa in Isa::available() {
            let mut out = vec![(0.0, 0.0); x.len()];
            // SAFETY: the instruction set is available; the kernel has no pointers of its own.
            isa.with(|| with_lanes!(L => unsafe { L::enter(Both { x: &x, out: &mut out }) }))
                .unwrap();
            for (&x, (t, s)) in x.iter().zip(out) {
                for (ours, single) in [(t, crate::tanh(x)), (s, crate::sigmoid(x))] {
                    let same = ours.to_bits() == single.to_bits() || (ours.is_nan() && single.is_nan());
                    assert!(same, "{isa}: {ours:e} at {x:e} should be {single:e}");
                }
            }
        }
    }
}
