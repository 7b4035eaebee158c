//! Bootstrap intervals, the same on every run.

use super::normal;
use super::quantile::quantile_of_sorted;
use super::sample::check;
use crate::metrics::Undefined;
use rand_mt::Mt;
use serde::Serialize;

/// An interval, ends included.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Interval {
    /// The lower end.
    #[serde(serialize_with = "super::digits::serialize")]
    pub lower: f64,
    /// The upper end.
    #[serde(serialize_with = "super::digits::serialize")]
    pub upper: f64,
}

impl Interval {
    /// Whether the value lies in the interval.
    pub fn contains(&self, value: f64) -> bool {
        (self.lower..=self.upper).contains(&value)
    }
}

/// A statistic of the sample, with its interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Estimate {
    /// The statistic of the sample itself.
    #[serde(serialize_with = "super::digits::serialize")]
    pub value: f64,
    /// Its bootstrap interval.
    pub interval: Interval,
}

/// How to bootstrap: Efron & Tibshirani (1993), *An Introduction to the Bootstrap*, chapters 13 and 14.
///
/// Resamples are drawn with replacement by MT19937, seeded with `seed` by `init_genrand`. An index below `n` is the first
/// 32-bit output that, masked to the bits of `n − 1`, is below `n`. That is what NumPy's `RandomState(seed).randint(0, n)`
/// does, so SciPy's `bootstrap` with that state gives the same intervals.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bootstrap {
    /// Resamples that are drawn.
    pub resamples: usize,
    /// The seed of the generator.
    pub seed: u32,
    /// Probability with which the interval is to cover the true value.
    pub confidence: f64,
    /// Successive values that are drawn together; 1 for independent values. A resample of values in time is made of blocks
    /// from random starts, round the end to the beginning (the circular block bootstrap: Politis & Romano 1992), and keeps
    /// the dependence within a block. [`Bootstrap::bias_corrected`] always draws single values.
    pub block_length: usize,
}

impl Default for Bootstrap {
    /// 9,999 resamples of single values, seed 0, confidence 0.95.
    fn default() -> Self {
        Self {
            resamples: 9_999,
            seed: 0,
            confidence: 0.95,
            block_length: 1,
        }
    }
}

impl Bootstrap {
    /// The percentile interval: the quantiles of the statistic over the resamples. The right one for medians and other
    /// quantiles, on which the jackknife of [`Bootstrap::bias_corrected`] fails.
    ///
    /// # Errors
    /// If the sample is empty, holds a value that is not finite, or the settings make no sense.
    pub fn percentile(&self, sample: &[f64], statistic: impl Fn(&[f64]) -> f64) -> Result<Estimate, Undefined> {
        check(sample, 1)?;
        let tail = self.tail()?;
        let replicates = self.replicates(&[sample], self.block_length, |resample| statistic(resample[0]));
        Ok(Estimate {
            value: statistic(sample),
            interval: between(&replicates, tail, 1.0 - tail),
        })
    }

    /// The percentile interval of a statistic of two independent samples, each resampled on its own.
    ///
    /// # Errors
    /// If a sample is empty, holds a value that is not finite, or the settings make no sense.
    pub fn percentile_of_two(
        &self,
        left: &[f64],
        right: &[f64],
        statistic: impl Fn(&[f64], &[f64]) -> f64,
    ) -> Result<Estimate, Undefined> {
        check(left, 1)?;
        check(right, 1)?;
        let tail = self.tail()?;
        let replicates = self.replicates(&[left, right], self.block_length, |resample| {
            statistic(resample[0], resample[1])
        });
        Ok(Estimate {
            value: statistic(left, right),
            interval: between(&replicates, tail, 1.0 - tail),
        })
    }

    /// The bias-corrected and accelerated interval (BCa): percentiles shifted by the bias of the replicates and by the
    /// skewness that a jackknife finds. For smooth statistics such as means.
    ///
    /// # Errors
    /// If the sample has fewer than two values or one that is not finite, if the statistic does not vary over the
    /// resamples, or the settings make no sense.
    pub fn bias_corrected(&self, sample: &[f64], statistic: impl Fn(&[f64]) -> f64) -> Result<Estimate, Undefined> {
        check(sample, 2)?;
        let tail = self.tail()?;
        let value = statistic(sample);
        let replicates = self.replicates(&[sample], 1, |resample| statistic(resample[0]));
        let below = replicates.iter().filter(|replicate| **replicate < value).count();
        let up_to = replicates.iter().filter(|replicate| **replicate <= value).count();
        let share = (below + up_to) as f64 / (2 * replicates.len()) as f64;
        if share <= 0.0 || share >= 1.0 || replicates[0] == replicates[replicates.len() - 1] {
            return Err(Undefined::NoVariation {
                what: "bootstrap replicates",
            });
        }
        let bias = normal::quantile(share);
        let acceleration = acceleration(sample, &statistic);
        let adjusted = |probability: f64| {
            let shifted = bias + normal::quantile(probability);
            normal::cumulative(bias + shifted / (1.0 - acceleration * shifted))
        };
        let interval = between(&replicates, adjusted(tail), adjusted(1.0 - tail));
        Ok(Estimate { value, interval })
    }

    fn tail(&self) -> Result<f64, Undefined> {
        if !(self.confidence > 0.0 && self.confidence < 1.0) {
            return Err(Undefined::Probability { value: self.confidence });
        }
        if self.resamples == 0 || self.block_length == 0 {
            return Err(Undefined::TooFew { needed: 1, found: 0 });
        }
        Ok((1.0 - self.confidence) / 2.0)
    }

