//! The leaderboard: a dozen networks and all classical methods on the data sets of `datasets/`, by backtests.

mod cell;
mod config;
mod differences;
mod ranking;
mod run;

pub use cell::Cell;
pub use config::{Config, DataSet};
pub use differences::differences;
pub use ranking::ranking;
pub use run::{Options, Step, run};
