//! Intervals around forecasts, and how often they hold what they promise.

mod adaptive;
mod conformal;
mod coverage;

pub use adaptive::AdaptiveLevel;
pub use conformal::{ConformalErrors, outside, widened};
pub use coverage::{Counts, Coverage};
