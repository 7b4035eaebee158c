//! Why a backtest cannot be made.

use crate::error::series;
use crate::metrics::Level;

/// Why a backtest cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BacktestError {
    /// A setting that has to be at least one is zero.
    #[error("{0} is 0, but must be at least 1")]
    Zero(&'static str),
    /// No series.
    #[error("the panel holds no series")]
    NoSeries,
    /// Two series or two models of one name.
    #[error("there are two {what} called `{name}`")]
    Twice {
        /// `series` or `models`.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// A series is too short for the folds.
    #[error(
        "{} has {found} values, but {folds} folds need at least {needed}; use fewer folds{hint}",
        series(unique_id)
    )]
    TooShort {
        /// The series.
        unique_id: String,
        /// Values that it has.
        found: usize,
        /// Values that the folds need, with one to fit on.
        needed: usize,
        /// Folds, those for calibration among them.
        folds: usize,
        /// What else would help.
        hint: &'static str,
    },
    /// Outcomes that are gathered are not those of the backtest's pieces.
    #[error("the outcomes are not of this backtest's models, series and folds")]
    OtherBlocks,
    /// A rate of adaptation that is none.
    #[error("the rate of adaptation is {0}, but must be 0 or a small positive number")]
    Adaptation(String),
    /// Too few errors for an interval of that level.
    #[error("{errors} errors are too few for a {level} % interval: {needed} are needed")]
    Calibration {
        /// Errors that were to be used.
        errors: usize,
        /// The level.
        level: Level,
        /// How many it takes.
        needed: usize,
    },
}
