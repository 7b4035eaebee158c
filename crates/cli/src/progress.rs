//! Progress of a training, drawn where somebody is watching.

use indicatif::{ProgressBar, ProgressStyle};
use recurra_training::{BatchEnd, History};

use crate::terminal::Terminal;
use crate::text::{counted, figure};

/// Columns that a bar with its words needs.
const ROOM: u16 = 90;
/// Characters of a loss curve in a line.
const CURVE: usize = 24;

/// How a training went, in a line: `100 epochs, loss 1.203 █▆▄▃▂▁▁▁ 0.0412`.
pub(crate) fn trained(history: &History) -> String {
    let losses: Vec<Option<f64>> = history.epochs.iter().map(|epoch| Some(epoch.training.loss)).collect();
    let epochs = counted(losses.len(), "epoch");
    match (losses.first(), losses.last()) {
        (Some(Some(first)), Some(Some(last))) => format!(
            "{epochs}, loss {} {} {}",
            figure(*first),
            recurra_report::sparkline(&losses, CURVE),
            figure(*last)
        ),
        _ => epochs,
    }
}

/// A bar that goes away when it is done. Nothing is drawn where standard error is no terminal.
pub(crate) struct Bar(ProgressBar);

impl Bar {
    /// A bar for a training, with what it is for.
    pub(crate) fn new(terminal: &Terminal, what: &str) -> Self {
        if !terminal.draws_progress() {
            return Self(ProgressBar::hidden());
        }
        let narrow = terminal_size::terminal_size_of(std::io::stderr()).is_some_and(|(width, _)| width.0 < ROOM);
        let style = ProgressStyle::with_template(if narrow {
            "{msg}, {eta} left"
        } else {
            "{prefix} {wide_bar} {msg}, {eta} left"
        });
        // The templates are constant; a slip in one shows the default bar. Nothing is drawn before the first batch is done.
        let bar = ProgressBar::new(0)
            .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
            .with_prefix(what.to_owned());
        Self(bar)
    }

    /// Shows how far the training is.
    pub(crate) fn show(&self, at: &BatchEnd) {
        if self.0.is_hidden() {
            return;
        }
        self.0.set_length((at.epochs * at.batches) as u64);
        let (epoch, loss) = (at.epoch + 1, at.running.loss);
        self.0
            .set_message(format!("epoch {epoch}/{}, loss {loss:.4}", at.epochs));
        self.0.set_position((at.epoch * at.batches + at.batch + 1) as u64);
    }

    /// Makes room for what is printed next.
    pub(crate) fn finish(&self) {
        self.0.finish_and_clear();
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.finish();
    }
}

/// A bar over the parts of a folder.
pub(crate) struct PartBar(ProgressBar);

impl PartBar {
    /// A bar for so many parts, with what is done to them.
    pub(crate) fn new(terminal: &Terminal, what: &str, parts: usize) -> Self {
        if !terminal.draws_progress() {
            return Self(ProgressBar::hidden());
        }
        let style = ProgressStyle::with_template("{prefix} {bar:30} part {pos}/{len}{msg}, {eta} left");
        let bar = ProgressBar::new(parts as u64).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.set_prefix(what.to_owned());
        Self(bar)
    }

    /// Shows how many parts are done, and the loss of the last one where it was trained on.
    pub(crate) fn show(&self, done: usize, loss: Option<f64>) {
        self.0.set_position(done as u64);
        if let Some(loss) = loss {
            self.0.set_message(format!(", loss {loss:.4}"));
        }
    }
}

impl Drop for PartBar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
