//! A network that remembers how its training went.

use std::sync::{Mutex, PoisonError};

use recurra_evaluation::{FitError, FittedForecaster, Forecaster, Training};
use recurra_training::History;
use recurra_zoo::forecaster::NetworkForecaster;

/// A network's forecaster with the history of every fit.
pub(super) struct Recorded<'a> {
    forecaster: NetworkForecaster<'a>,
    histories: Mutex<Vec<History>>,
}

impl<'a> Recorded<'a> {
    pub(super) fn new(forecaster: NetworkForecaster<'a>) -> Self {
        Self {
            forecaster,
            histories: Mutex::default(),
        }
    }

    /// The history of the training, if there was exactly one. Those of folds that are fitted on several cores come in
    /// no order.
    pub(super) fn only(self) -> Option<History> {
        let mut histories = self.histories.into_inner().unwrap_or_else(PoisonError::into_inner);
        histories.pop().filter(|_| histories.is_empty())
    }
}

impl Forecaster for Recorded<'_> {
    fn name(&self) -> &str {
        self.forecaster.name()
    }

    fn fit(&self, training: &Training<'_>) -> Result<Box<dyn FittedForecaster>, FitError> {
        let (fitted, history) = self.forecaster.fit_with(training, &mut [], None)?;
        self.histories
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(history);
        Ok(Box::new(fitted))
    }
}
