//! What can go wrong with a network as a forecaster, besides what every model may report.

use recurra_models::ModelError;
use recurra_series::{JoinError, ScaleError, WindowError};
use recurra_training::TrainingError;

use super::transform::TransformError;

/// What can go wrong with a network as a forecaster, besides what every model may report.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NetworkError {
    /// A series cannot be scaled.
    #[error("{}: {source}", series(unique_id))]
    Series {
        /// The series.
        unique_id: String,
        /// Why.
        source: TransformError,
    },
    /// A covariate cannot be scaled.
    #[error("covariate `{column}`: {source}")]
    Covariate {
        /// The column.
        column: String,
        /// Why.
        source: ScaleError,
    },
    /// No windows can be cut.
    #[error(transparent)]
    Window(#[from] WindowError),
    /// The windows of several series do not fit together.
    #[error(transparent)]
    Join(#[from] JoinError),
    /// The network refused.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The training failed.
    #[error(transparent)]
    Training(#[from] TrainingError),
    /// A part of a panel cannot be read.
    #[error("{source}")]
    Part {
        /// Why.
        source: super::panel_parts::PartError,
    },
    /// The loss or a weight grew beyond all numbers.
    #[error(
        "the training diverged in epoch {epoch} (the loss or a weight was no finite number any more); choose a lower learning rate, \
         or scale the data"
    )]
    Diverged {
        /// The epoch, from 1.
        epoch: usize,
    },
    /// The network's answer is no number.
    #[error(
        "the network's forecast for {} is no finite number; fit it again with a lower learning rate",
        series(unique_id)
    )]
    NotFinite {
        /// The series.
        unique_id: String,
    },
    /// A recursive forecast needs past covariates that nobody knows yet.
    #[error(
        "covariate `{column}` is known up to the last time only, so forecasts of more than 1 step have to be direct: fit \
         with the direct strategy, or use it as a known-future covariate"
    )]
    PastCovariate {
        /// The first of them.
        column: String,
    },
}

/// A series in a message: by its name, or as the only one, which has none.
fn series(unique_id: &str) -> String {
    if unique_id.is_empty() {
        "the series".to_owned()
    } else {
        format!("series `{unique_id}`")
    }
}
