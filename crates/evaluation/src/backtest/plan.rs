//! What a backtest is to do.

use super::folds::Fold;
use crate::error::series;
use crate::metrics::Level;
use recurra_series::Series;
use std::collections::HashSet;

/// Which values before the cutoff a model may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrainingWindow {
    /// All of them.
    Expanding,
    /// The last ones.
    Sliding {
        /// How many.
        length: usize,
    },
}

/// How often models are fitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refit {
    /// Once, before the first cutoff.
    Never,
    /// At the first of every so many cutoffs; 1 fits at each of them.
    EveryFolds(usize),
}

/// Which intervals there are, and how they are calibrated: see [`ConformalErrors`](crate::intervals::ConformalErrors).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calibration {
    /// The levels.
    pub levels: Vec<Level>,
    /// Errors, for every step of the horizon, that an interval is made from: the latest ones that had been observed at
    /// the cutoff. As many folds more come before the scored ones.
    pub errors: usize,
}

impl Default for Calibration {
    /// 80 % and 95 %, from the latest 99 errors: of 99 no rank has to be rounded up, which would make intervals wider than they
    /// promise.
    fn default() -> Self {
        Self {
            levels: vec![Level::EIGHTY, Level::NINETY_FIVE],
            errors: 99,
        }
    }
}

/// A rolling-origin backtest. At every cutoff all models forecast the next `horizon` values, from the values before it
/// alone.
///
/// The last fold ends with the series; the others lie `step` values apart before it, in each series of a panel counted
/// from its own end. Tashman (2000), *International Journal of Forecasting* 16, 437–450.
///
/// ```
/// use recurra_evaluation::backtest::Backtest;
/// use recurra_evaluation::baselines::Drift;
/// use recurra_evaluation::metrics::Metric;
/// use recurra_series::Series;
///
/// let series = Series::from_values((0..40).map(|step| f64::from(step * step)).collect())?;
/// let result = Backtest { folds: 5, ..Backtest::new(3) }.run(&[&Drift], &[series])?;
/// let scores = result.pooled(Metric::Mae);
/// // The naive forecast is always there to compare with.
/// assert_eq!((scores[0].model.as_str(), scores[1].model.as_str()), ("naive", "drift"));
/// assert!(scores[1].value < scores[0].value);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Backtest {
    /// Values that are forecast at every cutoff.
    pub horizon: usize,
    /// Cutoffs that are scored.
    pub folds: usize,
    /// Values between one cutoff and the next.
    pub step: usize,
    /// Which values before the cutoff a model may see, in fitting and in forecasting.
    pub window: TrainingWindow,
    /// How often models are fitted.
    pub refit: Refit,
    /// Intervals, if any: conformal ones, around points or around the quantiles of models that forecast them.
    pub calibration: Option<Calibration>,
    /// How fast conformal intervals widen after misses and narrow after hits, see [`AdaptiveLevel`]; zero for plain split
    /// conformal intervals. The coverage that is measured is that of this procedure: it holds for forecasts only if they
    /// are adapted after every value in the same way.
    ///
    /// [`AdaptiveLevel`]: crate::intervals::AdaptiveLevel
    pub adaptation: f64,
    /// The lag of the naive forecast by whose error in the training part MASE and RMSSE are scaled.
    pub season_length: usize,
    /// Threads that the folds and models are shared out to. The result does not depend on it.
    pub threads: usize,
}

