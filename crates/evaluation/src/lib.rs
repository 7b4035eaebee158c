//! Forecasting that is evaluated honestly.
//!
//! - [`Forecaster`] and [`FittedForecaster`]: what every model implements, a network or a classical method. A model is
//!   fitted on [`Training`] and forecasts from any [`History`]; a history is a view that ends at its cutoff.
//! - [`baselines`]: the classical methods that every network has to beat.
//! - [`metrics`]: errors of points, intervals and quantiles. One that is undefined says why; it is never zero.
//! - [`backtest`]: what models would have forecast at many cutoffs of the past, with naive always among them.
//! - [`intervals`]: conformal intervals and their measured coverage.
//! - [`statistics`]: how results compare over seeds, series and cutoffs.
//!
//! ```
//! use recurra_evaluation::backtest::{Backtest, Loss};
//! use recurra_evaluation::baselines::{ExponentialSmoothing, SeasonLength, SeasonalNaive};
//! use recurra_evaluation::metrics::Metric;
//! use recurra_evaluation::statistics::Bootstrap;
//! use recurra_series::Series;
//!
//! let values = (0..120).map(|week| [9.0, 4.0, 2.0, 5.0][week % 4] + 0.2 * week as f64).collect();
//! let series = Series::from_values(values)?;
//! let season_length = SeasonLength::Inferred;
//! let models = (SeasonalNaive { season_length }, ExponentialSmoothing { season_length });
//!
//! let plan = Backtest { folds: 20, ..Backtest::new(3) };
//! let result = plan.run(&[&models.0, &models.1], &[series])?;
//! for score in result.pooled(Metric::Mae) {
//!     println!("{}: {:?}", score.model, score.value);
//! }
//! let best = &result.compare(Loss::Absolute, &Bootstrap::default())?.standings[0];
//! assert_eq!(best.model, "exponential-smoothing");
//! assert!(best.better_than.contains(&"naive".to_owned()));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

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
