//! Intervals around forecasts, and how often they hold what they promise.

mod conformal;
mod coverage;

pub use conformal::ConformalErrors;
pub use coverage::Coverage;
