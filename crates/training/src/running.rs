//! Sums of an epoch that has begun.

use crate::history::Measures;

/// Sums of an epoch that has begun.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Running {
    pub(crate) loss: f64,
    pub(crate) absolute_errors: f64,
    pub(crate) windows: usize,
}

impl Running {
    /// Adds a batch of `windows` windows.
    pub(crate) fn add(&mut self, mean_loss: f64, absolute_errors: f64, windows: usize) {
        #[expect(clippy::cast_precision_loss, reason = "a batch is far below 2⁵³ windows")]
        let weight = windows as f64;
        self.loss += mean_loss * weight;
        self.absolute_errors += absolute_errors;
        self.windows += windows;
    }

    /// The means so far.
    pub(crate) fn measures(&self, outputs: usize) -> Measures {
        #[expect(clippy::cast_precision_loss, reason = "windows are far below 2⁵³")]
        let (windows, values) = (self.windows as f64, (self.windows * outputs) as f64);
        Measures {
            loss: self.loss / windows,
            mae: self.absolute_errors / values,
        }
    }
}
