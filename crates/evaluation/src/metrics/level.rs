//! Nominal coverage of an interval, in percent.

use serde::{Deserialize, Serialize};
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8")]
pub struct Level(u8);

/// A level that is not one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no interval level: give a whole percentage from 1 to 99")]
pub struct LevelError(String);

/// Two probabilities this close are one.
const SAME: f64 = 1e-9;

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

    /// The levels, ascending, both of whose [probabilities](Level::probabilities) are among those given: the central intervals
    /// that a model with these quantiles forecasts.
    ///
    /// ```
    /// use recurra_evaluation::metrics::Level;
    ///
    /// assert!(Level::within(&[0.025, 0.1, 0.5]).is_empty());
    /// assert_eq!(Level::within(&[0.025, 0.1, 0.5, 0.9, 0.975]), [Level::EIGHTY, Level::NINETY_FIVE]);
    /// ```
    pub fn within(probabilities: &[f64]) -> Vec<Self> {
        let known = |bound: f64| probabilities.iter().any(|known| (known - bound).abs() < SAME);
        let has = |level: &Self| {
            let (lower, upper) = level.probabilities();
            known(lower) && known(upper)
        };
        (1..=99).map(Self).filter(has).collect()
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

impl TryFrom<u8> for Level {
    type Error = LevelError;

    fn try_from(percent: u8) -> Result<Self, LevelError> {
        Self::new(percent)
    }
}

impl FromStr for Level {
    type Err = LevelError;

    fn from_str(text: &str) -> Result<Self, LevelError> {
        let percent = text.parse().map_err(|_| LevelError(text.to_owned()))?;
        Self::new(percent).map_err(|_| LevelError(text.to_owned()))
    }
}
