//! One cutoff of one series, and what may be seen there.

use super::choices::TrainingWindow;
use crate::history::History;
use recurra_series::Series;

/// One cutoff of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fold {
    /// How many values had been observed.
    pub(super) cutoff: usize,
    /// Whether its forecasts are scored; otherwise they only calibrate intervals.
    pub(super) scored: bool,
}

/// Whether a model may forecast at a cutoff. The last value before it must have been observed, and nothing before it may
/// have been filled in from a value that comes after it. With that, a series may be filled as a whole in any way.
pub(super) fn is_open(series: &Series, cutoff: usize) -> bool {
    cutoff > 0 && !series.is_filled(cutoff - 1) && !series.sees_ahead(cutoff)
}

/// What a model sees of a series at a cutoff, or `None` if it may not forecast there.
pub(super) fn history<'a>(series: &'a Series, cutoff: usize, window: TrainingWindow) -> Option<History<'a>> {
    if !is_open(series, cutoff) {
        return None;
    }
    let history = History::from(series).until(cutoff)?;
    Some(match window {
        TrainingWindow::Expanding => history,
        TrainingWindow::Sliding { length } => history.last(length),
    })
}

/// What a model may be fitted on at a cutoff: the same, but reaching back to the last cutoff that it may forecast at.
pub(super) fn training<'a>(series: &'a Series, cutoff: usize, window: TrainingWindow) -> Option<History<'a>> {
    let last = (1..=cutoff).rev().find(|cutoff| is_open(series, *cutoff))?;
    history(series, last, window)
}
