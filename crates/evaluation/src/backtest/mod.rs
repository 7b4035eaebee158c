//! Backtests: what a model would have forecast at many cutoffs of the past.

mod assemble;
mod block;
mod block_outcome;
mod blocks;
mod compare;
mod coverage;
mod folds;
mod parallel;
mod plan;
mod row;
mod run;
mod scores;
mod table;

pub use block_outcome::BlockOutcome;
pub use blocks::Blocks;
pub use compare::Loss;
pub use plan::{Backtest, BacktestError, Calibration, Refit, TrainingWindow};
pub use row::ForecastRow;
pub use run::{BacktestResult, Failure};
pub use scores::{Grouping, Score};
pub use table::ForecastTable;
