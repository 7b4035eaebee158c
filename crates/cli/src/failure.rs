//! How a command ends when it does not end well: one message and an exit code.

use std::process::ExitCode;

use recurra_series::system_reason;

/// What went wrong, by exit code.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The command worked, and an assertion or a check failed: 1.
    Found(String),
    /// The input (a flag, a file, a value in it) or the place for the output does not serve: 2.
    Input(String),
    /// Ctrl-C: 130, as shells have it. The text says how to go on.
    Interrupted(String),
    /// Whoever read the output went away (`recurra models | head -1`): nothing to say, and no failure.
    ReaderGone,
}

impl Failure {
    /// A failure of the input.
    pub(crate) fn input(message: impl std::fmt::Display) -> Self {
        Self::Input(message.to_string())
    }

    /// A file that could not be read, written, made or renamed.
    pub(crate) fn file(action: &str, path: &std::path::Path, error: &std::io::Error) -> Self {
        Self::Input(format!(
            "could not {action} {}: {}",
            path.display(),
            system_reason(error)
        ))
    }

    /// The same; of the input, with what it is about before it.
    pub(crate) fn about(self, what: impl std::fmt::Display) -> Self {
        match self {
            Self::Input(message) => Self::Input(format!("{what}: {message}")),
            other => other,
        }
    }

    /// The exit code, and what to say on standard error.
    pub(crate) fn into_parts(self) -> (ExitCode, Option<String>) {
        match self {
            Self::Found(message) => (ExitCode::from(1), Some(message)),
            Self::Input(message) => (ExitCode::from(2), Some(message)),
            Self::Interrupted(message) => (ExitCode::from(130), Some(message)),
            Self::ReaderGone => (ExitCode::SUCCESS, None),
        }
    }
}
