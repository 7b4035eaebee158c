//! See the workspace's `docs/architecture.md`.
//! Plans of runs: cells, content keys, a cache of finished cells, parallel jobs, and the records they make.
//!
//! A [`Matrix`] of experiments times a list of seeds gives a [`Plan`] of [`Cell`]s. [`run`] takes up the cells that are
//! in a [`Cache`] and trains the rest, several at a time; [`assemble`] makes the records of `results.json` from them. The
//! order of the records follows from the plan alone: not from the number of jobs, nor from which run ends first.
//!
//! Nothing here writes to a terminal: whoever wants to watch implements [`Observer`].

mod assemble;
mod baselines;
mod cache;
mod claims;
mod compare;
mod data;
mod engine;
mod error;
mod events;
mod keras;
mod key;
mod machine;
mod manifest;
mod matrix;
mod merge;
mod outcome;
mod partition;
mod plan;
mod snapshot;
mod summary;
mod timings;
mod train;
mod write;

pub use assemble::{assemble, results_json};
pub use baselines::baselines;
pub use cache::{Cache, Lookup};
pub use claims::{Claim, Metric, Statistic, judge};
pub use compare::{Figure, Moved, moved};
pub use data::Dataset;
pub use engine::{Finished, Options, run};
pub use error::{Error, MatrixProblem};
pub use events::{Event, Observer, Silent};
pub use keras::keras_rows;
pub use key::{CODE_DIGEST, Key};
pub use machine::Machine;
pub use manifest::Manifest;
pub use matrix::{Data, Experiment, Kind, MATRIX_SCHEMA, Matrix, Recipe, Schedule, SeriesSource};
pub use merge::{MergeProblem, Merged, merge};
pub use outcome::{EpochRecord, Outcome, Validation};
pub use partition::{Partition, PartitionError};
pub use plan::{Cell, Plan, TUTORIAL_SEED, Training, default_seeds, plan};
pub use snapshot::{part, read_snapshot, seeds, snapshot_json, write_snapshot};
pub use summary::report_input;
pub use timings::{RunTime, Timings};
pub use write::write_file;
