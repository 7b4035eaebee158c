//! What can go wrong while a report is written.

use std::path::PathBuf;

/// Why a report could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    /// A file could not be written; what stood there before is untouched.
    #[error("cannot write {}: {source}; check the folder's permissions and the space left", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The records contradict each other.
    #[error("cannot report on {what}: {problem}")]
    Records {
        /// Which record, such as "the forecast of bilstm-2, seed 51".
        what: String,
        /// What is wrong with it and what would be right.
        problem: String,
    },
    /// The drawing library refused.
    #[error("cannot draw the chart {chart:?}: {problem}")]
    Draw {
        /// The chart's title.
        chart: String,
        /// The library's message.
        problem: String,
    },
    /// A record could not be turned into JSON for the page.
    #[error("cannot embed the data in the page: {0}")]
    Embed(#[from] serde_json::Error),
}
