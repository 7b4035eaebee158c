//! What one cell yields.

use serde::{Deserialize, Serialize};

/// What one cell yields: everything that results, charts and claims read. It has no times, so two machines agree on
/// every byte.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// Trainable parameters of the network.
    pub parameters: usize,
    /// Every whole epoch.
    pub history: Vec<EpochSummary>,
    /// The epoch in which the loss stopped being finite, counted from 0, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub diverged: Option<usize>,
    /// Forecasts of the validation part, one step ahead each, and their errors; `None` for a learning-rate sweep and for a run that
    /// diverged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validation: Option<Validation>,
}

/// What is kept of one epoch of training: Keras' running means, the error in the unit of the series.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EpochSummary {
    /// The learning rate.
    pub learning_rate: f64,
    /// The running mean of the loss.
    pub loss: f64,
    /// The running mean of the absolute error.
    pub mae: f64,
}

/// Forecasts of the validation part and their errors.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Validation {
    /// One forecast per point of the validation part.
    pub forecast: Vec<f32>,
    /// Mean absolute error.
    pub mae: f64,
    /// Mean squared error.
    pub mse: f64,
    /// Mean of forecast − actual.
    pub bias: f64,
}
