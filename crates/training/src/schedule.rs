//! Learning rates as functions of the epoch.

use std::f64::consts::PI;

use serde::{Deserialize, Serialize};

use crate::error::TrainingError;

/// A learning rate as a function of the epoch, as data. Powers and cosines are `libm`'s: the same bits everywhere.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "kebab-case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Schedule {
    /// `initial · decay_rate^(epoch / decay_epochs)` (Keras' `ExponentialDecay`).
    Exponential {
        /// The rate of epoch 0.
        initial: f64,
        /// What the rate is multiplied by in `decay_epochs` epochs.
        decay_rate: f64,
        /// Epochs of one decay.
        decay_epochs: f64,
    },
    /// `initial · factor^⌊epoch / every⌋` (Keras' `ExponentialDecay` with `staircase`).
    Step {
        /// The rate of epoch 0.
        initial: f64,
        /// What the rate is multiplied by at every step.
        factor: f64,
        /// Epochs of one step, at least 1.
        every: usize,
    },
    /// From `initial` to `alpha · initial` in `epochs` epochs, along half a cosine (Keras' `CosineDecay`).
    Cosine {
        /// The rate of epoch 0.
        initial: f64,
        /// Epochs until the end, after which the rate stays.
        epochs: usize,
        /// The last rate as a fraction of the first.
        #[serde(default)]
        alpha: f64,
    },
    /// From `from` in a straight line for `epochs` epochs to where `then` begins; `then` counts its epochs from there.
    WarmUp {
        /// The rate of epoch 0.
        from: f64,
        /// Epochs of the rise.
        epochs: usize,
        /// What comes after it.
        then: Box<Schedule>,
    },
    /// One rise and one fall, both along half a cosine, in `epochs` epochs (PyTorch's `OneCycleLR` with its defaults: from
    /// `highest / 25` up in 30 % of the epochs, down to `highest / 250 000`).
    OneCycle {
        /// The highest rate.
        highest: f64,
        /// Epochs in all.
        epochs: usize,
    },
}

impl Schedule {
    /// Refuses options that give no learning rate, such as a decay in no epoch.
    ///
    /// # Errors
    /// Names the option, its value, and what it must be.
    pub fn check(&self) -> Result<(), TrainingError> {
        match self {
            Self::Exponential {
                initial,
                decay_rate,
                decay_epochs,
            } => {
                not_negative("initial", *initial)?;
                not_negative("decay_rate", *decay_rate)?;
                if *decay_epochs > 0.0 && decay_epochs.is_finite() {
                    Ok(())
                } else {
                    Err(refusal("decay_epochs", *decay_epochs, "a positive number"))
                }
            }
            Self::Step { initial, factor, every } => {
                not_negative("initial", *initial)?;
                not_negative("factor", *factor)?;
                at_least_one("every", *every)
            }
            Self::Cosine { initial, epochs, alpha } => {
                not_negative("initial", *initial)?;
                not_negative("alpha", *alpha)?;
                at_least_one("epochs", *epochs)
            }
            Self::WarmUp { from, then, .. } => {
                not_negative("from", *from)?;
                then.check()
            }
            Self::OneCycle { highest, epochs } => {
                not_negative("highest", *highest)?;
                at_least_one("epochs", *epochs)
            }
        }
    }

    /// The rate of an epoch, from 0.
    ///
    /// ```
    /// use recurra_training::Schedule;
    /// let halved = Schedule::Step { initial: 0.1, factor: 0.5, every: 5 };
    /// assert_eq!([0, 4, 5, 10].map(|epoch| halved.rate(epoch)), [0.1, 0.1, 0.05, 0.025]);
    /// ```
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "epochs are far below 2⁵³")]
    pub fn rate(&self, epoch: usize) -> f64 {
        match self {
            Self::Exponential {
                initial,
                decay_rate,
                decay_epochs,
            } => initial * libm::pow(*decay_rate, epoch as f64 / decay_epochs),
            Self::Step { initial, factor, every } => initial * libm::pow(*factor, (epoch / (*every).max(1)) as f64),
            Self::Cosine { initial, epochs, alpha } => {
                let part = epoch.min(*epochs) as f64 / (*epochs).max(1) as f64;
                along_cosine(*initial, alpha * initial, part)
            }
            Self::WarmUp { from, epochs, then } if epoch < *epochs => {
                from + (then.rate(0) - from) * (epoch as f64 / *epochs as f64)
            }
            Self::WarmUp { epochs, then, .. } => then.rate(epoch - epochs),
            Self::OneCycle { highest, epochs } => {
                let initial = highest / 25.0;
                let last = *epochs as f64 - 1.0;
                let top = 0.3 * *epochs as f64 - 1.0;
                let epoch = epoch as f64;
                if epoch <= top {
                    along_cosine(initial, *highest, epoch / top)
                } else {
                    along_cosine(*highest, initial / 1e4, ((epoch - top) / (last - top)).min(1.0))
                }
            }
        }
    }
}

fn not_negative(option: &'static str, value: f64) -> Result<(), TrainingError> {
    if value.is_finite() && value >= 0.0 {
        Ok(())
    } else {
        Err(refusal(option, value, "a number that is not negative"))
    }
}

