//! Everything that is written to the terminal.

use std::io::{IsTerminal, Write, stderr, stdout};
use std::path::Path;

use clap::ValueEnum;
use serde::Serialize;

use crate::failure::Failure;
use crate::text::wrapped;

/// When to use colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Colour {
    /// On a terminal, unless NO_COLOR is set
    #[default]
    Auto,
    /// Everywhere
    Always,
    /// Nowhere
    Never,
}

/// The flags that every command has.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct OutputFlags {
    /// Print results as JSON, for other programs
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Print nothing but what was asked for and errors
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// Print more of what happens
    #[arg(long, short, global = true, conflicts_with = "quiet")]
    pub(crate) verbose: bool,
    /// When to use colour
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        hide_possible_values = true
    )]
    pub(crate) color: Colour,
}

/// Results go to standard output, all else to standard error, so that results can be piped.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terminal {
    pub(crate) json: bool,
    pub(crate) quiet: bool,
    verbose: bool,
    colour: bool,
}

impl Terminal {
    pub(crate) fn new(flags: &OutputFlags) -> Self {
        let colour = match flags.color {
            Colour::Always => true,
            Colour::Never => false,
            Colour::Auto => stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
        };
        Self {
            json: flags.json,
            quiet: flags.quiet,
            verbose: flags.verbose,
            colour,
        }
    }

    /// Whether progress may be drawn: somebody is watching.
    pub(crate) fn draws_progress(&self) -> bool {
        !self.quiet && stderr().is_terminal()
    }

    /// Columns of the terminal that results go to; a file or a pipe has as many as it takes.
    pub(crate) fn width(&self) -> usize {
        terminal_size::terminal_size_of(stdout()).map_or(usize::MAX, |(width, _)| usize::from(width.0))
    }

    /// A result, as it stands (with its line ends).
    pub(crate) fn result(&self, text: &str) -> Result<(), Failure> {
        let mut out = stdout().lock();
        out.write_all(text.as_bytes())
            .and_then(|()| out.flush())
            .map_err(|error| match error.kind() {
                std::io::ErrorKind::BrokenPipe => Failure::ReaderGone,
                _ => Failure::file("write to", Path::new("standard output"), &error),
            })
    }

    /// A result in words, in lines no wider than the terminal.
    pub(crate) fn words(&self, text: &str) -> Result<(), Failure> {
        self.result(&wrapped(text, self.width()))
    }

    /// A result as JSON.
    pub(crate) fn json(&self, value: &impl Serialize) -> Result<(), Failure> {
        let text = serde_json::to_string_pretty(value).map_err(Failure::input)?;
        self.result(&format!("{text}\n"))
    }

    /// Something worth knowing while or after a command runs. Not with `--quiet`.
    pub(crate) fn note(&self, text: &str) {
        if !self.quiet {
            let width = terminal_size::terminal_size_of(stderr()).map_or(usize::MAX, |(width, _)| usize::from(width.0));
            self.line(wrapped(text, width).trim_end());
        }
    }

    /// A detail, with `--verbose` alone.
    pub(crate) fn detail(&self, text: &str) {
        if self.verbose {
            self.line(text);
        }
    }

    /// The one message of a command that failed.
    pub(crate) fn error(&self, message: &str) {
        let label = if self.colour {
            "\u{1b}[1;31merror:\u{1b}[0m"
        } else {
            "error:"
        };
        self.line(&format!("{label} {message}"));
    }

    /// The last word of a command that was interrupted.
    pub(crate) fn plain(&self, text: &str) {
        self.line(text);
    }

    fn line(&self, text: &str) {
        // Whoever closed standard error does not want to read it.
        drop(writeln!(stderr().lock(), "{text}"));
    }
}
