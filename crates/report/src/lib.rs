//! Charts and reports from plain records: reads records, runs nothing.

pub mod input;
pub mod records;

pub use input::ReportInput;
