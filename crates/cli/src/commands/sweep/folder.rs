//! The output folder of a sweep, and what is drawn while it fills.

use std::path::Path;

use indicatif::{ProgressBar, ProgressStyle};

use super::NAME;
use super::file::Sweep;
use super::run::{Run, Table};
use crate::failure::Failure;
use crate::run_folder::Plan;
use crate::terminal::Terminal;

/// Refuses tables that are too short, before anything runs.
pub(super) fn check(sweep: &Sweep, tables: &[Table]) -> Result<(), Failure> {
    let needed = (sweep.folds - 1)
        .saturating_mul(sweep.step)
        .saturating_add(sweep.horizon + 1);
    for table in tables {
        if let Some(short) = (table.dataset.panel.series.iter()).find(|series| series.len() < needed) {
            let name = short
                .unique_id()
                .map_or_else(String::new, |id| format!(", series `{id}`"));
            return Err(Failure::Input(format!(
                "{}{name}: {} values, but {} folds of {} steps need at least {needed}; use fewer folds, a smaller step or a shorter horizon",
                table.dataset.file,
                short.len(),
                sweep.folds,
                sweep.horizon
            )));
        }
    }
    Ok(())
}

/// Writes `plan.json`, as far as the rounds go that are known.
pub(super) fn write_plan(out: &Path, runs: &[Run], rounds_follow: bool) -> Result<(), Failure> {
    let plan = Plan::new(NAME, runs.iter().map(|run| run.cell.clone()).collect());
    match rounds_follow {
        true => plan.write_beginning(out),
        false => plan.write(out),
    }
}

/// How many runs are finished. Nothing is drawn where standard error is no terminal.
pub(super) struct Bar(ProgressBar);

impl Bar {
    pub(super) fn new(terminal: &Terminal, runs: usize) -> Self {
        if !terminal.draws_progress() {
            return Self(ProgressBar::hidden());
        }
        let style = ProgressStyle::with_template("{pos} of {len} runs {wide_bar} {msg}, {eta} left");
        Self(ProgressBar::new(runs as u64).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar())))
    }

    pub(super) fn show(&self, finished: usize, last: &str) {
        self.0.set_message(last.to_owned());
        self.0.set_position(finished as u64);
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
