//! Measuring a network on what is held back from the parts of a panel.

use std::sync::mpsc::Receiver;

use recurra_evaluation::FitError;
use recurra_models::Network;
use recurra_training::{Evaluation, Measures, TrainingError};

use super::network_forecaster::NetworkForecaster;
use super::part_turns::Turn;
use super::prepared::Prepared;

/// What the reader gives: a part, and what it is for.
pub(super) type Read = (Turn, Result<Vec<Prepared>, FitError>);

impl NetworkForecaster<'_> {
    /// The means over the windows that are held back from every part, in the order of the parts.
    pub(super) fn validation(
        &self,
        network: &dyn Network,
        receive: &Receiver<Read>,
        count: usize,
        steps: usize,
    ) -> Result<Measures, TrainingError> {
        let failed = |source: FitError| TrainingError::Validation { source: source.into() };
        let mut evaluation = Evaluation::default();
        for (_, prepared) in receive.iter().take(count) {
            let prepared = prepared.map_err(failed)?;
            let samples = self.samples(&prepared, steps);
            if let (_, Some(held_back)) = samples.map_err(|error| failed(self.failed(error)))? {
                evaluation.add(network, &held_back, self.settings().training.loss)?;
            }
        }
        evaluation
            .measures()
            .ok_or(TrainingError::NoSamples { which: "validation" })
    }

    /// A training's error; what stopped a validation is said as it would be of a part that is trained on.
    pub(super) fn training_failed(&self, error: TrainingError) -> FitError {
        match error {
            TrainingError::Validation { source } => match source.downcast::<FitError>() {
                Ok(error) => *error,
                Err(source) => self.failed(TrainingError::Validation { source }.into()),
            },
            error => self.failed(error.into()),
        }
    }
}