/// Why a backtest cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BacktestError {
    /// A setting that has to be at least one is zero.
    #[error("{0} is 0, but must be at least 1")]
    Zero(&'static str),
    /// No series.
    #[error("the panel holds no series")]
    NoSeries,
    /// Two series or two models of one name.
    #[error("there are two {what} called `{name}`")]
    Twice {
        /// `series` or `models`.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// A series is too short for the folds.
    #[error(
        "{} has {found} values, but {folds} folds need at least {needed}; use fewer folds{hint}",
        series(unique_id)
    )]
    TooShort {
        /// The series.
        unique_id: String,
        /// Values that it has.
        found: usize,
        /// Values that the folds need, with one to fit on.
        needed: usize,
        /// Folds, those for calibration among them.
        folds: usize,
        /// What else would help.
        hint: &'static str,
    },
    /// Outcomes that are gathered are not those of the backtest's pieces.
    #[error("the outcomes are not of this backtest's models, series and folds")]
    OtherBlocks,
    /// A rate of adaptation that is none.
    #[error("the rate of adaptation is {0}, but must be 0 or a small positive number")]
    Adaptation(String),
    /// Too few errors for an interval of that level.
    #[error("{errors} errors are too few for a {level} % interval: {needed} are needed")]
    Calibration {
        /// Errors that were to be used.
        errors: usize,
        /// The level.
        level: Level,
        /// How many it takes.
        needed: usize,
    },
}

impl Backtest {
    /// Ten folds that lie one horizon apart, an expanding window, one fit, no intervals (and no adaptation of those that are
    /// asked for), scales with a season length of 1, and all processors.
    pub fn new(horizon: usize) -> Self {
        Self {
            horizon,
            folds: 10,
            step: horizon,
            window: TrainingWindow::Expanding,
            refit: Refit::Never,
            calibration: None,
            adaptation: 0.0,
            season_length: 1,
            threads: std::thread::available_parallelism().map_or(1, usize::from),
        }
    }

    /// Folds before the scored ones, whose errors calibrate the first intervals: enough that all steps of the horizon have
    /// their errors observed by then.
    pub(super) fn lead(&self) -> usize {
        let Some(calibration) = &self.calibration else { return 0 };
        calibration
            .errors
            .saturating_add(self.horizon.div_ceil(self.step).saturating_sub(1))
    }

    /// Values that the folds need, with one to fit on; `usize::MAX` where that is beyond all counting.
    fn needed(&self) -> usize {
        let steps = self.lead().saturating_add(self.folds).saturating_sub(1);
        steps
            .saturating_mul(self.step)
            .saturating_add(self.horizon)
            .saturating_add(1)
    }

    /// How many values of a series of this length had been observed at the first cutoff, of a fold that is scored or that calibrates:
    /// whatever is chosen by looking at values may look at these alone. `None` if the series is too short for the folds.
    pub fn first_cutoff(&self, length: usize) -> Option<usize> {
        let steps = self
            .lead()
            .checked_add(self.folds)?
            .checked_sub(1)?
            .checked_mul(self.step)?;
        length.checked_sub(self.horizon.checked_add(steps)?)
    }

    /// The folds of a series, those for calibration first.
    pub(super) fn folds_of(&self, series: &Series) -> Vec<Fold> {
        let total = self.lead() + self.folds;
        let last = series.len() - self.horizon;
        (0..total)
            .map(|fold| Fold {
                cutoff: last - (total - 1 - fold) * self.step,
                scored: fold >= self.lead(),
            })
            .collect()
    }

