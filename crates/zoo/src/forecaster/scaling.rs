//! How a series is scaled, by name.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// How the values of a series are scaled before a network sees them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Scaling {
    /// `(y - mean) / standard deviation` of the training part.
    #[default]
    Standard,
    /// The training part's minimum becomes 0 and its maximum 1.
    MinMax,
    /// The natural logarithm, then [`Scaling::Standard`]: for values above zero whose swings grow with their level.
    Log,
    /// The values as they are.
    None,
}

impl Scaling {
    /// All of them, in the order in which help lists them.
    pub const ALL: [Self; 4] = [Self::Standard, Self::MinMax, Self::Log, Self::None];
}

impl fmt::Display for Scaling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Standard => "standard",
            Self::MinMax => "minmax",
            Self::Log => "log",
            Self::None => "none",
        })
    }
}

/// Why a text is no scale.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no scale; there are standard, minmax, log and none")]
pub struct ScalingParseError {
    /// The text.
    pub text: String,
}

impl FromStr for Scaling {
    type Err = ScalingParseError;

    fn from_str(text: &str) -> Result<Self, ScalingParseError> {
        Self::ALL
            .into_iter()
            .find(|scale| scale.to_string() == text)
            .ok_or_else(|| ScalingParseError { text: text.to_owned() })
    }
}
