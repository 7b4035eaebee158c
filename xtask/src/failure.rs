//! How a command ends when it does not end well: a message and an exit code.

use std::process::ExitCode;

/// What went wrong, by exit code.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The command worked and found a difference or a fault: 1.
    Found(String),
    /// The command was asked for something that there is not: 2, as clap has it.
    Usage(String),
    /// Something outside failed (a file, a program): 1.
    Failed(String),
    /// Ctrl-C: 130, as shells have it.
    Interrupted(String),
}

impl Failure {
    /// Says what went wrong on standard error, and gives the exit code.
    pub(crate) fn report(self) -> ExitCode {
        let (text, code) = match self {
            Self::Found(text) => (text, 1),
            Self::Usage(text) => (format!("error: {text}"), 2),
            Self::Failed(text) => (format!("error: {text}"), 1),
            Self::Interrupted(text) => (text, 130),
        };
        eprintln!("{text}");
        ExitCode::from(code)
    }
}

impl From<recurra_runs::RunError> for Failure {
    fn from(error: recurra_runs::RunError) -> Self {
        use recurra_runs::RunError;
        match error {
            RunError::Interrupted { .. } => Self::Interrupted(error.to_string()),
            RunError::UnknownExperiment { .. }
            | RunError::UnknownDataSet { .. }
            | RunError::UnknownSeed { .. }
            | RunError::NothingToCompare { .. }
            | RunError::Matrix { .. }
            | RunError::Recipe { .. } => Self::Usage(error.to_string()),
            _ => Self::Failed(error.to_string()),
        }
    }
}
