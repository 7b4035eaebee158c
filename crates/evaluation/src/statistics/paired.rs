//! Two models over the same seeds, series or cutoffs.

use super::bootstrap::{Bootstrap, Estimate, Interval};
use super::diebold_mariano::diebold_mariano;
use super::quantile::{quantile_of_sorted, sorted};
use super::sample::{Test, differences};
use super::wilcoxon::wilcoxon_signed_rank;
use crate::metrics::Undefined;
use crate::sums::mean;
use serde::Serialize;

/// Below this number of pairs, or of blocks of pairs in time, there is no verdict: no two-sided signed-rank test can reach
/// 0.05 with fewer, and a resample of one or two long blocks is little more than the sample itself turned round.
const FEWEST: usize = 6;

/// What an interval says. Nothing is called better unless zero lies outside of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The whole interval lies below zero: the left one has the lower values.
    Lower,
    /// The whole interval lies above zero: the left one has the higher values.
    Higher,
    /// Zero lies in the interval, or there are fewer than six pairs (in time: fewer than six blocks of them).
    Undecided,
}

impl Verdict {
    fn of(interval: Interval, count: usize, block_length: usize) -> Self {
        if count / block_length < FEWEST {
            Self::Undecided
        } else if interval.upper < 0.0 {
            Self::Lower
        } else if interval.lower > 0.0 {
            Self::Higher
        } else {
            Self::Undecided
        }
    }
}

/// Which centre of the differences is estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Location {
    /// The mean: what losses add up to.
    Mean,
    /// The median: what happens in the usual seed.
    Median,
}

impl Location {
    /// The centre of a sample that is not empty.
    pub(super) fn of(self, sample: &[f64]) -> f64 {
        match self {
            Self::Mean => mean(sample),
            Self::Median => quantile_of_sorted(&sorted(sample), 0.5),
        }
    }
}

/// How the pairs depend on one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Units {
    /// Not at all: seeds, or series that have nothing to do with each other. Tested by Wilcoxon's signed ranks.
    Independent,
    /// Successive cutoffs of one series. Tested by Diebold–Mariano, and resampled in blocks as long as the overlap or the
    /// cube root of the number of cutoffs, whichever is longer.
    InTime {
        /// How many successive cutoffs share a value that was forecast.
        overlap: usize,
    },
}

/// How pairs are compared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pairing {
    /// Which centre of the differences is estimated.
    pub location: Location,
    /// How the pairs depend on one another.
    pub units: Units,
    /// How the interval is made. The block length follows from the units.
    pub bootstrap: Bootstrap,
}

impl Default for Pairing {
    /// Medians over independent pairs.
    fn default() -> Self {
        Self {
            location: Location::Median,
            units: Units::Independent,
            bootstrap: Bootstrap::default(),
        }
    }
}

/// Paired results of two models, for example their MAE over the same seeds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PairedComparison {
    /// How many pairs there are.
    pub count: usize,
    /// Share of pairs in which the left value is the lower one, ties counted half.
    #[serde(serialize_with = "super::digits::serialize")]
    pub lower_share: f64,
    /// The centre of the differences `left − right`, with its percentile bootstrap interval.
    pub difference: Estimate,
    /// The test that goes with the units, unless it is undefined.
    pub test: Option<Test>,
    /// What the interval says.
    pub verdict: Verdict,
}

impl PairedComparison {
    /// Compares pair by pair.
    ///
    /// ```
    /// use recurra_evaluation::statistics::{PairedComparison, Pairing, Verdict};
    ///
    /// let one_layer = [6.4, 6.4, 6.5, 6.7, 6.6, 7.0, 6.3];
    /// let two_layers = [5.3, 9.2, 5.5, 5.7, 5.6, 6.1, 5.4];
    /// let comparison = PairedComparison::new(&two_layers, &one_layer, &Pairing::default())?;
    /// assert_eq!(comparison.verdict, Verdict::Lower);
    /// # Ok::<(), recurra_evaluation::metrics::Undefined>(())
    /// ```
    ///
    /// # Errors
    /// If the samples differ in length, are empty, hold a value that is not finite, or the settings of the bootstrap
    /// make no sense.
    pub fn new(left: &[f64], right: &[f64], pairing: &Pairing) -> Result<Self, Undefined> {
        let differences = differences(left, right)?;
        let lower = differences.iter().filter(|difference| **difference < 0.0).count() as f64;
        let equal = differences.iter().filter(|difference| **difference == 0.0).count() as f64;
        let (block_length, test) = match pairing.units {
            Units::Independent => (1, wilcoxon_signed_rank(left, right).ok()),
            Units::InTime { overlap } => (
                overlap.max(cube_root(differences.len())),
                diebold_mariano(left, right, overlap).ok(),
            ),
        };
        let bootstrap = Bootstrap {
            block_length,
            ..pairing.bootstrap
        };
        let difference = bootstrap.percentile(&differences, |sample| pairing.location.of(sample))?;
        Ok(Self {
            count: differences.len(),
            lower_share: (lower + equal / 2.0) / differences.len() as f64,
            difference,
            test,
            verdict: Verdict::of(difference.interval, differences.len(), block_length),
        })
    }
}

