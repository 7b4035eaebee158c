//! What a run tells whoever watches it. Nothing here writes to a terminal.

use std::path::Path;

/// Something that happened in [`crate::run`].
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Event<'a> {
    /// The first event: what there is to do.
    Planned {
        /// Cells of the plan.
        cells: usize,
        /// Cells taken up from an earlier start.
        cached: usize,
        /// Trainings that remain.
        trainings: usize,
        /// The sum of [`Event::Epoch::work`] still to come.
        work: f64,
    },
    /// A file of an earlier start that is not used.
    CacheIgnored {
        /// The file.
        file: &'a Path,
        /// Why.
        reason: &'a str,
    },
    /// A training begins.
    Started {
        /// Which one: counted from 0, the same in all its events.
        training: usize,
        /// Its name for people.
        label: &'a str,
        /// Its epochs.
        epochs: usize,
    },
    /// An epoch of a training has ended.
    Epoch {
        /// Which training.
        training: usize,
        /// Epochs done.
        done: usize,
        /// The running mean of the loss over the epoch.
        loss: f64,
        /// The work of this epoch, in units of its own: parameters × steps × windows.
        work: f64,
    },
    /// A cell is finished and kept.
    Finished {
        /// Which training.
        training: usize,
        /// The cell's name for people.
        label: &'a str,
        /// Its error on the validation part: `None` for a learning-rate sweep and for a run that diverged.
        val_mae: Option<f64>,
        /// The epoch in which it diverged, if it did.
        diverged: Option<usize>,
        /// Wall-clock time since its training began.
        seconds: f64,
    },
    /// A training has ended; nothing more is said of it.
    Ended {
        /// Which training.
        training: usize,
        /// The work that it did not do, because it diverged.
        skipped_work: f64,
    },
}

/// Whoever watches a run. Called from several threads at once.
pub trait Observer: Sync {
    /// Something happened.
    fn event(&self, event: Event<'_>);
}

/// Watches nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Observer for Silent {
    fn event(&self, _event: Event<'_>) {}
}
