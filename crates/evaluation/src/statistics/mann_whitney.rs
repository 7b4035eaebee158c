//! The Mann–Whitney U test.

use super::normal;
use super::ranks::midranks;
use super::sample::{Method, Test, check};
use crate::metrics::Undefined;

/// Up to this size of both samples, and without ties, the exact distribution is used.
const LARGEST_EXACT: usize = 50;

/// Tests whether values of two independent samples tend to be larger in one of them, two-sided.
///
/// The statistic is `U`: the number of pairs in which the left value is the larger one, ties counted half. The p-value is
/// exact for at most 50 values in each sample and no ties, otherwise from the normal distribution with the variance
/// corrected for ties and a continuity correction of one half. Mann & Whitney (1947), *Annals of Mathematical
/// Statistics* 18, 50–60.
///
/// # Errors
/// If a sample is empty or holds a value that is not finite, or if all values are equal.
pub fn mann_whitney(left: &[f64], right: &[f64]) -> Result<Test, Undefined> {
    check(left, 1)?;
    check(right, 1)?;
    let (rows, columns) = (left.len() as f64, right.len() as f64);
    let (ranks, ties) = midranks(&[left, right].concat());
    let rank_sum: f64 = ranks[..left.len()].iter().sum();
    let statistic = rank_sum - rows * (rows + 1.0) / 2.0;

    if ties == 0.0 && left.len().max(right.len()) <= LARGEST_EXACT {
        let smaller = statistic.min(rows * columns - statistic) as usize;
        let p_value = (2.0 * lower_tail(smaller, left.len(), right.len())).min(1.0);
        return Ok(Test {
            statistic,
            p_value,
            method: Method::Exact,
        });
    }
    let total = rows + columns;
    let variance = rows * columns / 12.0 * (total + 1.0 - ties / (total * (total - 1.0)));
    if variance <= 0.0 {
        return Err(Undefined::NoVariation { what: "values" });
    }
    let distance = ((statistic - rows * columns / 2.0).abs() - 0.5).max(0.0);
    let p_value = normal::two_sided(distance / variance.sqrt());
    Ok(Test {
        statistic,
        p_value,
        method: Method::Asymptotic,
    })
}

/// Probability of a `U` of at most `most` when all orders of the pooled sample are equally likely. Counts, for every sum,
/// the ways to choose which places of the pooled sample are the left ones; the counts fit an `f64` with all digits that
/// matter, and nothing is subtracted.
fn lower_tail(most: usize, rows: usize, columns: usize) -> f64 {
    // ways[chosen][sum]: choices of `chosen` places with that many right values before them in total.
    let mut ways = vec![vec![0.0; rows * columns + 1]; rows + 1];
    ways[0][0] = 1.0;
    // The left values, in order, have b₁ ≤ b₂ ≤ … right values before them: multisets of size `rows` from 0..=columns.
    for before in 0..=columns {
        for chosen in 1..=rows {
            for sum in before..=rows * columns {
                let more = ways[chosen - 1][sum - before];
                ways[chosen][sum] += more;
            }
        }
    }
    let all: f64 = ways[rows].iter().sum();
    ways[rows][..=most].iter().sum::<f64>() / all
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn separated_samples_have_the_smallest_p_value() {
        // 2 of the 20 orders of 3 and 3 values are at least as extreme.
        let test = mann_whitney(&[4.0, 5.0, 6.0], &[1.0, 2.0, 3.0]).unwrap();
        assert_eq!(
            test,
            Test {
                statistic: 9.0,
                p_value: 0.1,
                method: Method::Exact
            }
        );
    }

    #[test]
    fn constant_samples_are_undefined() {
        assert_eq!(
            mann_whitney(&[1.0; 3], &[1.0; 4]),
            Err(Undefined::NoVariation { what: "values" })
        );
    }
}
