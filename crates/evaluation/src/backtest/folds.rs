//! One cutoff of one series, and what may be seen there.

use super::plan::TrainingWindow;
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

/// What a model sees of a series at a cutoff, or `None` if it may not forecast there: a value that was filled in may come
/// from values on both sides of it, so a history never ends with one. With that, a series may be filled as a whole by
/// [`Fill::Linear`](recurra_series::Fill::Linear) or [`Fill::Previous`](recurra_series::Fill::Previous);
/// [`Fill::Seasonal`](recurra_series::Fill::Seasonal) looks one season ahead within the first season, which no cutoff
/// should lie in.
pub(super) fn history<'a>(series: &'a Series, cutoff: usize, window: TrainingWindow) -> Option<History<'a>> {
    if cutoff == 0 || series.is_filled(cutoff - 1) {
        return None;
    }
    let history = History::from(series).until(cutoff)?;
    Some(match window {
        TrainingWindow::Expanding => history,
        TrainingWindow::Sliding { length } => history.last(length),
    })
}

/// What a model may be fitted on at a cutoff: the same, but reaching back to the last value that was observed.
pub(super) fn training<'a>(series: &'a Series, cutoff: usize, window: TrainingWindow) -> Option<History<'a>> {
    let observed = (0..cutoff).rev().find(|index| !series.is_filled(*index))?;
    history(series, observed + 1, window)
}
