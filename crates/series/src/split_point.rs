//! Where a series is cut into a training and a validation part, as users say it.

use std::fmt;
use std::str::FromStr;

use crate::{Time, TimeParseError};

/// Where to cut a series in two.
///
/// ```
/// use recurra_series::SplitPoint;
///
/// assert_eq!("0.2".parse(), Ok(SplitPoint::LastFraction(0.2)));
/// assert_eq!("2024-01-31".parse::<SplitPoint>()?.to_string(), "2024-01-31");
/// # Ok::<(), recurra_series::TimeParseError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SplitPoint {
    /// The second part starts at this index.
    Index(usize),
    /// The second part is this share of the points, rounded to whole points.
    LastFraction(f64),
    /// The second part starts at this time, or at the first one after it.
    Time(Time),
}

impl fmt::Display for SplitPoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Index(index) => write!(f, "index {index}"),
            Self::LastFraction(fraction) => write!(f, "the last {} %", fraction * 100.0),
            Self::Time(time) => write!(f, "{time}"),
        }
    }
}

/// A number above 0 and below 1 is a share; anything else a time.
impl FromStr for SplitPoint {
    type Err = TimeParseError;

    fn from_str(text: &str) -> Result<Self, TimeParseError> {
        match text.parse()? {
            Time::Number(share) if share > 0.0 && share < 1.0 => Ok(Self::LastFraction(share)),
            time => Ok(Self::Time(time)),
        }
    }
}
