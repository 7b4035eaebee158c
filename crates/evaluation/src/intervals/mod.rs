//! Intervals around forecasts, and how often they hold what they promise.

mod conformal;
mod coverage;

pub use conformal::conformal_half_width;
pub use coverage::Coverage;