/// The smallest whole number whose cube is not below `count`.
fn cube_root(count: usize) -> usize {
    (1..).find(|root| root * root * root >= count).unwrap_or(count)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const RIGHT: [f64; 8] = [5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0];

    fn compare(left: &[f64], right: &[f64]) -> PairedComparison {
        PairedComparison::new(left, right, &Pairing::default()).unwrap()
    }

    #[test]
    fn a_steady_difference_is_decided_and_a_mixed_one_is_not() {
        let lower = RIGHT.map(|value| value - 1.0 - value / 100.0);
        let comparison = compare(&lower, &RIGHT);
        assert_eq!((comparison.verdict, comparison.lower_share), (Verdict::Lower, 1.0));
        let comparison = compare(&RIGHT, &lower);
        assert_eq!((comparison.verdict, comparison.lower_share), (Verdict::Higher, 0.0));

        let mixed = [6.0, 5.0, 8.0, 7.0, 10.0, 9.0, 11.0, 12.0];
        let comparison = compare(&mixed, &RIGHT);
        assert_eq!((comparison.verdict, comparison.lower_share), (Verdict::Undecided, 0.5));
    }

    #[test]
    fn five_pairs_decide_nothing() {
        let lower = RIGHT.map(|value| value - 1.0);
        assert_eq!(compare(&lower[..5], &RIGHT[..5]).verdict, Verdict::Undecided);
        assert_eq!(compare(&lower[..6], &RIGHT[..6]).verdict, Verdict::Lower);
    }

    #[test]
    fn equal_samples_have_no_test() {
        let comparison = compare(&[1.0, 2.0], &[1.0, 2.0]);
        assert_eq!((comparison.test, comparison.verdict), (None, Verdict::Undecided));
    }

    #[test]
    fn cutoffs_in_time_are_tested_by_their_losses() {
        let left: Vec<f64> = (0..40).map(|step| f64::from(step % 7)).collect();
        let right: Vec<f64> = (0..40).map(|step| f64::from(step % 5) + 0.5).collect();
        let units = Units::InTime { overlap: 3 };
        let pairing = Pairing {
            location: Location::Mean,
            units,
            ..Pairing::default()
        };
        let comparison = PairedComparison::new(&left, &right, &pairing).unwrap();
        assert_eq!(comparison.test, Some(diebold_mariano(&left, &right, 3).unwrap()));
    }

    #[test]
    fn fewer_than_six_blocks_decide_nothing() {
        let verdict = |count: u32, overlap| {
            let lower: Vec<f64> = (0..count).map(|step| f64::from(step % 3)).collect();
            let higher: Vec<f64> = lower.iter().map(|value| value + 10.0 + value / 10.0).collect();
            let pairing = Pairing {
                location: Location::Mean,
                units: Units::InTime { overlap },
                ..Pairing::default()
            };
            PairedComparison::new(&lower, &higher, &pairing).unwrap().verdict
        };
        // Every resample of ten values in blocks of twelve is the sample itself, turned round.
        assert_eq!(verdict(10, 12), Verdict::Undecided);
        assert_eq!(verdict(10, usize::MAX), Verdict::Undecided);
        assert_eq!(verdict(71, 12), Verdict::Undecided);
        assert_eq!(verdict(72, 12), Verdict::Lower);
        // Without overlap, blocks are as long as the cube root.
        assert_eq!(verdict(17, 1), Verdict::Undecided);
        assert_eq!(verdict(18, 1), Verdict::Lower);
    }

    #[test]
    fn cube_roots_are_rounded_up() {
        assert_eq!([1, 2, 8, 9, 27, 461].map(cube_root), [1, 2, 2, 3, 3, 8]);
    }
}
