//! How a network is trained and how it forecasts.

use recurra_training::FitOptions;
use serde::{Deserialize, Serialize};

use super::early_stop::EarlyStop;
use super::scaling::Scaling;
use super::strategy::Strategy;
use crate::Recipe;

/// How a network is trained and how it forecasts: with the architecture and the data, all that decides its bits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkSettings {
    /// Values that the network sees.
    pub window: usize,
    /// How it reaches more than one step ahead.
    pub strategy: Strategy,
    /// How each series is scaled.
    pub scale: Scaling,
    /// The lag of the difference that is taken of each series; 0 for none.
    pub difference: usize,
    /// Epochs, batches, seed, loss and optimizer. Losses are those of scaled values.
    pub training: FitOptions,
    /// Whether the training may stop before its last epoch. Not written where it may not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub early_stop: Option<EarlyStop>,
}

impl NetworkSettings {
    /// An entry's own recipe on standardised data, recursive, without a difference, to the last epoch.
    #[must_use]
    pub fn of(recipe: &Recipe, seed: u64) -> Self {
        Self {
            window: recipe.window,
            strategy: Strategy::default(),
            scale: Scaling::default(),
            difference: 0,
            training: recipe.fit_options(seed),
            early_stop: None,
        }
    }
}
