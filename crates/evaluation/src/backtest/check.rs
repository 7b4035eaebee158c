//! What is refused before anything is fitted.

use super::choices::{Refit, TrainingWindow};
use super::error::BacktestError;
use super::plan::Backtest;
use recurra_series::Series;
use std::collections::HashSet;

impl Backtest {
    /// Whether the settings fit together and every series is long enough for the folds.
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
    use crate::backtest::Calibration;

    fn series(length: usize) -> Series {
        Series::from_values(vec![0.0; length]).unwrap()
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
