//! What there is to choose in a backtest.

use crate::metrics::Level;

/// Which values before the cutoff a model may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrainingWindow {
    /// All of them.
    Expanding,
    /// The last ones.
    Sliding {
        /// How many.
        length: usize,
    },
}

/// How often models are fitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refit {
    /// Once, before the first cutoff.
    Never,
    /// At the first of every so many cutoffs; 1 fits at each of them.
    EveryFolds(usize),
}

/// Which intervals there are, and how they are calibrated: see [`ConformalErrors`](crate::intervals::ConformalErrors).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calibration {
    /// The levels.
    pub levels: Vec<Level>,
    /// Errors, for every step of the horizon, that an interval is made from: the latest ones that had been observed at
    /// the cutoff. As many folds more come before the scored ones.
    pub errors: usize,
}

impl Default for Calibration {
    /// 80 % and 95 %, from the latest 99 errors: of 99 no rank has to be rounded up, which would make intervals wider than they
    /// promise.
    fn default() -> Self {
        Self {
            levels: vec![Level::EIGHTY, Level::NINETY_FIVE],
            errors: 99,
        }
    }
}
