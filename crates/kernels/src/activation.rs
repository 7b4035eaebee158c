//! The hyperbolic tangent and the logistic sigmoid of the numeric contract, for one value.
//!
//! `tanh(x) = x·P(x²)/Q(x²)`, the quotient of two polynomials of degree 4 that is nearest to it in relative error on
//! |x| ≤ 9.02 (Remez; 2.1e-8 before rounding, and then the rounded coefficients searched for the smallest error), evaluated by Horner's rule in [`fma`]. Beyond, x² is held at that limit, so
//! that the value keeps growing with x and the final clamp to ±1 gives exactly ±1. `sigmoid(x) = ½ + ½·tanh(x/2)`, the
//! halves folded into the coefficients (powers of two, so nothing is rounded).
//!
//! Over all values, `tanh` is within 4.8 units in the last place of the true value (and so within 2.9e-7), `sigmoid` within 1.45e-7.
//! Zeros keep their sign, infinities give ±1 (0 and 1 for the sigmoid), NaN gives NaN.

use crate::fma::fma;

/// Where x² is held by [`tanh`].
pub(crate) const TANH_LIMIT: f32 = 81.36;
/// Coefficients of P, from the fourth power of x² down.
pub(crate) const TANH_P: [f32; 5] = [1.331_900_5e-8, 2.058_347_1e-5, 3.494_034_5e-3, 0.133_797_17, 1.0];
/// Coefficients of Q, from the fourth power of x² down.
pub(crate) const TANH_Q: [f32; 5] = [7.762_015e-7, 3.283_092e-4, 2.587_107_2e-2, 0.467_130_33, 1.0];

/// Where x² is held by [`sigmoid`].
pub(crate) const SIGMOID_LIMIT: f32 = 4.0 * TANH_LIMIT;
/// P(x²/4).
pub(crate) const SIGMOID_P: [f32; 5] = halved(TANH_P, 1.0);
/// 4·Q(x²/4).
pub(crate) const SIGMOID_Q: [f32; 5] = halved(TANH_Q, 4.0);

const fn halved(c: [f32; 5], scale: f32) -> [f32; 5] {
    [
        c[0] * scale / 256.0,
        c[1] * scale / 64.0,
        c[2] * scale / 16.0,
        c[3] * scale / 4.0,
        c[4] * scale,
    ]
}

fn horner(coefficients: [f32; 5], u: f32) -> f32 {
    coefficients[1..].iter().fold(coefficients[0], |sum, &c| fma(sum, u, c))
}

/// The smaller of the two; `value` if it is NaN.
fn at_most(limit: f32, value: f32) -> f32 {
    if limit < value { limit } else { value }
}

/// The greater of the two; `value` if it is NaN.
fn at_least(limit: f32, value: f32) -> f32 {
    if limit > value { limit } else { value }
}

/// The hyperbolic tangent.
#[must_use]
pub fn tanh(x: f32) -> f32 {
    let u = at_most(TANH_LIMIT, x * x);
    at_least(-1.0, at_most(1.0, x * (horner(TANH_P, u) / horner(TANH_Q, u))))
}

/// The logistic sigmoid `1/(1 + exp(-x))`.
#[must_use]
pub fn sigmoid(x: f32) -> f32 {
    let u = at_most(SIGMOID_LIMIT, x * x);
    at_least(
        0.0,
        at_most(1.0, fma(x, horner(SIGMOID_P, u) / horner(SIGMOID_Q, u), 0.5)),
    )
}

#[cfg(test)]
mod tests {
    use super::{sigmoid, tanh};

    /// Every exponent of either sign, the subnormals included, with evenly spread mantissas.
    fn sweep() -> impl Iterator<Item = f32> {
        let step = if cfg!(miri) { 50_000_017 } else { 1_009 };
        (0..0x7f80_0000_u32)
            .step_by(step)
            .chain([0x7f7f_ffff])
            .flat_map(|bits| {
                let value = f32::from_bits(bits);
                [value, -value]
            })
    }

    /// The distance from one f32 to the next at a value, as f64.
    fn ulp(value: f64) -> f64 {
        let value = (value.abs() as f32).max(f32::MIN_POSITIVE);
        f64::from(f32::from_bits(value.to_bits() + 1)) - f64::from(value)
    }

    #[test]
    fn tanh_is_within_the_stated_error_and_never_above_one() {
        let mut worst = 0.0_f64;
        for x in sweep() {
            let (ours, truth) = (tanh(x), f64::from(x).tanh());
            assert!(ours.abs() <= 1.0, "tanh({x:e}) = {ours:e}");
            assert_eq!(tanh(-x).to_bits(), (-ours).to_bits(), "tanh is odd at {x:e}");
            worst = worst.max((f64::from(ours) - truth).abs() / ulp(truth));
        }
        assert!(worst < 4.8, "worst error: {worst} units in the last place");
    }

    #[test]
    fn sigmoid_is_within_the_stated_error_and_between_zero_and_one() {
        let mut worst = 0.0_f64;
        for x in sweep() {
            let (ours, truth) = (sigmoid(x), 1.0 / (1.0 + (-f64::from(x)).exp()));
            assert!((0.0..=1.0).contains(&ours), "sigmoid({x:e}) = {ours:e}");
            worst = worst.max((f64::from(ours) - truth).abs());
        }
        assert!(worst < 1.45e-7, "worst error: {worst:e}");
    }

    #[test]
    fn the_ends_of_the_line_are_exact() {
        assert_eq!((tanh(f32::INFINITY), tanh(f32::NEG_INFINITY)), (1.0, -1.0));
        assert_eq!((sigmoid(f32::INFINITY), sigmoid(f32::NEG_INFINITY)), (1.0, 0.0));
        assert_eq!(
            (tanh(f32::MAX), tanh(-20.0), sigmoid(f32::MAX), sigmoid(f32::MIN)),
            (1.0, -1.0, 1.0, 0.0)
        );
        assert!(tanh(f32::NAN).is_nan() && sigmoid(f32::NAN).is_nan());
        assert_eq!(
            (tanh(0.0).to_bits(), tanh(-0.0).to_bits()),
            (0.0_f32.to_bits(), (-0.0_f32).to_bits())
        );
        assert_eq!((sigmoid(0.0), sigmoid(-0.0)), (0.5, 0.5));
        assert_eq!(tanh(f32::from_bits(1)).to_bits(), 1);
    }
}
