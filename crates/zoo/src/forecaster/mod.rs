//! Networks as forecasters: scaling, windows, training, and forecasts many steps ahead.

mod classical;
mod covariate_moments;
mod covariates;
mod early_stop;
mod error;
mod fit_parts;
mod fitted;
mod hold_out;
mod network_forecaster;
mod over_passes;
mod panel_parts;
mod part_series;
mod part_turns;
mod part_validation;
mod prepared;
mod quantile_head;
mod scaling;
mod settings;
mod strategy;
mod transform;

pub use classical::{Classical, UnknownMethod};
pub use covariates::{CovariateScaling, ScaledColumn};
pub use early_stop::EarlyStop;
pub use error::NetworkError;
pub use fit_parts::TrainingEnd;
pub use fitted::FittedNetwork;
pub use hold_out::{HeldOutSeries, HoldOut};
pub use network_forecaster::{KeptTraining, NetworkForecaster};
pub use panel_parts::{PanelParts, PartError};
pub use scaling::{Scaling, ScalingParseError};
pub use settings::NetworkSettings;
pub use strategy::{Strategy, StrategyParseError};
pub use transform::{Transform, TransformError};
