//! Runs the cells of a leaderboard on several threads.

use super::cell::Cell;
use super::config::Config;
use crate::error::RunError;
use crate::store::{Lookup, Store};
use crate::threads::{self, lock};
use recurra_report::leaderboard::{Board, DataSet, Score};
use recurra_series::datasets::{self, Dataset};
use recurra_zoo::Registry;
use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// How to run. None of it changes a score.
#[derive(Debug, Clone)]
pub struct Options {
    /// Cells at one time, each on one thread.
    pub jobs: NonZeroUsize,
    /// Where finished scores are kept, and taken up from; nothing for neither.
    pub kept: Option<PathBuf>,
}

/// A cell has been finished.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Step<'a> {
    /// Which one.
    pub cell: &'a Cell,
    /// Its score.
    pub score: &'a Score,
    /// Cells that are finished by now.
    pub done: usize,
    /// All cells.
    pub cells: usize,
    /// How long it took; nothing if it was taken up from an earlier start.
    pub seconds: Option<f64>,
}

/// Measures every model of `config` on every data set of it. The scores come in the order of the configuration, whatever the
/// number of jobs. The flag `interrupt` is looked at before every cell; what was finished is kept.
///
/// # Errors
/// If a data set is too short for its settings, a file cannot be written, or the run was interrupted. A model that cannot be
/// fitted is no error: its score says why it has no value.
pub fn run(
    config: &Config,
    options: &Options,
    on_step: &(dyn Fn(Step<'_>) + Sync),
    interrupt: &AtomicBool,
) -> Result<Board, RunError> {
    let registry = Registry::builtin();
    let mut data: BTreeMap<&str, Dataset> = BTreeMap::new();
    for set in &config.sets {
        let loaded = datasets::load(&set.name).map_err(|error| RunError::Leaderboard {
            cell: set.name.clone(),
            message: error.to_string(),
        })?;
        data.insert(&set.name, loaded);
    }
    let cells = Cell::all(config);
    let store: Option<Store<Score>> = options.kept.as_deref().map(Store::new);
    let done = AtomicUsize::new(0);
    let finished: Mutex<Vec<(usize, Score)>> = Mutex::new(Vec::new());
    threads::each(
        cells.len(),
        options.jobs,
        interrupt,
        |index, _| -> Result<(), RunError> {
            let (cell, begin) = (&cells[index], Instant::now());
            let panel = &data[cell.set.name.as_str()].panel;
            let (label, stem, key) = (cell.label(), cell.stem(), cell.key(&registry, panel)?);
            let kept = store
                .as_ref()
                .map(|store| store.find(&label, &stem, &key))
                .transpose()?;
            let (score, taken_up) = match kept {
                Some(Lookup::Found(score)) => (score, true),
                // What is damaged is made again, and replaced.
                Some(Lookup::Missing | Lookup::Unusable { .. }) | None => (cell.run(&registry, panel)?, false),
            };
            if let (Some(store), false) = (&store, taken_up) {
                store.keep(&label, &stem, &key, &score)?;
            }
            on_step(Step {
                cell,
                score: &score,
                done: done.fetch_add(1, Ordering::Relaxed) + 1,
                cells: cells.len(),
                seconds: (!taken_up).then(|| begin.elapsed().as_secs_f64()),
            });
            lock(&finished).push((index, score));
            Ok(())
        },
    )?;
    let mut finished = finished.into_inner().unwrap_or_else(PoisonError::into_inner);
    if finished.len() < cells.len() {
        return Err(RunError::Interrupted {
            finished: finished.len(),
            planned: cells.len(),
        });
    }
    finished.sort_by_key(|(index, _)| *index);
    let described = |set: &super::DataSet| {
        let Dataset { provenance, panel } = &data[set.name.as_str()];
        DataSet {
            name: set.name.clone(),
            title: provenance.title.clone(),
            series: panel.series.len(),
            points: panel.points(),
            horizon: set.horizon,
            folds: set.folds,
            step: set.step,
            season: set.season,
            window: set.window,
            difference: set.difference,
        }
    };
    Ok(Board {
        schema: 1,
        sets: config.sets.iter().map(described).collect(),
        scores: finished.into_iter().map(|(_, score)| score).collect(),
    })
}