fn at_least_one(option: &'static str, value: usize) -> Result<(), TrainingError> {
    if value > 0 {
        Ok(())
    } else {
        Err(refusal(option, value, "at least 1"))
    }
}

fn refusal(option: &'static str, value: impl ToString, must_be: &'static str) -> TrainingError {
    TrainingError::Option {
        option,
        value: value.to_string(),
        must_be,
    }
}

/// From `start` at `part` 0 to `end` at `part` 1, along half a cosine.
fn along_cosine(start: f64, end: f64, part: f64) -> f64 {
    end + (start - end) * 0.5 * (1.0 + libm::cos(PI * part))
}

#[cfg(test)]
mod tests {
    use super::Schedule;

    #[test]
    fn what_gives_no_rate_is_refused_by_its_name() {
        let exponential = |initial, decay_rate, decay_epochs| Schedule::Exponential {
            initial,
            decay_rate,
            decay_epochs,
        };
        let warm = |then| Schedule::WarmUp {
            from: 0.0,
            epochs: 0,
            then: Box::new(then),
        };
        let step = |initial, factor, every| Schedule::Step { initial, factor, every };
        let cosine = |initial, epochs, alpha| Schedule::Cosine { initial, epochs, alpha };
        let cycle = |highest, epochs| Schedule::OneCycle { highest, epochs };
        let fine = [
            warm(exponential(0.1, 0.5, 2.5)),
            step(0.0, 0.0, 1),
            cosine(0.1, 1, 0.0),
            cycle(0.1, 1),
        ];
        for schedule in fine {
            assert!(schedule.check().is_ok(), "{schedule:?}");
        }
        let from = |from| Schedule::WarmUp {
            from,
            epochs: 0,
            then: Box::new(cycle(0.1, 1)),
        };
        let wrong = [
            (
                exponential(0.1, 0.5, 0.0),
                "`decay_epochs` is 0; it must be a positive number",
            ),
            (exponential(0.1, 0.5, f64::INFINITY), "`decay_epochs` is inf"),
            (exponential(f64::NAN, 0.5, 1.0), "`initial` is NaN"),
            (warm(exponential(0.1, -0.5, 1.0)), "`decay_rate` is -0.5"),
            (step(-0.1, 0.5, 1), "`initial` is -0.1"),
            (step(0.1, f64::NAN, 1), "`factor` is NaN"),
            (step(0.1, 0.5, 0), "`every` is 0; it must be at least 1"),
            (cosine(-0.1, 5, 0.0), "`initial` is -0.1"),
            (cosine(0.1, 0, 0.0), "`epochs` is 0"),
            (cosine(0.1, 5, f64::INFINITY), "`alpha` is inf"),
            (from(-0.5), "`from` is -0.5; it must be a number that is not negative"),
            (cycle(f64::INFINITY, 5), "`highest` is inf"),
            (cycle(0.1, 0), "`epochs` is 0"),
        ];
        for (schedule, expected) in wrong {
            let message = schedule.check().map_err(|error| error.to_string());
            assert!(
                message.as_ref().is_err_and(|message| message.contains(expected)),
                "{schedule:?}: {message:?}"
            );
        }
    }

    #[test]
    fn one_cycle_rises_and_falls() {
        let cycle = Schedule::OneCycle {
            highest: 1.0,
            epochs: 10,
        };
        // By hand from the documented formula: peaks of 1/25, 1 and 1/250000, half cosines between them.
        let expected = [
            0.04,
            0.52,
            1.0,
            0.950_484_617,
            0.811_745_448,
            0.611_261_154_5,
            0.388_742_845_5,
            0.188_258_551_6,
            0.049_519_383,
            4e-6,
        ];
        for (epoch, expected) in expected.into_iter().enumerate() {
            assert!(
                (cycle.rate(epoch) - expected).abs() < 1e-6,
                "epoch {epoch}: {}",
                cycle.rate(epoch)
            );
        }
        assert_eq!(cycle.rate(12), cycle.rate(9));
    }

    #[test]
    fn a_warm_up_ends_where_the_next_schedule_begins_its_count() {
        let then = Schedule::Step {
            initial: 1.0,
            factor: 0.5,
            every: 2,
        };
        let warm = Schedule::WarmUp {
            from: 0.5,
            epochs: 4,
            then: Box::new(then),
        };
        let rates: Vec<f64> = (0..9).map(|epoch| warm.rate(epoch)).collect();
        assert_eq!(rates, [0.5, 0.625, 0.75, 0.875, 1.0, 1.0, 0.5, 0.5, 0.25]);
        let Schedule::WarmUp { from, then, .. } = warm else {
            unreachable!()
        };
        let none = Schedule::WarmUp { from, epochs: 0, then };
        assert_eq!([0, 1, 2].map(|epoch| none.rate(epoch)), [1.0, 1.0, 0.5], "no warm-up");
    }

    #[test]
    fn a_cosine_stays_at_its_end() {
        let cosine = Schedule::Cosine {
            initial: 2.0,
            epochs: 4,
            alpha: 0.25,
        };
        let found = [0, 2, 4, 5, 100].map(|epoch| cosine.rate(epoch));
        for (found, expected) in found.into_iter().zip([2.0, 1.25, 0.5, 0.5, 0.5]) {
            assert!((found - expected).abs() < 1e-15, "{found} is not {expected}");
        }
    }
}
