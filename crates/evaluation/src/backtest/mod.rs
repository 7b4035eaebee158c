//! Backtests: what a model would have forecast at many cutoffs of the past.

mod assemble;
mod block;
mod block_outcome;
mod blocks;
mod check;
mod choices;
mod compare;
mod coverage;
mod error;
mod folds;
mod parallel;
mod plan;
mod result;
mod row;
mod run;
mod scores;
mod table;

pub use block_outcome::BlockOutcome;
pub use blocks::Blocks;
pub use choices::{Calibration, Refit, TrainingWindow};
pub use compare::Loss;
pub use error::BacktestError;
pub use plan::Backtest;
pub use result::{BacktestResult, Failure};
pub use row::ForecastRow;
pub use scores::{Grouping, Score};
pub use table::ForecastTable;
