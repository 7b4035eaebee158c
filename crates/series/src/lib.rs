//! Time series: generation, tables, cleaning, splitting, scaling, windows and batches.

mod samples;

pub use samples::Samples;
