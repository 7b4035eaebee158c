//! What can be wrong with a series.

use crate::{SplitPoint, Time};

/// Why numbers are no series, or cannot be split. Indices count from 0.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SeriesError {
    /// Another number of values than of times.
    #[error("`{column}` has {found} values where there are {expected} times")]
    Length {
        /// `values`, or the covariate's name.
        column: String,
        /// How many times there are.
        expected: usize,
        /// How many values.
        found: usize,
    },
    /// A value that is NaN or infinite.
    #[error("`{column}` at {time} (index {index}) is {value}; finite numbers are needed")]
    NotFinite {
        /// `values`, or the covariate's name.
        column: String,
        /// Where it stands.
        index: usize,
        /// Its time.
        time: Time,
        /// What it is.
        value: f64,
    },
    /// A time that does not come after the one before it.
    #[error("time {time} (index {index}) does not come after {before}; times have to rise, each one once")]
    NotRising {
        /// Where it stands.
        index: usize,
        /// The time before it.
        before: Time,
        /// The time itself.
        time: Time,
    },
    /// A split that leaves one part without a point.
    #[error("a split at {at} leaves {first} of {points} points before it; both parts need at least one")]
    EmptyPart {
        /// Where the split was asked for.
        at: SplitPoint,
        /// Points before it.
        first: usize,
        /// Points in all.
        points: usize,
    },
    /// A split at a time of another kind than the series'.
    #[error("a split at {at} does not fit a series whose first time is {time}")]
    SplitKind {
        /// Where the split was asked for.
        at: SplitPoint,
        /// The first time of the series.
        time: Time,
    },
}
