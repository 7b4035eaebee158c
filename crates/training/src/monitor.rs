//! What callbacks watch, by Keras' names, and what an improvement of it is.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::callback::TrainBegin;
use crate::error::TrainingError;
use crate::history::EpochRecord;

/// What a callback watches: a figure that every epoch has, or every epoch with validation windows. Less is better for all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Monitor {
    /// The mean training loss.
    Loss,
    /// The mean absolute training error.
    Mae,
    /// The mean validation loss.
    ValLoss,
    /// The mean absolute validation error.
    ValMae,
}

impl Monitor {
    /// The metric's value in an epoch; `None` for a validation metric without validation.
    #[must_use]
    pub fn of(self, record: &EpochRecord) -> Option<f64> {
        match self {
            Self::Loss => Some(record.training.loss),
            Self::Mae => Some(record.training.mae),
            Self::ValLoss => record.validation.map(|measures| measures.loss),
            Self::ValMae => record.validation.map(|measures| measures.mae),
        }
    }

    /// Keras' name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Loss => "loss",
            Self::Mae => "mae",
            Self::ValLoss => "val_loss",
            Self::ValMae => "val_mae",
        }
    }

    /// Refuses a training whose epochs will not have the metric, before it begins.
    pub(crate) fn check(self, callback: &'static str, begin: &TrainBegin) -> Result<(), TrainingError> {
        if begin.validation || matches!(self, Self::Loss | Self::Mae) {
            Ok(())
        } else {
            Err(TrainingError::MissingMetric { callback, metric: self })
        }
    }
}

impl fmt::Display for Monitor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Whether less or more is better.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Less is better, as it is for all losses and errors.
    #[default]
    Min,
    /// More is better.
    Max,
}

impl Mode {
    /// Whether `value` is better than `reference` by more than `min_delta`. Any number is better than nothing; NaN never
    /// is better.
    pub(crate) fn improves(self, value: f64, min_delta: f64, reference: Option<f64>) -> bool {
        match (self, reference) {
            (_, None) => !value.is_nan(),
            (Self::Min, Some(reference)) => value + min_delta.abs() < reference,
            (Self::Max, Some(reference)) => value - min_delta.abs() > reference,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Mode;

    #[test]
    fn an_improvement_is_more_than_min_delta_in_the_modes_direction() {
        // Eighths, so that no sum is rounded; a negative `min_delta` counts as its size, as in Keras.
        for min_delta in [0.25, -0.25] {
            let lower = [1.5, 1.75, 1.875, 2.0, 2.5].map(|value| Mode::Min.improves(value, min_delta, Some(2.0)));
            assert_eq!(lower, [true, false, false, false, false], "{min_delta}");
            let higher = [1.5, 2.0, 2.125, 2.25, 2.5].map(|value| Mode::Max.improves(value, min_delta, Some(2.0)));
            assert_eq!(higher, [false, false, false, false, true], "{min_delta}");
        }
        for mode in [Mode::Min, Mode::Max] {
            assert!(!mode.improves(2.0, 0.0, Some(2.0)), "the same is no improvement");
            assert!(mode.improves(f64::INFINITY, 1.0, None) && !mode.improves(f64::NAN, 0.0, None));
            assert!(!mode.improves(f64::NAN, 0.0, Some(2.0)));
        }
    }
}
