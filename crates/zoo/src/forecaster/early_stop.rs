//! Stopping a training early, on windows that are held back from it.

use serde::{Deserialize, Serialize};

use recurra_training::{EarlyStopping, EarlyStoppingOptions, Monitor};

/// Stops a training when the loss on windows that are held back from it has not improved for some epochs, and keeps the weights of the
/// best epoch.
///
/// Held back are the last values of every series of the training set: windows that forecast them measure, and no window that trains
/// has any of them among its targets or before them. So in a backtest they come from the past of the fold, like all else: a fit
/// never sees a value from behind its cutoff. Scalings are fitted on the whole training set.
///
/// ```
/// use recurra_zoo::forecaster::EarlyStop;
///
/// assert_eq!(EarlyStop::after(10).share, 0.1);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EarlyStop {
    /// Epochs without an improvement after which the training stops, at least 1.
    pub patience: usize,
    /// The share of every series' values that is held back, above 0 and below 1.
    pub share: f64,
}

impl EarlyStop {
    /// Stops after so many epochs without an improvement on the last tenth.
    #[must_use]
    pub fn after(patience: usize) -> Self {
        Self { patience, share: 0.1 }
    }

    /// The setting that cannot be, what it is, and what it has to be.
    pub(super) fn problem(self) -> Option<(&'static str, String, &'static str)> {
        if self.patience == 0 {
            return Some(("patience", "0".to_owned(), "at least 1"));
        }
        let possible = self.share > 0.0 && self.share < 1.0;
        (!possible).then(|| ("share", self.share.to_string(), "above 0 and below 1"))
    }

    /// Where a series of `values` is cut: what comes before is trained on. At least one window of `window` steps with `steps` targets
    /// is left on both sides; `None` if there are too few values for that.
    pub(super) fn cut(self, values: usize, window: usize, steps: usize) -> Option<usize> {
        let (first, last) = (window.checked_add(steps)?, values.checked_sub(steps)?);
        let wanted = values - libm::round(values as f64 * self.share) as usize;
        (first <= last).then(|| wanted.clamp(first, last))
    }

    pub(super) fn callback(self) -> EarlyStopping {
        EarlyStopping::new(EarlyStoppingOptions {
            monitor: Monitor::ValLoss,
            patience: self.patience,
            restore_best_weights: true,
            ..EarlyStoppingOptions::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_leaves_a_window_on_both_sides() {
        let cut = |values| EarlyStop::after(1).cut(values, 6, 2);
        assert_eq!(
            [9, 10, 11, 20, 40, 100].map(cut),
            [None, Some(8), Some(9), Some(18), Some(36), Some(90)]
        );
    }

    #[test]
    fn what_cannot_be_is_said() {
        let problem = |patience, share| EarlyStop { patience, share }.problem().map(|(name, ..)| name);
        assert_eq!(problem(0, 0.1), Some("patience"));
        assert_eq!(problem(1, f64::NAN), Some("share"));
        assert_eq!(problem(1, 1.0), Some("share"));
        assert_eq!(problem(1, 0.2), None);
    }
}
