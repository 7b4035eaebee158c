//! Median, quartiles and other quantiles.

use super::sample::check;
use crate::metrics::Undefined;
use serde::Serialize;

/// The quantile at `probability`, by linear interpolation between the two nearest order statistics: NumPy's default,
/// type 7 of Hyndman & Fan (1996), *The American Statistician* 50, 361–365.
///
/// ```
/// use recurra_evaluation::statistics::quantile;
///
/// assert_eq!(quantile(&[4.0, 1.0, 3.0, 2.0], 0.25)?, 1.75);
/// # Ok::<(), recurra_evaluation::metrics::Undefined>(())
/// ```
///
/// # Errors
/// If the sample is empty, holds a value that is not finite, or the probability is not one.
pub fn quantile(sample: &[f64], probability: f64) -> Result<f64, Undefined> {
    check(sample, 1)?;
    if !(0.0..=1.0).contains(&probability) {
        return Err(Undefined::Probability { value: probability });
    }
    Ok(quantile_of_sorted(&sorted(sample), probability))
}

/// The quantile at one half.
///
/// # Errors
/// If the sample is empty or holds a value that is not finite.
pub fn median(sample: &[f64]) -> Result<f64, Undefined> {
    quantile(sample, 0.5)
}

/// A sample in a line of a table.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Summary {
    /// How many values there are.
    pub count: usize,
    /// The smallest.
    pub minimum: f64,
    /// The quantile at 0.1.
    pub lower_decile: f64,
    /// The quantile at 0.25.
    pub lower_quartile: f64,
    /// The quantile at 0.5.
    pub median: f64,
    /// The quantile at 0.75.
    pub upper_quartile: f64,
    /// The quantile at 0.9.
    pub upper_decile: f64,
    /// The largest.
    pub maximum: f64,
}

impl Summary {
    /// Summarises a sample.
    ///
    /// # Errors
    /// If the sample is empty or holds a value that is not finite.
    pub fn new(sample: &[f64]) -> Result<Self, Undefined> {
        check(sample, 1)?;
        let sorted = sorted(sample);
        let at = |probability| quantile_of_sorted(&sorted, probability);
        Ok(Self {
            count: sample.len(),
            minimum: at(0.0),
            lower_decile: at(0.1),
            lower_quartile: at(0.25),
            median: at(0.5),
            upper_quartile: at(0.75),
            upper_decile: at(0.9),
            maximum: at(1.0),
        })
    }
}

pub(crate) fn sorted(sample: &[f64]) -> Vec<f64> {
    let mut sorted = sample.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
}

/// The quantile of values in ascending order. The two forms of the interpolation are NumPy's, so the bits are as well.
pub(crate) fn quantile_of_sorted(sorted: &[f64], probability: f64) -> f64 {
    let position = (sorted.len() - 1) as f64 * probability;
    let below = position.floor();
    let share = position - below;
    let lower = sorted[below as usize];
    let upper = sorted[(below as usize + 1).min(sorted.len() - 1)];
    let step = upper - lower;
    if share >= 0.5 {
        upper - step * (1.0 - share)
    } else {
        lower + step * share
    }
}
