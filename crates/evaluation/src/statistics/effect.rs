//! How large a difference is, beside how sure.

use super::sample::check;
use crate::metrics::Undefined;
use crate::sums::mean;

/// The share of pairs in which the left value is the larger one, ties counted half: an estimate of `P(X > Y) + P(X = Y)/2`.
/// One half when neither tends to be larger. Vargha & Delaney's A (2000), *Journal of Educational and Behavioral
/// Statistics* 25, 101–132.
///
/// # Errors
/// If a sample is empty or holds a value that is not finite.
pub fn probability_of_superiority(left: &[f64], right: &[f64]) -> Result<f64, Undefined> {
    check(left, 1)?;
    check(right, 1)?;
    let against = |value: f64| -> f64 {
        right
            .iter()
            .map(|other| {
                if value > *other {
                    1.0
                } else if value == *other {
                    0.5
                } else {
                    0.0
                }
            })
            .sum()
    };
    let pairs = (left.len() * right.len()) as f64;
    Ok(left.iter().map(|value| against(*value)).sum::<f64>() / pairs)
}

/// Cliff's delta: the share of pairs in which the left value is the larger one, less the share in which the right one is;
/// between −1 and 1. Cliff (1993), *Psychological Bulletin* 114, 494–509.
///
/// # Errors
/// If a sample is empty or holds a value that is not finite.
pub fn cliffs_delta(left: &[f64], right: &[f64]) -> Result<f64, Undefined> {
    Ok(2.0 * probability_of_superiority(left, right)? - 1.0)
}

/// Hedges' g: the difference of the means over the pooled standard deviation, with the usual correction for small samples,
/// `1 − 3 / (4(n + m) − 9)`. Hedges (1981), *Journal of Educational Statistics* 6, 107–128.
///
/// # Errors
/// If a sample has fewer than two values or one that is not finite, or if neither varies.
pub fn hedges_g(left: &[f64], right: &[f64]) -> Result<f64, Undefined> {
    check(left, 2)?;
    check(right, 2)?;
    let squares = |sample: &[f64]| -> f64 {
        let mean = mean(sample);
        sample.iter().map(|value| (value - mean) * (value - mean)).sum()
    };
    let total = (left.len() + right.len()) as f64;
    let deviation = ((squares(left) + squares(right)) / (total - 2.0)).sqrt();
    if deviation == 0.0 {
        return Err(Undefined::NoVariation {
            what: "values of each sample",
        });
    }
    Ok((mean(left) - mean(right)) / deviation * (1.0 - 3.0 / (4.0 * total - 9.0)))
}

#[cfg(test)]
mod tests {
    use super::{cliffs_delta, probability_of_superiority};

    /// Of six pairs the left value is the larger one in three, the smaller one in two, and one is a tie.
    #[test]
    fn pairs_are_counted_and_ties_half() {
        let (left, right) = ([2.0, 5.0], [1.0, 3.0, 5.0]);
        assert_eq!(probability_of_superiority(&left, &right), Ok((3.0 + 0.5) / 6.0));
        let delta = cliffs_delta(&left, &right).map(|delta| (delta - (3.0 - 2.0) / 6.0).abs() < 1e-15);
        assert_eq!(delta, Ok(true));
        assert_eq!(cliffs_delta(&[2.0, 3.0], &[1.0]), Ok(1.0));
        assert_eq!(cliffs_delta(&[1.0], &[2.0, 3.0]), Ok(-1.0));
        assert!(cliffs_delta(&[], &[1.0]).is_err());
    }
}
