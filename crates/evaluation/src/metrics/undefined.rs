//! Why a metric has no value.

/// The reason for which a metric or statistic has no value. It is never replaced by zero or one: a table shows no
/// number there, with this text as the reason.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Undefined {
    /// There is nothing to score.
    #[error("there are no points to score")]
    NoPoints,
    /// Too few values for what is asked.
    #[error("{found} values are too few: at least {needed} are needed")]
    TooFew {
        /// How many there must be.
        needed: usize,
        /// How many there are.
        found: usize,
    },
    /// Actual values and forecasts (or bounds, or paired samples) differ in number.
    #[error("{left} values stand against {right}")]
    Lengths {
        /// Actual values, or the first sample.
        left: usize,
        /// Forecasts, or the second sample.
        right: usize,
    },
    /// A value is NaN or infinite.
    #[error("value {index} is not a finite number")]
    NotFinite {
        /// Which one.
        index: usize,
    },
    /// A percentage of an actual value of zero.
    #[error("actual value {index} is zero, and a percentage divides by it")]
    ZeroActual {
        /// Which one.
        index: usize,
    },
    /// A symmetric percentage where actual value and forecast are both zero.
    #[error("actual value and forecast {index} are both zero, and a symmetric percentage divides by their sum")]
    ZeroBoth {
        /// Which one.
        index: usize,
    },
    /// The actual values are all equal, so nothing varies that a forecast could explain.
    #[error("the actual values are all equal, and R² divides by their variance")]
    ConstantActual,
    /// The training part repeats itself exactly from season to season, so its naive error is zero.
    #[error("the seasonal naive error of the training part is zero (season length {season_length})")]
    ZeroScale {
        /// The lag of the naive forecast.
        season_length: usize,
    },
    /// The same, for one series of several.
    #[error("series `{unique_id}`: {reason}")]
    InSeries {
        /// The series.
        unique_id: String,
        /// Why there is no value.
        reason: Box<Undefined>,
    },
    /// A probability outside 0 and 1.
    #[error("{value} is no probability between 0 and 1")]
    Probability {
        /// What was given.
        value: f64,
    },
    /// All values are equal, so a statistic divides by zero.
    #[error("all {what} are equal")]
    NoVariation {
        /// Of what.
        what: &'static str,
    },
    /// Nothing but ties is left once the zero differences are dropped.
    #[error("all differences are zero")]
    NoDifferences,
    /// The long-run variance estimate is not positive.
    #[error("the estimated long-run variance is not positive")]
    NegativeVariance,
    /// The lower bound of an interval lies above the upper one.
    #[error("the lower bound of interval {index} lies above its upper bound")]
    Crossed {
        /// Which one.
        index: usize,
    },
    /// Not every forecast has an interval of that level.
    #[error("not all forecasts have {wanted}")]
    NoIntervals {
        /// Which ones were wanted.
        wanted: String,
    },
}

impl serde::Serialize for Undefined {
    /// The reason as text.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
