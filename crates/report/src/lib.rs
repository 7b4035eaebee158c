#![doc = include_str!("../README.md")]

pub mod candidates;
mod charts;
mod check;
mod claims;
mod compare;
mod distributions;
mod error;
mod files;
pub mod forecast;
mod html;
pub mod input;
pub mod leaderboard;
mod markdown;
mod method;
mod numbers;
#[cfg(feature = "png")]
pub mod png;
mod rate_sweep;
pub mod records;
mod sparkline;
mod stats;
pub mod table;
mod write;

pub use compare::compare;
pub use error::ReportError;
pub use input::ReportInput;
pub use sparkline::sparkline;
pub use write::{Written, write};
