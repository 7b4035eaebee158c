//! How a network reaches more than one step ahead.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// How a network reaches more than one step ahead.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Strategy {
    /// One step ahead, again and again, each forecast taken as if it had been observed. Reaches any horizon.
    #[default]
    Recursive,
    /// All steps of the horizon at once, each from an output of its own. Reaches the horizon that it was fitted for.
    Direct,
}

impl fmt::Display for Strategy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Recursive => "recursive",
            Self::Direct => "direct",
        })
    }
}

/// Why a text is no strategy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no strategy; there are recursive and direct")]
pub struct StrategyParseError {
    /// The text.
    pub text: String,
}

impl FromStr for Strategy {
    type Err = StrategyParseError;

    fn from_str(text: &str) -> Result<Self, StrategyParseError> {
        [Self::Recursive, Self::Direct]
            .into_iter()
            .find(|strategy| strategy.to_string() == text)
            .ok_or_else(|| StrategyParseError { text: text.to_owned() })
    }
}
