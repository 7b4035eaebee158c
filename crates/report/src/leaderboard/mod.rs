//! The leaderboard: models over data sets, as a page of the book and charts.

mod charts;
mod page;
mod records;

pub use charts::{Chart, charts};
pub use page::page;
pub use records::{BesideNaive, Board, Covered, DataSet, Friedman, Ranked, Ranking, Score, Verdict};
