//! Every reader of files, fed with bytes that anybody may have written. What comes out does not matter; that something comes out does: no
//! panic, no endless loop, no memory that the file does not need.
//!
//! The fuzz targets and `crates/cli/tests/hostile` call the same functions.

mod readers;

pub use readers::{checkpoint, csv, keras, matrix, model, table, write_checkpoint};
