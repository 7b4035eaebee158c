//! The two-sample Kolmogorov–Smirnov test.

use super::quantile::sorted;
use super::sample::{Method, Test, check};
use crate::metrics::Undefined;

/// Tests whether two independent samples come from one distribution, two-sided.
///
/// The statistic is the largest distance between the two empirical distribution functions,
/// `D = max |F(x) − G(x)|`. The p-value is always exact, from the number of lattice paths that reach that distance
/// (Hodges 1958, *Arkiv för Matematik* 3, 469–486), in time proportional to the product of the sizes. It assumes
/// continuous distributions; with ties it is conservative (too large).
///
/// # Errors
/// If a sample is empty or holds a value that is not finite.
pub fn kolmogorov_smirnov(left: &[f64], right: &[f64]) -> Result<Test, Undefined> {
    check(left, 1)?;
    check(right, 1)?;
    let distance = scaled_distance(&sorted(left), &sorted(right));
    let product = left.len() as f64 * right.len() as f64;
    Ok(Test {
        statistic: distance as f64 / product,
        p_value: probability_of_reaching(distance, left.len(), right.len()),
        method: Method::Exact,
    })
}

/// `D` times the product of the two sizes: an integer, so that comparing distances is exact.
fn scaled_distance(left: &[f64], right: &[f64]) -> u64 {
    let (mut i, mut j, mut largest) = (0, 0, 0);
    while i < left.len() && j < right.len() {
        let value = left[i].min(right[j]);
        i += left[i..].iter().take_while(|other| **other <= value).count();
        j += right[j..].iter().take_while(|other| **other <= value).count();
        largest = largest.max(lattice_distance(i, j, left.len(), right.len()));
    }
    largest
}

fn lattice_distance(i: usize, j: usize, rows: usize, columns: usize) -> u64 {
    (i as u64 * columns as u64).abs_diff(j as u64 * rows as u64)
}

/// The share of all lattice paths from (0, 0) to (rows, columns) that pass a point at least `distance` off the diagonal.
/// A path reaches (i, j) by its last step from (i−1, j) with probability i / (i+j), all orders of the pooled sample being
/// equally likely. Only positive terms are added, so small probabilities keep their digits.
fn probability_of_reaching(distance: u64, rows: usize, columns: usize) -> f64 {
    let mut reached = vec![0.0; columns + 1];
    for i in 0..=rows {
        for j in 0..=columns {
            reached[j] = if lattice_distance(i, j, rows, columns) >= distance {
                1.0
            } else {
                let above = if i > 0 { i as f64 * reached[j] } else { 0.0 };
                let left = if j > 0 { j as f64 * reached[j - 1] } else { 0.0 };
                // The origin is less than `distance` off unless the distance is zero.
                (above + left) / ((i + j) as f64).max(1.0)
            };
        }
    }
    reached[columns]
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    /// All ways of choosing which places of the pooled sample are the left ones, counted one by one.
    fn by_enumeration(distance: u64, rows: usize, columns: usize) -> f64 {
        let (mut reaching, mut all) = (0, 0);
        for choice in 0u32..1 << (rows + columns) {
            if choice.count_ones() as usize != rows {
                continue;
            }
            all += 1;
            let (mut i, mut j, mut largest) = (0, 0, 0);
            for place in 0..rows + columns {
                if choice >> place & 1 == 1 {
                    i += 1
                } else {
                    j += 1
                }
                largest = largest.max(lattice_distance(i, j, rows, columns));
            }
            reaching += i32::from(largest >= distance);
        }
        f64::from(reaching) / f64::from(all)
    }

    proptest! {
        #[test]
        fn agrees_with_an_enumeration(
            left in prop::collection::vec(-5.0..5.0f64, 1..7),
            right in prop::collection::vec(-5.0..5.0f64, 1..7),
        ) {
            let test = kolmogorov_smirnov(&left, &right).unwrap();
            let distance = scaled_distance(&sorted(&left), &sorted(&right));
            prop_assert!((test.p_value - by_enumeration(distance, left.len(), right.len())).abs() < 1e-12);
        }
    }

    #[test]
    fn equal_samples_have_p_one() {
        let test = kolmogorov_smirnov(&[1.0, 2.0], &[1.0, 2.0]).unwrap();
        assert_eq!((test.statistic, test.p_value), (0.0, 1.0));
        assert_eq!(
            kolmogorov_smirnov(&[], &[1.0]),
            Err(Undefined::TooFew { needed: 1, found: 0 })
        );
    }
}
