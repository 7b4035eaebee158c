#![doc = include_str!("../README.md")]

pub mod backtest;
pub mod baselines;
mod error;
mod forecaster;
mod history;
pub mod intervals;
mod least_squares;
pub mod metrics;
mod one_step;
pub mod statistics;
mod sums;

pub use error::{CovariateError, FitError, ForecastError, ModelError};
pub use forecaster::{FittedForecaster, Forecaster};
pub use history::{History, Training};
pub use one_step::one_step_ahead;
