//! `timings.json`: how long each run took, and where. The one output that differs from machine to machine.

use crate::{engine::Finished, error::RunError, files::write_file, machine::Machine, plan::Plan};
use serde::Serialize;
use std::path::Path;

/// How long each run took, and where.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Timings {
    /// The machine.
    pub machine: Machine,
    /// The kernel path that was used, such as `avx512`.
    pub isa: String,
    /// Trainings at one time.
    pub jobs: usize,
    /// From the first training's start to the last one's end.
    pub wall_seconds: f64,
    /// Each cell, in the order of `results.json`.
    pub runs: Vec<RunTime>,
}

/// How long one cell took.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct RunTime {
    /// The experiment.
    pub experiment: String,
    /// Its seed.
    pub seed: u64,
    /// Wall-clock time since its training began; `null` if it was taken up from an earlier start.
    pub seconds: Option<f64>,
}

impl Timings {
    /// The times of `plan`, whose cells ended as `finished` says.
    #[must_use]
    pub fn new(plan: &Plan, finished: &[Finished], isa: &str, jobs: usize, wall_seconds: f64) -> Self {
        let time = |(cell, done): (&crate::cell::Cell, &Finished)| RunTime {
            experiment: cell.experiment.clone(),
            seed: cell.seed,
            seconds: done.seconds,
        };
        let runs = plan.cells.iter().zip(finished).map(time).collect();
        Self {
            machine: Machine::this(),
            isa: isa.to_string(),
            jobs,
            wall_seconds,
            runs,
        }
    }

    /// Writes the times to `file`.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn write(&self, file: &Path) -> Result<(), RunError> {
        let text = serde_json::to_string_pretty(self).map_err(|error| RunError::io("write", file, error.into()))?;
        write_file(file, (text + "\n").as_bytes())
    }
}
