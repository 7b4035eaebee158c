//! What can go wrong in planning, running and keeping runs.

use crate::problems::{MatrixProblem, MergeProblem};
use std::{
    io,
    path::{Path, PathBuf},
};

/// What can go wrong in planning, running and keeping runs.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// A file or folder could not be read or written.
    #[error("could not {action} {}: {source}", path.display())]
    Io {
        /// What was tried: a verb.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// A matrix file says something that no run can do.
    #[error("{}: {problem}", file.display())]
    Matrix {
        /// The matrix file.
        file: PathBuf,
        /// What is wrong with it.
        problem: MatrixProblem,
    },
    /// An experiment that is not in the matrix.
    #[error("no experiment is called `{name}`; there are: {}", known.join(", "))]
    UnknownExperiment {
        /// The name that was asked for.
        name: String,
        /// The names of the matrix.
        known: Vec<String>,
    },
    /// A data set that is not on the leaderboard.
    #[error("no data set of the leaderboard is called `{name}`; there are: {}", known.join(", "))]
    UnknownDataSet {
        /// The name that was asked for.
        name: String,
        /// The names of the leaderboard.
        known: Vec<String>,
    },
    /// A model of the leaderboard that cannot be measured as the configuration says.
    #[error("{cell}: {message}")]
    Leaderboard {
        /// The model and the data set.
        cell: String,
        /// What is wrong, in the words of the crate that found it.
        message: String,
    },
    /// A seed that is not in the committed snapshot.
    #[error("the snapshot has no run with seed {seed}; it has seeds {known:?}")]
    UnknownSeed {
        /// The seed that was asked for.
        seed: u64,
        /// The seeds of the snapshot.
        known: Vec<u64>,
    },
    /// Of the seeds that were asked for none is in the committed snapshot: a comparison would find nothing and prove nothing.
    #[error("the snapshot has none of the seeds that were asked for; it has seeds {known:?}; --accept makes it anew")]
    NothingToCompare {
        /// The seeds of the snapshot.
        known: Vec<u64>,
    },
    /// A network that cannot be built or trained as its recipe says.
    #[error("experiment {experiment}: {message}")]
    Recipe {
        /// The experiment.
        experiment: String,
        /// What is wrong, in the words of the crate that found it.
        message: String,
    },
    /// A classical method that cannot be fitted or does not forecast.
    #[error("baseline {name}: {message}")]
    Baseline {
        /// The method.
        name: String,
        /// What is wrong, in the words of the crate that found it.
        message: String,
    },
    /// A statistic over seeds that cannot be computed.
    #[error("could not judge the claims: {message}")]
    Statistic {
        /// What is wrong, in the words of the crate that found it.
        message: String,
    },
    /// A data file that ships with this crate does not read.
    #[error("{file}, line {line}: {message}")]
    Shipped {
        /// The file's name.
        file: &'static str,
        /// Counted from 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// A committed snapshot that does not read.
    #[error("snapshot {}: {message}", file.display())]
    Snapshot {
        /// The snapshot file.
        file: PathBuf,
        /// What is wrong.
        message: String,
    },
    /// A folder whose runs cannot be merged.
    #[error("could not merge {}: {problem}", folder.display())]
    Merge {
        /// The folder; the first one for what concerns all.
        folder: PathBuf,
        /// What is wrong.
        problem: MergeProblem,
    },
    /// No folder at all.
    #[error("there is no folder to merge")]
    NothingToMerge,
    /// A cell that gives another result than the one that is kept under its key: the numeric contract is broken.
    #[error(
        "{cell} gave another result than the one kept in {}, though configuration, data and code are the same; the \
         file stays as it is", file.display()
    )]
    Conflict {
        /// The cell.
        cell: String,
        /// The file that was there before.
        file: PathBuf,
    },
    /// The interruption flag was raised. What was finished before stays in the cache.
    #[error("interrupted after {finished} of {planned} runs")]
    Interrupted {
        /// Cells that are finished.
        finished: usize,
        /// Cells of the plan.
        planned: usize,
    },
}

impl RunError {
    /// An [`RunError::Io`].
    pub(crate) fn io(action: &'static str, path: &Path, source: io::Error) -> Self {
        Self::Io {
            action,
            path: path.to_path_buf(),
            source,
        }
    }
}
