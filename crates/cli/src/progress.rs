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
        let style = ProgressStyle::with_template("{prefix} {bar:30} epoch {pos}/{len}, loss {msg}, {eta} left");
        // The template is constant; a slip in it shows the default bar.
        let bar = ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.set_message("-");
        bar.set_prefix(what.to_owned());
        Self(bar)
    }

    /// Shows how far the training is.
    pub(crate) fn show(&self, at: &Position) {
        if at.batch == at.batches {
            self.0.set_length(at.epochs as u64);
            self.0.set_position(at.epoch as u64 + 1);
            self.0.set_message(format!("{:.4}", at.running.loss));
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
