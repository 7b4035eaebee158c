//! What has to be run: all cells, and the trainings that yield them.

use crate::{
    cell::Cell, experiment::Experiment, key::Key, matrix::Matrix, split_series::SplitSeries, train::epoch_work,
};
use serde::{Deserialize, Serialize};

/// All cells of a reproduction, in the order of results: experiments as in the matrix, and for each its seeds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// The cells.
    pub cells: Vec<Cell>,
}

/// One pass of the fit loop, and the cells that share it: all alike but for the epoch at which they stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedTraining {
    /// Indices into [`Plan::cells`], by rising epoch.
    pub cells: Vec<usize>,
}

impl Plan {
    /// The cells of `experiments` × `seeds` on `data`.
    #[must_use]
    pub fn new(experiments: &[&Experiment], seeds: &[u64], data: &SplitSeries) -> Self {
        let cell = |experiment: &Experiment, seed: u64| Cell {
            experiment: experiment.id.clone(),
            kind: experiment.kind,
            seed,
            recipe: experiment.recipe.clone(),
            key: Key::new(experiment.kind, &experiment.recipe, seed, data),
        };
        let cells = experiments
            .iter()
            .flat_map(|experiment| seeds.iter().map(|seed| cell(experiment, *seed)))
            .collect();
        Self { cells }
    }

    /// The fewest trainings that yield the cells `wanted` (indices into [`Plan::cells`]), in the order in which each is first
    /// met: cells of one seed whose recipes differ in their epochs alone share one training, because a run of 400
    /// epochs *is* the first 400 epochs of a run of 500.
    #[must_use]
    pub fn trainings(&self, wanted: &[usize]) -> Vec<SharedTraining> {
        let mut trainings: Vec<SharedTraining> = Vec::new();
        for &index in wanted {
            let cell = &self.cells[index];
            match trainings
                .iter_mut()
                .find(|training| self.same_training(&self.cells[training.cells[0]], cell))
            {
                Some(training) => training.cells.push(index),
                None => trainings.push(SharedTraining { cells: vec![index] }),
            }
        }
        for training in &mut trainings {
            training.cells.sort_by_key(|index| self.cells[*index].recipe.epochs);
        }
        trainings
    }

    fn same_training(&self, one: &Cell, other: &Cell) -> bool {
        one.seed == other.seed && one.kind == other.kind && one.recipe.endless() == other.recipe.endless()
    }
}

/// The first `count` seeds of a reproduction: 51, the tutorial's, then 1, 2, 3 and on, without 51.
#[must_use]
pub fn default_seeds(count: usize) -> Vec<u64> {
    std::iter::once(TUTORIAL_SEED)
        .chain((1..).filter(|seed| *seed != TUTORIAL_SEED))
        .take(count)
        .collect()
}

/// The seed that the tutorial sets.
pub const TUTORIAL_SEED: u64 = 51;

/// The cells of the matrix's experiments named in `only` (all if it is empty) × `seeds`.
///
/// # Errors
/// If `only` names an experiment that is not in the matrix, or a recipe cannot be built.
pub fn plan(matrix: &Matrix, only: &[String], seeds: &[u64], data: &SplitSeries) -> Result<Plan, crate::RunError> {
    let plan = Plan::new(&matrix.select(only)?, seeds, data);
    plan.cells
        .iter()
        .try_for_each(|cell| epoch_work(cell, data).map(drop))?;
    Ok(plan)
}
