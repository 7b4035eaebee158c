//! Nominal coverage of an interval, in percent.

use serde::Serialize;
use std::fmt;
use std::str::FromStr;

/// The nominal coverage of an interval in whole percent, 1 to 99. Its columns are called `lo-80` and `hi-80`.
///
/// ```
/// use recurra_evaluation::metrics::Level;
///
/// let level: Level = "80".parse()?;
/// assert_eq!((level.coverage(), level.lower_column().as_str()), (0.8, "lo-80"));
/// assert!("100".parse::<Level>().is_err());
/// # Ok::<(), recurra_evaluation::metrics::LevelError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Level(u8);

/// A level that is not one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no interval level: give a whole percentage from 1 to 99")]
pub struct LevelError(String);

impl Level {
    /// 80 %.
    pub const EIGHTY: Self = Self(80);
    /// 95 %.
    pub const NINETY_FIVE: Self = Self(95);

    /// A level in percent.
    ///
    /// # Errors
    /// If it is not from 1 to 99.
    pub fn new(percent: u8) -> Result<Self, LevelError> {
        if (1..=99).contains(&percent) {
            Ok(Self(percent))
        } else {
            Err(LevelError(percent.to_string()))
        }
    }

    /// The level in percent.
    pub fn percent(self) -> u8 {
        self.0
    }

    /// The nominal coverage, between 0 and 1.
    pub fn coverage(self) -> f64 {
        f64::from(self.0) / 100.0
    }

    /// The probability below the lower bound, and the one below the upper bound, of a central interval.
    pub fn probabilities(self) -> (f64, f64) {
        (f64::from(100 - self.0) / 200.0, f64::from(100 + self.0) / 200.0)
    }

    /// The name of the column of lower bounds.
    pub fn lower_column(self) -> String {
        format!("lo-{self}")
    }

    /// The name of the column of upper bounds.
    pub fn upper_column(self) -> String {
        format!("hi-{self}")
    }
}

impl fmt::Display for Level {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl FromStr for Level {
    type Err = LevelError;

    fn from_str(text: &str) -> Result<Self, LevelError> {
        let percent = text.parse().map_err(|_| LevelError(text.to_owned()))?;
        Self::new(percent).map_err(|_| LevelError(text.to_owned()))
    }
}
