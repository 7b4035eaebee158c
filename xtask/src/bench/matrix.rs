//! The whole matrix: ten seeds of ours on all cores, beside what one seed takes Keras.

use super::peers::Ratio;
use crate::{failure::Failure, interrupt, workspace};
use recurra_runs::{Machine, Matrix, Plan, RunOptions, Silent, default_seeds, plan};
use serde::Serialize;
use std::{num::NonZeroUsize, time::Instant};

/// Seeds that we train.
const SEEDS: usize = 10;

/// The seconds of both.
#[derive(Debug, Serialize)]
pub(super) struct Seeds {
    seeds: usize,
    jobs: usize,
    seconds: f64,
    /// Its median epoch, as often as one seed of the matrix trains it: no compilation, no validation.
    keras_seconds_of_one_seed: f64,
}

impl Seeds {
    pub(super) fn line(&self) -> String {
        format!(
            "{} seeds of the whole matrix, {} at a time: {:.1} s; the epochs of one seed in Keras: {:.1} s, {:.1} times as long",
            self.seeds,
            self.jobs,
            self.seconds,
            self.keras_seconds_of_one_seed,
            self.keras_seconds_of_one_seed / self.seconds
        )
    }
}

/// Trains the matrix for ten seeds; `None` where Keras was not measured.
pub(super) fn measure(peers: &[Ratio]) -> Result<Option<Seeds>, Failure> {
    let matrix = Matrix::read(&workspace::matrix())?;
    let data = matrix.data.load();
    let Some(keras) = keras_seconds(&plan(&matrix, &[], &default_seeds(1), &data)?, peers) else {
        return Ok(None);
    };
    let plan = plan(&matrix, &[], &default_seeds(SEEDS), &data)?;
    let options = RunOptions {
        jobs: NonZeroUsize::new(Machine::this().threads).unwrap_or(NonZeroUsize::MIN),
        cache: None,
        resume: false,
    };
    let begin = Instant::now();
    recurra_runs::run(&plan, &data, &options, &Silent, interrupt::flag()?)?;
    Ok(Some(Seeds {
        seeds: SEEDS,
        jobs: options.jobs.get(),
        seconds: begin.elapsed().as_secs_f64(),
        keras_seconds_of_one_seed: keras,
    }))
}

/// What the epochs of all trainings of `plan` take Keras, where each of its models was measured.
fn keras_seconds(plan: &Plan, peers: &[Ratio]) -> Option<f64> {
    let all: Vec<usize> = (0..plan.cells.len()).collect();
    plan.trainings(&all)
        .iter()
        .map(|training| {
            let recipe = &plan.cells[*training.cells.last()?].recipe;
            let row = peers
                .iter()
                .find(|row| row.peer == "keras" && row.model == recipe.model)?;
            Some(recipe.epochs as f64 * row.ms_per_epoch / 1e3)
        })
        .sum()
}
