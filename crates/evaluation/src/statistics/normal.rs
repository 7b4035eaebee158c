//! The standard normal distribution.

use statrs::distribution::{ContinuousCDF, Normal};

/// Probability of a value up to `z`, accurate in both tails.
pub(crate) fn cumulative(z: f64) -> f64 {
    libm::erfc(-z * std::f64::consts::FRAC_1_SQRT_2) / 2.0
}

/// The value below which lies `probability`.
pub(crate) fn quantile(probability: f64) -> f64 {
    Normal::standard().inverse_cdf(probability)
}

/// The probability of a value at least as far from zero as `z`, on either side.
pub(super) fn two_sided(z: f64) -> f64 {
    libm::erfc(z.abs() * std::f64::consts::FRAC_1_SQRT_2)
}
