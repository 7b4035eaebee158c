//! Which learning rate to take.

use recurra_models::Network;
use serde::{Deserialize, Serialize};

use crate::callbacks::{LearningRateScheduler, TerminateOnNan};
use crate::data::FitData;
use crate::error::TrainingError;
use crate::fit::fit;
use crate::options::FitOptions;
use crate::schedule::Schedule;

/// Epochs on either side that a smoothed loss is the mean of.
const NEIGHBOURS: usize = 2;
/// How many times the lowest smoothed loss counts as divergence.
pub const DIVERGENCE_FACTOR: f64 = 4.0;

/// The rate to take after a sweep: half a decade below the rate of the lowest smoothed loss, and never above a decade below the rate at
/// which the loss diverged, if it did.
///
/// ```
/// use recurra_training::suggested_rate;
///
/// assert!((suggested_rate(0.1, None) - 0.0316).abs() < 1e-4);
/// assert!((suggested_rate(0.1, Some(0.2)) - 0.02).abs() < 1e-12);
/// ```
#[must_use]
pub fn suggested_rate(lowest: f64, divergence: Option<f64>) -> f64 {
    let half_a_decade_below = lowest / 10.0_f64.sqrt();
    divergence.map_or(half_a_decade_below, |rate| half_a_decade_below.min(rate / 10.0))
}

/// Writes an infinite loss as `null`, because JSON has no infinity, and reads it back.
mod infinite_as_null {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
    pub(super) fn serialize<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
        value.is_finite().then_some(*value).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
        Ok(Option::deserialize(deserializer)?.unwrap_or(f64::INFINITY))
    }
}

/// How the learning rates are swept.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LearningRateFinder {
    /// The rate of the first epoch.
    pub from: f64,
    /// Epochs in which the rate becomes ten times as large.
    pub epochs_per_decade: f64,
    /// Epochs in all.
    pub epochs: usize,
}

impl Default for LearningRateFinder {
    /// From 1e-8, a decade in 20 epochs, for 100 epochs: the reference's sweep.
    fn default() -> Self {
        Self {
            from: 1e-8,
            epochs_per_decade: 20.0,
            epochs: 100,
        }
    }
}

/// One epoch of a sweep.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SweepPoint {
    /// The learning rate.
    pub rate: f64,
    /// The mean loss; infinite where it was no number.
    #[serde(with = "infinite_as_null")]
    pub loss: f64,
    /// The mean of the losses of this epoch and up to two on either side; infinite if one of them is.
    #[serde(with = "infinite_as_null")]
    pub smoothed: f64,
}

/// A sweep over learning rates, and what follows from it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LearningRateSweep {
    /// The epochs, by rising rate.
    pub points: Vec<SweepPoint>,
    /// The rate with the lowest smoothed loss.
    pub lowest: f64,
    /// The first rate after the lowest whose smoothed loss is four times the lowest or not finite.
    pub divergence: Option<f64>,
    /// Where the smoothed loss falls fastest, by the decade of the rate. Reported; a poor choice of a rate.
    pub steepest: f64,
    /// The rate to take: half a decade below the lowest, never above a decade below divergence.
    pub suggested: f64,
}

impl LearningRateFinder {
    /// Trains `network` with a rate that rises from epoch to epoch; the optimizer's own rate and the epochs in `options` do
    /// not matter. The network is of no use afterwards.
    ///
    /// # Errors
    /// If the data does not fit the network, an option is outside its range, or no epoch had a finite loss.
    pub fn run(
        &self,
        network: &mut dyn Network,
        data: FitData<'_>,
        options: &FitOptions,
    ) -> Result<LearningRateSweep, TrainingError> {
        let positive = [("from", self.from), ("epochs_per_decade", self.epochs_per_decade)];
        for (option, value) in positive {
            if !(value.is_finite() && value > 0.0) {
                return Err(TrainingError::Option {
                    option,
                    value: value.to_string(),
                    must_be: "a positive number",
                });
            }
        }
        let schedule = Schedule::Exponential {
            initial: self.from,
            decay_rate: 10.0,
            decay_epochs: self.epochs_per_decade,
        };
        let options = FitOptions {
            epochs: self.epochs,
            ..options.clone()
        };
        let mut scheduler = LearningRateScheduler::of(schedule);
        let history = fit(network, data, &options, &mut [&mut scheduler, &mut TerminateOnNan])?;
        let epochs = history
            .epochs
            .iter()
            .map(|epoch| (epoch.learning_rate, epoch.training.loss));
        LearningRateSweep::new(epochs)
    }
}

