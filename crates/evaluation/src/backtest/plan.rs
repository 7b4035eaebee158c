//! What a backtest is to do.

use super::choices::{Calibration, Refit, TrainingWindow};
use super::folds::Fold;
use recurra_series::Series;

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
    pub(super) fn needed(&self) -> usize {
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
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::metrics::Level;

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
}
