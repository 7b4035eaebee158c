//! Runs the cells of a plan: takes up those that are cached, and trains the rest on several threads.

use crate::{
    cache::Cache,
    cell::Cell,
    error::RunError,
    events::{Event, Observer},
    outcome::Outcome,
    plan::{Plan, SharedTraining},
    split_series::SplitSeries,
    store::Lookup,
    threads::{self, lock},
    train::{self, Ending},
};
use std::{
    num::NonZeroUsize,
    sync::{Mutex, atomic::AtomicBool},
    time::Instant,
};

/// How to run a plan. None of it changes a result.
#[derive(Debug, Clone)]
pub struct RunOptions {
    /// Trainings at one time; each computes on one thread.
    pub jobs: NonZeroUsize,
    /// Where finished cells are kept.
    pub cache: Option<Cache>,
    /// Whether cells that an earlier start kept are taken up.
    pub resume: bool,
}

/// A finished cell.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Finished {
    /// What it yielded.
    pub outcome: Outcome,
    /// Wall-clock time since its training began; `None` if it was taken up from an earlier start.
    pub seconds: Option<f64>,
}

/// Runs every cell of `plan` on `data`, and returns what they yield in the order of the plan, whatever the number of jobs
/// and whichever training ends first.
///
/// The flag `interrupt` is looked at after every batch: once it is raised, no training goes on, and what was finished
/// stays in the cache.
///
/// # Errors
/// If a recipe cannot be built, a file cannot be written, or the run was interrupted. A run that diverges is no error.
pub fn run(
    plan: &Plan,
    data: &SplitSeries,
    options: &RunOptions,
    observer: &dyn Observer,
    interrupt: &AtomicBool,
) -> Result<Vec<Finished>, RunError> {
    let work = plan
        .cells
        .iter()
        .map(|cell| train::epoch_work(cell, data))
        .collect::<Result<Vec<f64>, RunError>>()?;
    let mut results = cached(plan, options, observer)?;
    let wanted: Vec<usize> = (0..plan.cells.len())
        .filter(|index| results[*index].is_none())
        .collect();
    let mut trainings = plan.trainings(&wanted);
    let total = |training: &SharedTraining| {
        let last = training.cells[training.cells.len() - 1];
        work[last] * plan.cells[last].recipe.epochs as f64
    };
    // Long ones first, so that no thread is left with a long one at the end.
    trainings.sort_by(|one, other| total(other).total_cmp(&total(one)));
    observer.event(Event::Planned {
        cells: plan.cells.len(),
        cached: plan.cells.len() - wanted.len(),
        trainings: trainings.len(),
        work: trainings.iter().map(total).sum(),
    });

    let shared = Shared {
        plan,
        data,
        cache: options.cache.as_ref(),
        observer,
        finished: Mutex::new(Vec::new()),
    };
    threads::each(trainings.len(), options.jobs, interrupt, |number, stopped| {
        let training = &trainings[number];
        shared.train(number, training, work[training.cells[0]], stopped)
    })?;
    for (index, finished) in lock(&shared.finished).drain(..) {
        results[index] = Some(finished);
    }
    let planned = results.len();
    let finished: Vec<Finished> = results.into_iter().flatten().collect();
    if finished.len() < planned {
        return Err(RunError::Interrupted {
            finished: finished.len(),
            planned,
        });
    }
    Ok(finished)
}

/// The cells that an earlier start kept, by index in the plan.
fn cached(plan: &Plan, options: &RunOptions, observer: &dyn Observer) -> Result<Vec<Option<Finished>>, RunError> {
    let find = |cell: &Cell| match options.cache.as_ref().map(|cache| cache.find(cell)).transpose()? {
        Some(Lookup::Found(outcome)) => Ok(Some(Finished { outcome, seconds: None })),
        Some(Lookup::Unusable { file, reason }) => {
            observer.event(Event::CacheIgnored {
                file: &file,
                reason: &reason,
            });
            Ok(None)
        }
        Some(Lookup::Missing) | None => Ok(None),
    };
    plan.cells
        .iter()
        .map(|cell| if options.resume { find(cell) } else { Ok(None) })
        .collect()
}

/// What the threads of one run share.
struct Shared<'a> {
    plan: &'a Plan,
    data: &'a SplitSeries,
    cache: Option<&'a Cache>,
    observer: &'a dyn Observer,
    finished: Mutex<Vec<(usize, Finished)>>,
}

impl Shared<'_> {
    fn train(
        &self,
        number: usize,
        training: &SharedTraining,
        work: f64,
        stopped: &dyn Fn() -> bool,
    ) -> Result<(), RunError> {
        let begin = Instant::now();
        let cells: Vec<&Cell> = training.cells.iter().map(|index| &self.plan.cells[*index]).collect();
        let label = label(&cells);
        let epochs = cells.last().map_or(0, |cell| cell.recipe.epochs);
        self.observer.event(Event::Started {
            training: number,
            label: &label,
            epochs,
        });
        let mut done = 0;
        let mut on_epoch = |epochs_done: usize, loss: f64| {
            done = epochs_done;
            self.observer.event(Event::Epoch {
                training: number,
                done,
                loss,
                work,
            });
        };
        let mut on_cell = |which: usize, outcome: Outcome| {
            let cell = cells[which];
            if let Some(cache) = self.cache {
                cache.keep(cell, &outcome)?;
            }
            let seconds = begin.elapsed().as_secs_f64();
            self.observer.event(Event::Finished {
                training: number,
                label: &cell.label(),
                val_mae: outcome.validation.as_ref().map(|validation| validation.mae),
                diverged: outcome.diverged,
                seconds,
            });
            let finished = Finished {
                outcome,
                seconds: Some(seconds),
            };
            lock(&self.finished).push((training.cells[which], finished));
            Ok(())
        };
        let ending = train::train(&cells, self.data, stopped, &mut on_epoch, &mut on_cell)?;
        if ending == Ending::Whole {
            self.observer.event(Event::Ended {
                training: number,
                skipped_work: work * (epochs - done) as f64,
            });
        }
        Ok(())
    }
}

/// The name of a training for people: all its experiments and its seed.
fn label(cells: &[&Cell]) -> String {
    let names: Vec<&str> = cells.iter().map(|cell| cell.experiment.as_str()).collect();
    format!(
        "{}, seed {}",
        names.join(" + "),
        cells.first().map_or(0, |cell| cell.seed)
    )
}
