//! Six significant digits: what is stored of statistics.

use serde::Serializer;

/// The number nearest to `value` that has six significant decimal digits. Digits beyond those depend on the platform's
/// exponential and logarithm, and nothing that is compared by bytes may hold them.
///
/// ```
/// use recurra_evaluation::statistics::six_digits;
///
/// assert_eq!(six_digits(0.123456789), 0.123457);
/// assert_eq!(six_digits(-98765432.1), -98765400.0);
/// assert!(six_digits(f64::NAN).is_nan());
/// ```
pub fn six_digits(value: f64) -> f64 {
    if !value.is_finite() {
        return value;
    }
    // Decimal formatting rounds correctly, so the result does not depend on a power of ten computed in floating point.
    format!("{value:.5e}").parse().unwrap_or(value)
}

/// For serde: a number with six significant digits.
pub(crate) fn serialize<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(six_digits(*value))
}
