//! The Wilcoxon signed-rank test.

use super::normal;
use super::ranks::midranks;
use super::sample::{Method, Test, differences};
use crate::metrics::Undefined;

/// Up to this number of differences, and without ties or zeros, the exact distribution is used.
const LARGEST_EXACT: usize = 50;

/// Tests whether paired differences `left − right` lie around zero, two-sided.
///
/// It assumes that the pairs are independent and that the differences are symmetric around their median: errors of
/// overlapping forecasts or of successive folds are not independent, results of different seeds are.
///
/// The statistic is the sum of the ranks of positive differences. Zero differences are dropped (Wilcoxon's rule). The
/// p-value is exact for at most 50 differences without ties or zeros, otherwise from the normal distribution with the
/// variance corrected for ties and a continuity correction of one half. Wilcoxon (1945), *Biometrics Bulletin* 1, 80–83.
///
/// # Errors
/// If the samples differ in length, are empty, hold a value that is not finite, or if all differences are zero.
pub fn wilcoxon_signed_rank(left: &[f64], right: &[f64]) -> Result<Test, Undefined> {
    let all = differences(left, right)?;
    let kept: Vec<f64> = all.iter().copied().filter(|difference| *difference != 0.0).collect();
    if kept.is_empty() {
        return Err(Undefined::NoDifferences);
    }
    let sizes: Vec<f64> = kept.iter().map(|difference| difference.abs()).collect();
    let (ranks, ties) = midranks(&sizes);
    let statistic: f64 = ranks
        .iter()
        .zip(&kept)
        .filter(|(_, difference)| **difference > 0.0)
        .map(|(rank, _)| rank)
        .sum();
    let count = kept.len() as f64;
    let total = count * (count + 1.0) / 2.0;

    if ties == 0.0 && kept.len() == all.len() && kept.len() <= LARGEST_EXACT {
        let smaller = statistic.min(total - statistic) as usize;
        let p_value = (2.0 * lower_tail(smaller, kept.len())).min(1.0);
        return Ok(Test {
            statistic,
            p_value,
            method: Method::Exact,
        });
    }
    let variance = count * (count + 1.0) * (2.0 * count + 1.0) / 24.0 - ties / 48.0;
    let distance = ((statistic - total / 2.0).abs() - 0.5).max(0.0);
    let p_value = normal::two_sided(distance / variance.sqrt());
    Ok(Test {
        statistic,
        p_value,
        method: Method::Asymptotic,
    })
}

/// Probability of a rank sum of at most `most` when every sign is equally likely.
fn lower_tail(most: usize, count: usize) -> f64 {
    // ways[sum]: subsets of the ranks so far with that sum. At most 2⁵⁰ in total: exact in an `f64`.
    let mut ways = vec![0.0; count * (count + 1) / 2 + 1];
    ways[0] = 1.0;
    for rank in 1..=count {
        for sum in (rank..ways.len()).rev() {
            ways[sum] += ways[sum - rank];
        }
    }
    let all: f64 = ways.iter().sum();
    ways[..=most].iter().sum::<f64>() / all
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn one_sided_differences_have_the_smallest_p_value() {
        // 2 of the 2³ signs are at least as extreme.
        let test = wilcoxon_signed_rank(&[1.0, 2.0, 3.0], &[0.0; 3]).unwrap();
        assert_eq!(
            test,
            Test {
                statistic: 6.0,
                p_value: 0.25,
                method: Method::Exact
            }
        );
    }

    #[test]
    fn undefined_cases_say_why() {
        assert_eq!(wilcoxon_signed_rank(&[1.0], &[1.0]), Err(Undefined::NoDifferences));
        assert_eq!(
            wilcoxon_signed_rank(&[1.0], &[]),
            Err(Undefined::Lengths { left: 1, right: 0 })
        );
    }
}
