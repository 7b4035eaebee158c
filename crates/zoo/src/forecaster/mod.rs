//! Networks as forecasters: scaling, windows, training, and forecasts many steps ahead.

mod covariates;
mod error;
mod fitted;
mod network_forecaster;
mod prepared;
mod scale;
mod settings;
mod strategy;

pub use covariates::{CovariateScaling, ScaledColumn};
pub use error::NetworkError;
pub use fitted::FittedNetwork;
pub use network_forecaster::NetworkForecaster;
pub use scale::{Scale, ScaleParseError, Transform, TransformError};
pub use settings::NetworkSettings;
pub use strategy::{Strategy, StrategyParseError};