    /// The statistic over the resamples, in ascending order. Each sample draws all its resamples before the next does, so
    /// every sample has a copy of the generator that is past the draws of the samples before it.
    fn replicates(&self, samples: &[&[f64]], block: usize, statistic: impl Fn(&[&[f64]]) -> f64) -> Vec<f64> {
        let mut generator = Mt::new(self.seed);
        let mut generators = Vec::with_capacity(samples.len());
        for sample in samples {
            generators.push(generator.clone());
            if generators.len() < samples.len() {
                (0..self.resamples * sample.len().div_ceil(block)).for_each(|_| {
                    index_below(sample.len(), &mut generator);
                });
            }
        }
        let mut replicates: Vec<f64> = (0..self.resamples)
            .map(|_| {
                let pairs = samples.iter().zip(&mut generators);
                let drawn: Vec<Vec<f64>> = pairs
                    .map(|(sample, generator)| resample(sample, block, generator))
                    .collect();
                statistic(&drawn.iter().map(Vec::as_slice).collect::<Vec<_>>())
            })
            .collect();
        replicates.sort_by(f64::total_cmp);
        replicates
    }
}

/// As many values as the sample has, in blocks from random starts, round the end to the beginning.
fn resample(sample: &[f64], block: usize, generator: &mut Mt) -> Vec<f64> {
    // A longer block would be cut off.
    let block = block.min(sample.len());
    let mut drawn = Vec::with_capacity(sample.len() + block);
    while drawn.len() < sample.len() {
        let start = index_below(sample.len(), generator);
        drawn.extend((start..start + block).map(|index| sample[index % sample.len()]));
    }
    drawn.truncate(sample.len());
    drawn
}

fn index_below(count: usize, generator: &mut Mt) -> usize {
    let largest = (count - 1) as u32;
    if largest == 0 {
        return 0;
    }
    let mask = u32::MAX >> largest.leading_zeros();
    loop {
        let index = generator.next_u32() & mask;
        if index <= largest {
            return index as usize;
        }
    }
}

fn between(ascending: &[f64], lower: f64, upper: f64) -> Interval {
    Interval {
        lower: quantile_of_sorted(ascending, lower),
        upper: quantile_of_sorted(ascending, upper),
    }
}

/// A sixth of the skewness of the jackknife values, with the sign turned.
fn acceleration(sample: &[f64], statistic: impl Fn(&[f64]) -> f64) -> f64 {
    let left_out: Vec<f64> = (0..sample.len())
        .map(|out| statistic(&[&sample[..out], &sample[out + 1..]].concat()))
        .collect();
    let centre = crate::sums::mean(&left_out);
    let deviations = || left_out.iter().map(|value| centre - value);
    let cubes: f64 = deviations().map(|deviation| deviation * deviation * deviation).sum();
    let squares: f64 = deviations().map(|deviation| deviation * deviation).sum();
    // A statistic that no single value moves is not skewed.
    if squares == 0.0 {
        0.0
    } else {
        cubes / (6.0 * squares * squares.sqrt())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn settings_that_make_no_sense_are_refused() {
        let sample = [1.0, 2.0, 3.0];
        let wrong = Bootstrap {
            confidence: 1.0,
            ..Bootstrap::default()
        };
        assert_eq!(
            wrong.percentile(&sample, |values| values[0]),
            Err(Undefined::Probability { value: 1.0 })
        );
        let none = Bootstrap {
            resamples: 0,
            ..Bootstrap::default()
        };
        assert!(none.bias_corrected(&sample, |values| values[0]).is_err());
    }

    #[test]
    fn a_constant_sample_has_a_point_for_a_percentile_interval_and_no_bca() {
        let mean = |values: &[f64]| crate::sums::mean(values);
        let estimate = Bootstrap::default().percentile(&[2.0; 4], mean).unwrap();
        assert_eq!(estimate.interval, Interval { lower: 2.0, upper: 2.0 });
        assert!(Bootstrap::default().bias_corrected(&[2.0; 4], mean).is_err());
    }

    #[test]
    fn blocks_keep_neighbours_together() {
        let sample: Vec<f64> = (0..7).map(f64::from).collect();
        let drawn = resample(&sample, 3, &mut Mt::new(1));
        assert_eq!(drawn.len(), 7);
        for block in drawn.chunks(3) {
            assert!(
                block.windows(2).all(|pair| pair[1] == (pair[0] + 1.0) % 7.0),
                "{drawn:?}"
            );
        }
    }

    #[test]
    fn blocks_widen_the_interval_of_a_dependent_mean() {
        // Each value comes five times in a row: five times as few independent ones, an interval √5 times as wide.
        let draws = recurra_series::RandomState::new(6).randn(60);
        let sample: Vec<f64> = draws.iter().flat_map(|draw| [*draw; 5]).collect();
        let width = |block_length| {
            let settings = Bootstrap {
                block_length,
                resamples: 2000,
                ..Bootstrap::default()
            };
            let interval = settings.percentile(&sample, crate::sums::mean).unwrap().interval;
            interval.upper - interval.lower
        };
        let ratio = width(25) / width(1);
        assert!((1.8..2.6).contains(&ratio), "{ratio}");
    }

    #[test]
    fn every_index_is_drawn() {
        let mut generator = Mt::new(7);
        let mut counts = [0; 5];
        (0..5_000).for_each(|_| counts[index_below(5, &mut generator)] += 1);
        assert!(counts.iter().all(|count| (900..1100).contains(count)), "{counts:?}");
    }
}
