//! Charts and reports from plain records: reads records, runs nothing.

pub mod records;
