//! Progress of runs: bars with the time left on a terminal, one line a run elsewhere.

use indicatif::{HumanDuration, MultiProgress, ProgressBar, ProgressStyle};
use recurra_runs::{Event, Observer};
use std::{
    collections::BTreeMap,
    io::IsTerminal,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// Shows the events of a run on standard error.
pub(crate) struct Progress {
    state: Mutex<State>,
}

struct State {
    /// `None` where standard error is no terminal.
    bars: Option<MultiProgress>,
    total: ProgressBar,
    trainings: BTreeMap<usize, ProgressBar>,
    begin: Instant,
    work: f64,
    work_done: f64,
    finished: usize,
    cells: usize,
}

impl Progress {
    /// Shows progress where people look: bars on a terminal, else lines.
    pub(crate) fn new() -> Self {
        let bars = std::io::stderr().is_terminal().then(MultiProgress::new);
        let state = State {
            bars,
            total: ProgressBar::hidden(),
            trainings: BTreeMap::new(),
            begin: Instant::now(),
            work: 0.0,
            work_done: 0.0,
            finished: 0,
            cells: 0,
        };
        Self {
            state: Mutex::new(state),
        }
    }
}

impl Observer for Progress {
    fn event(&self, event: Event<'_>) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).event(event);
    }
}

impl State {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Planned {
                cells,
                cached,
                trainings,
                work,
            } => {
                self.cells = cells;
                self.finished = cached;
                self.work = work;
                self.begin = Instant::now();
                if cached > 0 {
                    self.line(&format!(
                        "{cached} of {cells} runs are already there and are taken up (--force runs them again)"
                    ));
                }
                if let (Some(bars), true) = (&self.bars, trainings > 0) {
                    self.total = bars.add(ProgressBar::new(1000).with_style(style(if narrow() {
                        "{wide_msg}"
                    } else {
                        "{wide_bar} {msg}"
                    })));
                    self.total.enable_steady_tick(Duration::from_secs(1));
                }
                self.advance(0.0);
            }
            Event::CacheIgnored { file, reason } => {
                self.line(&format!(
                    "{} is not used, its run is made again: {reason}",
                    file.display()
                ));
            }
            Event::Started {
                training,
                label,
                epochs,
            } => {
                let Some(bars) = &self.bars else { return };
                let style = style(if narrow() {
                    "{prefix:20!} {pos}/{len}"
                } else {
                    "{prefix:24!} {wide_bar} {pos}/{len} {msg}"
                });
                let bar = bars.insert_before(&self.total, ProgressBar::new(epochs as u64).with_style(style));
                bar.set_prefix(label.to_string());
                self.trainings.insert(training, bar);
            }
            Event::Epoch {
                training,
                done,
                loss,
                work,
            } => {
                if let Some(bar) = self.trainings.get(&training) {
                    bar.set_position(done as u64);
                    bar.set_message(format!("loss {loss:.2}"));
                }
                self.advance(work);
            }
            Event::Finished {
                label,
                val_mae,
                diverged,
                seconds,
                ..
            } => {
                self.finished += 1;
                let result = match (val_mae, diverged) {
                    (_, Some(epoch)) => format!("diverged in epoch {epoch}"),
                    (Some(mae), None) => format!("MAE {mae:.3}"),
                    (None, None) => "done".to_string(),
                };
                self.line(&format!(
                    "[{}/{}] {label}: {result} ({seconds:.1} s)",
                    self.finished, self.cells
                ));
            }
            Event::Ended { training, skipped_work } => {
                if let Some(bar) = self.trainings.remove(&training) {
                    bar.finish_and_clear();
                }
                self.advance(skipped_work);
                if self.trainings.is_empty() && self.finished == self.cells {
                    self.total.finish_and_clear();
                }
            }
            _ => {}
        }
    }

    /// A line that stays, above the bars.
    fn line(&self, text: &str) {
        match &self.bars {
            // A terminal that went away is no reason to stop.
            Some(bars) => drop(bars.println(text)),
            None => eprintln!("{text}"),
        }
    }

    fn advance(&mut self, work: f64) {
        self.work_done += work;
        let share = if self.work > 0.0 {
            self.work_done / self.work
        } else {
            1.0
        };
        self.total.set_position((share * 1000.0) as u64);
        let left = if self.work_done > 0.0 {
            let seconds = self.begin.elapsed().as_secs_f64() * (1.0 - share).max(0.0) / share;
            format!("{} left", HumanDuration(Duration::from_secs_f64(seconds)))
        } else {
            "estimating the time left".to_string()
        };
        self.total
            .set_message(format!("{} of {} runs, {left}", self.finished, self.cells));
    }
}

/// Whether a bar beside its words would have no room.
fn narrow() -> bool {
    terminal_size::terminal_size_of(std::io::stderr()).is_some_and(|(width, _)| width.0 < 60)
}

fn style(template: &str) -> ProgressStyle {
    // The templates above are constant; a slip in one shows the default bar.
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
