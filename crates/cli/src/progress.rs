//! Progress of a training, drawn where somebody is watching.

use indicatif::{ProgressBar, ProgressStyle};
use recurra_training::Position;

use crate::terminal::Terminal;

/// A bar that goes away when it is done. Nothing is drawn where standard error is no terminal.
pub(crate) struct Bar(ProgressBar);

impl Bar {
    /// A bar for a training, with what it is for.
    pub(crate) fn new(terminal: &Terminal, what: &str) -> Self {
        if !terminal.draws_progress() {
            return Self(ProgressBar::hidden());
        }
        let style = ProgressStyle::with_template("{prefix} {bar:30} {msg}, {eta} left");
        // The template is constant; a slip in it shows the default bar. Nothing is drawn before the first batch is done.
        let bar = ProgressBar::new(0)
            .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
            .with_prefix(what.to_owned());
        Self(bar)
    }

    /// Shows how far the training is.
    pub(crate) fn show(&self, at: &Position) {
        if self.0.is_hidden() {
            return;
        }
        self.0.set_length((at.epochs * at.batches) as u64);
        let (epoch, loss) = (at.epoch + 1, at.running.loss);
        self.0
            .set_message(format!("epoch {epoch}/{}, loss {loss:.4}", at.epochs));
        self.0.set_position((at.epoch * at.batches + at.batch) as u64);
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