impl LearningRateSweep {
    /// What follows from rates, in rising order, and their losses.
    ///
    /// ```
    /// use recurra_training::LearningRateSweep;
    /// let losses = [9.0, 8.0, 6.0, 3.0, 2.0, 2.5, 40.0, 900.0];
    /// let rates = (0..).map(|decade| 1e-7 * 10f64.powi(decade));
    /// let sweep = LearningRateSweep::new(rates.zip(losses))?;
    /// assert!(sweep.suggested < sweep.lowest && sweep.divergence.is_some());
    /// # Ok::<(), recurra_training::TrainingError>(())
    /// ```
    ///
    /// # Errors
    /// If there is no finite loss.
    pub fn new(epochs: impl IntoIterator<Item = (f64, f64)>) -> Result<Self, TrainingError> {
        let finite = |loss: f64| if loss.is_finite() { loss } else { f64::INFINITY };
        let (rates, losses): (Vec<f64>, Vec<f64>) = epochs.into_iter().map(|(rate, loss)| (rate, finite(loss))).unzip();
        let smoothed = |index: usize| {
            let around = &losses[index.saturating_sub(NEIGHBOURS)..(index + NEIGHBOURS + 1).min(losses.len())];
            #[expect(clippy::cast_precision_loss, reason = "five at most")]
            let count = around.len() as f64;
            around.iter().sum::<f64>() / count
        };
        let points: Vec<SweepPoint> = rates
            .iter()
            .zip(&losses)
            .enumerate()
            .map(|(index, (&rate, &loss))| SweepPoint {
                rate,
                loss,
                smoothed: smoothed(index),
            })
            .collect();
        let least = points
            .iter()
            .enumerate()
            .min_by(|(_, left), (_, right)| left.smoothed.total_cmp(&right.smoothed));
        let Some((index, &lowest)) = least.filter(|(_, point)| point.smoothed.is_finite()) else {
            return Err(TrainingError::NoFiniteLoss);
        };
        let diverged = |point: &&SweepPoint| point.smoothed >= DIVERGENCE_FACTOR * lowest.smoothed;
        let divergence = points[index..].iter().skip(1).find(diverged).map(|point| point.rate);
        let slope = |pair: &[SweepPoint]| {
            (pair[1].smoothed - pair[0].smoothed) / (libm::log10(pair[1].rate) - libm::log10(pair[0].rate))
        };
        let falls = points[..=index]
            .windows(2)
            .min_by(|left, right| slope(left).total_cmp(&slope(right)));
        let steepest = falls.map_or(lowest.rate, |pair| pair[0].rate);
        Ok(Self {
            points,
            lowest: lowest.rate,
            divergence,
            steepest,
            suggested: suggested_rate(lowest.rate, divergence),
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::LearningRateSweep;

    fn sweep(losses: &[f64]) -> LearningRateSweep {
        let rates = (0_i32..).map(|epoch| libm::pow(10.0, f64::from(epoch) / 4.0 - 8.0));
        LearningRateSweep::new(rates.zip(losses.iter().copied())).unwrap()
    }

    #[test]
    fn half_a_decade_below_the_lowest() {
        let falling: Vec<f64> = (0..20)
            .map(|epoch| 20.0 - f64::from(epoch))
            .chain([1.2, 1.4, 1.8])
            .collect();
        let sweep = sweep(&falling);
        assert_eq!(sweep.divergence, None);
        assert!((sweep.suggested / (sweep.lowest / 10.0_f64.sqrt()) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn never_above_a_decade_below_divergence() {
        let losses = [9.0, 8.0, 7.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0, f64::NAN, f64::NAN];
        let sweep = sweep(&losses);
        assert!(sweep.lowest < sweep.divergence.unwrap());
        assert!(
            (sweep.suggested / (sweep.divergence.unwrap() / 10.0) - 1.0).abs() < 1e-12,
            "{sweep:?}"
        );
    }

    #[test]
    fn the_steepest_descent_is_reported() {
        let sweep = sweep(&[9.0, 9.0, 9.0, 9.0, 9.0, 9.0, 2.0, 2.0, 2.0, 2.0, 2.0, 1.9]);
        let at = sweep
            .points
            .iter()
            .position(|point| point.rate == sweep.steepest)
            .unwrap();
        assert!((3..=7).contains(&at), "{at}");
    }

    #[test]
    fn a_sweep_with_infinite_losses_comes_back_from_json() {
        let sweep = sweep(&[9.0, 8.0, 7.0, 6.0, 5.0, 4.0, 3.0, f64::NAN]);
        assert!(sweep.points[7].loss.is_infinite() && sweep.points[5].smoothed.is_infinite());
        let text = serde_json::to_string(&sweep).unwrap();
        assert_eq!(serde_json::from_str::<LearningRateSweep>(&text).unwrap(), sweep);
    }

    #[test]
    fn no_finite_loss_is_an_error() {
        assert!(LearningRateSweep::new([(1e-3, f64::NAN)]).is_err());
        assert!(LearningRateSweep::new([]).is_err());
    }
}
