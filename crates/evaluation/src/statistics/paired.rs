//! Two models over the same seeds, folds or series.

use super::bootstrap::{Bootstrap, Estimate, Interval};
use super::quantile::{quantile_of_sorted, sorted};
use super::sample::{Test, differences};
use super::wilcoxon::wilcoxon_signed_rank;
use crate::metrics::Undefined;
use serde::Serialize;

/// What an interval says. Nothing is called better unless zero lies outside of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The whole interval lies below zero: the left one has the lower values.
    Lower,
    /// The whole interval lies above zero: the left one has the higher values.
    Higher,
    /// Zero lies in the interval.
    Undecided,
}

impl Verdict {
    /// The verdict on an interval of differences `left − right`.
    pub fn of(interval: Interval) -> Self {
        if interval.upper < 0.0 {
            Self::Lower
        } else if interval.lower > 0.0 {
            Self::Higher
        } else {
            Self::Undecided
        }
    }
}

/// Paired results of two models, for example their MAE over the same seeds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct PairedComparison {
    /// How many pairs there are.
    pub count: usize,
    /// Share of pairs in which the left value is the lower one, ties counted half.
    #[serde(serialize_with = "super::digits::serialize")]
    pub lower_share: f64,
    /// Median of the differences `left − right`, with its percentile bootstrap interval.
    pub median_difference: Estimate,
    /// The Wilcoxon signed-rank test, unless all differences are zero.
    pub wilcoxon: Option<Test>,
    /// What the interval of the median says.
    pub verdict: Verdict,
}

impl PairedComparison {
    /// Compares pair by pair.
    ///
    /// # Errors
    /// If the samples differ in length, are empty, hold a value that is not finite, or the settings of the bootstrap
    /// make no sense.
    pub fn new(left: &[f64], right: &[f64], bootstrap: &Bootstrap) -> Result<Self, Undefined> {
        let differences = differences(left, right)?;
        let lower = differences.iter().filter(|difference| **difference < 0.0).count() as f64;
        let equal = differences.iter().filter(|difference| **difference == 0.0).count() as f64;
        let median_difference =
            bootstrap.percentile(&differences, |sample| quantile_of_sorted(&sorted(sample), 0.5))?;
        Ok(Self {
            count: differences.len(),
            lower_share: (lower + equal / 2.0) / differences.len() as f64,
            median_difference,
            wilcoxon: wilcoxon_signed_rank(left, right).ok(),
            verdict: Verdict::of(median_difference.interval),
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_steady_difference_is_decided_and_a_mixed_one_is_not() {
        let right = [5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0];
        let lower = right.map(|value| value - 1.0 - value / 100.0);
        let comparison = PairedComparison::new(&lower, &right, &Bootstrap::default()).unwrap();
        assert_eq!((comparison.verdict, comparison.lower_share), (Verdict::Lower, 1.0));
        let comparison = PairedComparison::new(&right, &lower, &Bootstrap::default()).unwrap();
        assert_eq!((comparison.verdict, comparison.lower_share), (Verdict::Higher, 0.0));

        let mixed = [6.0, 5.0, 8.0, 7.0, 10.0, 9.0, 11.0, 12.0];
        let comparison = PairedComparison::new(&mixed, &right, &Bootstrap::default()).unwrap();
        assert_eq!((comparison.verdict, comparison.lower_share), (Verdict::Undecided, 0.5));
    }

    #[test]
    fn equal_samples_have_no_signed_rank_test() {
        let comparison = PairedComparison::new(&[1.0, 2.0], &[1.0, 2.0], &Bootstrap::default()).unwrap();
        assert_eq!(comparison.wilcoxon, None);
        assert_eq!(comparison.verdict, Verdict::Undecided);
    }
}
