//! The one multiply-add of the numeric contract: `a·b + c` with a single rounding, to nearest, ties to even.
//!
//! Every sum of this crate is a chain of these. Where the compiler may assume a multiply-add instruction it is used;
//! elsewhere it is computed from f64 arithmetic rather than by the platform's `fmaf`, whose quality nobody vouches for:
//! the product of two f32 is exact in f64, the sum's rounding error is recovered exactly (Knuth's two-sum), and the sum
//! is rounded *to odd* before the one rounding to f32, which makes the double rounding harmless (Boldo and Melquiond,
//! "Emulation of FMA and correctly rounded sums: proved algorithms using rounding to odd", 2008).

/// `a·b + c`, rounded once.
#[inline(always)]
#[must_use]
pub fn fma(a: f32, b: f32, c: f32) -> f32 {
    // Miri's own rounds once, and spares it interpreting some twenty operations.
    if cfg!(any(target_feature = "fma", target_arch = "aarch64", miri)) {
        a.mul_add(b, c)
    } else {
        software_fma(a, b, c)
    }
}

/// [`fma`] without a multiply-add instruction.
#[inline(always)]
#[must_use]
pub(crate) fn software_fma(a: f32, b: f32, c: f32) -> f32 {
    let product = f64::from(a) * f64::from(b);
    let addend = f64::from(c);
    let sum = product + addend;
    let part = sum - product;
    let error = (product - (sum - part)) + (addend - part);
    let bits = sum.to_bits();
    // An inexact sum with an even last bit moves to its odd neighbour on the side of the error. A sum of zero is exact,
    // and for infinities and NaN there is no error, so none is touched.
    let inexact = sum.is_finite() && error != 0.0;
    let away_from_zero = (error > 0.0) == (sum > 0.0);
    let odd = match (inexact && bits & 1 == 0, away_from_zero) {
        (false, _) => bits,
        (true, true) => bits + 1,
        (true, false) => bits - 1,
    };
    f64::from_bits(odd) as f32
}

#[cfg(test)]
mod tests {
    use super::software_fma;

    /// Held against the `libm` crate, not against `f32::mul_add`: where that calls the platform, some platforms round twice
    /// (MinGW's says that 1·x + x is 2 for the number x after 1).
    fn check(a: f32, b: f32, c: f32) {
        let (ours, exact) = (software_fma(a, b, c), libm::fmaf(a, b, c));
        assert!(
            ours.to_bits() == exact.to_bits() || (ours.is_nan() && exact.is_nan()),
            "fma({a:e}, {b:e}, {c:e}) is {ours:e}, should be {exact:e}"
        );
    }

    #[test]
    fn hard_cases_are_rounded_once() {
        let ulp = f32::EPSILON;
        let hard = [
            0.0,
            1.0,
            1.0 + ulp,
            1.0 - ulp / 2.0,
            1.0 + 2.0 * ulp,
            ulp,
            ulp / 2.0,
            ulp * ulp,
            3.0,
            1.0 / 3.0,
            4097.0,
            1e-30,
            f32::MIN_POSITIVE,
            f32::MIN_POSITIVE / 2.0,
            f32::from_bits(1),
            f32::from_bits(3),
            f32::from_bits(0x007f_ffff),
            f32::MAX,
            f32::MAX / 2.0,
            1.844_674_4e19,
            f32::INFINITY,
            f32::NAN,
        ];
        let thinned = if cfg!(miri) { 5 } else { 1 };
        let signed: Vec<f32> = hard
            .iter()
            .flat_map(|&value| [value, -value])
            .step_by(thinned)
            .collect();
        for &a in &signed {
            for &b in &signed {
                for &c in &signed {
                    check(a, b, c);
                }
            }
        }
    }

    /// Addends close to halfway cases of the product, where a second rounding would show.
    #[test]
    fn random_bits_and_near_ties_are_rounded_once() {
        let mut state = 0x2545_f491_4f6c_dd1d_u64;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state
        };
        let rounds = if cfg!(miri) { 300 } else { 300_000 };
        for _ in 0..rounds {
            let (a, b) = (f32::from_bits(next() as u32), f32::from_bits(next() as u32));
            check(a, b, f32::from_bits(next() as u32));
            let near = f32::from_bits((a * b).to_bits().wrapping_add((next() % 5) as u32).wrapping_sub(2));
            check(a, b, near);
            check(a, b, -near);
            let scale = f32::from_bits(((next() % 60 + 97) as u32) << 23);
            check(a, b, a * b * scale * f32::EPSILON);
        }
    }
}