    pub(super) fn check(&self, panel: &[Series]) -> Result<(), BacktestError> {
        let refit = match self.refit {
            Refit::Never => 1,
            Refit::EveryFolds(folds) => folds,
        };
        let window = match self.window {
            TrainingWindow::Expanding => 1,
            TrainingWindow::Sliding { length } => length,
        };
        let settings = [
            ("the horizon", self.horizon),
            ("the number of folds", self.folds),
            ("the step between folds", self.step),
            ("the number of folds between fits", refit),
            ("the length of the sliding window", window),
            ("the season length", self.season_length),
        ];
        if let Some((name, _)) = settings.into_iter().find(|(_, value)| *value == 0) {
            return Err(BacktestError::Zero(name));
        }
        if !(self.adaptation >= 0.0 && self.adaptation.is_finite()) {
            return Err(BacktestError::Adaptation(self.adaptation.to_string()));
        }
        if let Some(calibration) = &self.calibration {
            for level in &calibration.levels {
                let percent = usize::from(level.percent());
                let needed = percent.div_ceil(100 - percent);
                if calibration.errors < needed {
                    return Err(BacktestError::Calibration {
                        errors: calibration.errors,
                        level: *level,
                        needed,
                    });
                }
            }
        }
        if panel.is_empty() {
            return Err(BacktestError::NoSeries);
        }
        let folds = self.lead().saturating_add(self.folds);
        let needed = self.needed();
        let mut names = HashSet::new();
        for series in panel {
            let unique_id = series.unique_id().unwrap_or_default().to_owned();
            if !names.insert(series.unique_id().unwrap_or_default()) {
                return Err(BacktestError::Twice {
                    what: "series",
                    name: unique_id,
                });
            }
            if series.len() < needed {
                let hint = if self.calibration.is_some() {
                    ", or fewer errors to calibrate on"
                } else {
                    ""
                };
                return Err(BacktestError::TooShort {
                    unique_id,
                    found: series.len(),
                    needed,
                    folds,
                    hint,
                });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn series(length: usize) -> Series {
        Series::from_values(vec![0.0; length]).unwrap()
    }

    #[test]
    fn the_last_fold_ends_with_the_series() {
        let plan = Backtest {
            folds: 3,
            step: 2,
            ..Backtest::new(4)
        };
        let cutoffs: Vec<usize> = plan.folds_of(&series(20)).iter().map(|fold| fold.cutoff).collect();
        assert_eq!(cutoffs, [12, 14, 16]);
    }

    #[test]
    fn the_first_scored_fold_has_all_its_calibration_errors_behind_it() {
        let calibration = Some(Calibration {
            levels: vec![Level::EIGHTY],
            errors: 4,
        });
        let plan = Backtest {
            folds: 2,
            step: 2,
            calibration,
            ..Backtest::new(5)
        };
        let folds = plan.folds_of(&series(40));
        let first = folds.iter().find(|fold| fold.scored).unwrap().cutoff;
        let behind = folds.iter().filter(|fold| fold.cutoff + plan.horizon <= first).count();
        assert_eq!((behind, folds.len()), (4, 8));
        assert_eq!(plan.first_cutoff(40), Some(folds[0].cutoff));
        assert_eq!(plan.first_cutoff(18), None);
    }

    #[test]
    fn what_cannot_be_done_is_said() {
        let error = |plan: &Backtest, panel: &[Series]| plan.check(panel).unwrap_err().to_string();
        let plan = Backtest {
            folds: 3,
            ..Backtest::new(4)
        };
        insta::assert_snapshot!(error(&plan, &[series(12)]), @"the series has 12 values, but 3 folds need at least 13; use fewer folds");
        assert!(plan.check(&[series(13)]).is_ok());
        for (horizon, folds, step) in [
            (usize::MAX, 3, 4),
            (4, usize::MAX, 4),
            (4, 3, usize::MAX),
            (1, (1 << 32) + 1, 1 << 32),
        ] {
            let calibration = Some(Calibration::default());
            for calibration in [None, calibration] {
                let plan = Backtest {
                    horizon,
                    folds,
                    step,
                    calibration,
                    ..plan.clone()
                };
                assert!(matches!(
                    plan.check(&[series(20)]),
                    Err(BacktestError::TooShort { found: 20, .. })
                ));
            }
        }
        insta::assert_snapshot!(error(&plan, &[]), @"the panel holds no series");
        insta::assert_snapshot!(error(&plan, &[series(20), series(20)]), @"there are two series called ``");
        insta::assert_snapshot!(error(&Backtest { step: 0, ..plan.clone() }, &[]), @"the step between folds is 0, but must be at least 1");
        let calibration = Some(Calibration {
            errors: 18,
            ..Calibration::default()
        });
        insta::assert_snapshot!(error(&Backtest { calibration, ..plan }, &[series(99)]), @"18 errors are too few for a 95 % interval: 19 are needed");
    }
}
