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
}

impl Default for Bootstrap {
    /// 9,999 resamples, seed 0, confidence 0.95.
    fn default() -> Self {
        Self {
            resamples: 9_999,
            seed: 0,
            confidence: 0.95,
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
        let replicates = self.replicates(&[sample], |resample| statistic(resample[0]));
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
        let replicates = self.replicates(&[left, right], |resample| statistic(resample[0], resample[1]));
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
        let replicates = self.replicates(&[sample], |resample| statistic(resample[0]));
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
        if self.resamples == 0 {
            return Err(Undefined::TooFew { needed: 1, found: 0 });
        }
        Ok((1.0 - self.confidence) / 2.0)
    }

    /// The statistic over the resamples, in ascending order. Each sample draws all its resamples before the next does.
    fn replicates(&self, samples: &[&[f64]], statistic: impl Fn(&[&[f64]]) -> f64) -> Vec<f64> {
        let mut generator = Mt::new(self.seed);
        let drawn: Vec<Vec<f64>> = samples
            .iter()
            .map(|sample| {
                let draws = self.resamples * sample.len();
                (0..draws)
                    .map(|_| sample[index_below(sample.len(), &mut generator)])
                    .collect()
            })
            .collect();
        let mut replicates: Vec<f64> = (0..self.resamples)
            .map(|resample| {
                let parts: Vec<&[f64]> = drawn
                    .iter()
                    .zip(samples)
                    .map(|(values, sample)| &values[resample * sample.len()..(resample + 1) * sample.len()])
                    .collect();
                statistic(&parts)
            })
            .collect();
        replicates.sort_by(f64::total_cmp);
        replicates
    }
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
    fn every_index_is_drawn() {
        let mut generator = Mt::new(7);
        let mut counts = [0; 5];
        (0..5_000).for_each(|_| counts[index_below(5, &mut generator)] += 1);
        assert!(counts.iter().all(|count| (900..1100).contains(count)), "{counts:?}");
    }
}
