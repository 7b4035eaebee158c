//! The hyperbolic tangent and the logistic sigmoid of the numeric contract, for one value.
//!
//! `tanh(x) = x·P(x²)/Q(x²)`, the quotient of two polynomials of degree 4 that is nearest to it in relative error on
//! |x| ≤ 9.02 (Remez; 2.1e-8 before rounding), evaluated by Horner's rule in [`fma`]. Beyond, x² is held at that limit, so
//! that the value keeps growing with x and the final clamp to ±1 gives exactly ±1. `sigmoid(x) = ½ + ½·tanh(x/2)`, the
//! halves folded into the coefficients (powers of two, so nothing is rounded).
//!
//! Zeros keep their sign, infinities give ±1 (0 and 1 for the sigmoid), NaN gives NaN.

use crate::fma::fma;

/// Where x² is held by [`tanh`].
pub(crate) const TANH_LIMIT: f32 = 81.36;
/// Coefficients of P, from the fourth power of x² down.
pub(crate) const TANH_P: [f32; 5] = [1.331_906_2e-8, 2.058_347_1e-5, 3.494_034e-3, 0.133_797_18, 1.0];
/// Coefficients of Q, from the fourth power of x² down.
pub(crate) const TANH_Q: [f32; 5] = [7.762_014_5e-7, 3.283_092e-4, 2.587_107e-2, 0.467_130_33, 1.0];

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
