//! What a seasonal method learns of every series by itself.

use super::checks;
use super::season_length::SeasonLength;
use crate::error::{FitError, ForecastError};
use crate::history::{History, Training};
use std::collections::HashMap;

/// The season length of a training part, and what was learned of each of its series.
#[derive(Debug)]
pub(super) struct PerSeries<P> {
    model: &'static str,
    /// Steps per season; one for none.
    pub(super) season_length: usize,
    learned: HashMap<String, P>,
    /// From values and the season length.
    learn: fn(&[f64], usize) -> P,
}

/// Values that a series must have.
const FEWEST: usize = 2;

impl<P: Copy> PerSeries<P> {
    /// Learns from every series of the training part.
    pub(super) fn fit(
        model: &'static str,
        season_length: SeasonLength,
        training: &Training<'_>,
        learn: fn(&[f64], usize) -> P,
    ) -> Result<Self, FitError> {
        checks::training(model, training, FEWEST)?;
        let season_length = season_length.resolve(training);
        checks::positive(model, "season length", season_length)?;
        let of = |series: &History<'_>| (series.unique_id().to_owned(), learn(series.values(), season_length));
        Ok(Self {
            model,
            season_length,
            // Of series without names, which share the empty one, the first.
            learned: training.series.iter().rev().map(of).collect(),
            learn,
        })
    }

    /// What was learned of the history's series; of one that was not in the training part, what the history teaches.
    pub(super) fn of(&self, history: &History<'_>) -> Result<P, ForecastError> {
        checks::history(self.model, history, FEWEST)?;
        let known = self.learned.get(history.unique_id()).copied();
        Ok(known.unwrap_or_else(|| (self.learn)(history.values(), self.season_length)))
    }
}
