//! A history as the numbers that a network reads.

use std::ops::Range;

use recurra_evaluation::{CovariateError, History};
use recurra_series::{WindowColumns, WindowError};

use super::covariates::{CovariateScaling, ScaleProblem, scale};
use super::error::NetworkError;
use super::transform::Transform;

/// A scaled series and its scaled covariates. The lag of a difference is cut off from all of them.
#[derive(Debug)]
pub(super) struct Prepared {
    pub(super) values: Vec<f32>,
    past: Vec<Vec<f32>>,
    future: Vec<Vec<f32>>,
}

/// Why a history cannot be read.
#[derive(Debug)]
pub(super) enum Unprepared {
    Covariate(CovariateError),
    Network(NetworkError),
}

impl Prepared {
    /// Scales a history; its known-future covariates go `horizon` steps past its end.
    pub(super) fn new(
        history: &History<'_>,
        transform: &Transform,
        covariates: &CovariateScaling,
        horizon: usize,
    ) -> Result<Self, Unprepared> {
        let unusable = |source| {
            let unique_id = history.unique_id().to_owned();
            Unprepared::Network(NetworkError::Series { unique_id, source })
        };
        let lag = transform.lag();
        let future = history.future_covariates(horizon).map_err(Unprepared::Covariate)?;
        Ok(Self {
            values: transform.apply(history.values()).map_err(unusable)?,
            past: scale(&covariates.past, history, history.past_covariates(), lag)?,
            future: scale(&covariates.future, history, future, lag)?,
        })
    }

    /// The columns that windows are cut from.
    pub(super) fn columns(&self) -> Result<WindowColumns<'_>, WindowError> {
        let columns = WindowColumns::new(&self.values);
        let columns = self
            .past
            .iter()
            .try_fold(columns, |columns, past| columns.with_past(past))?;
        self.future
            .iter()
            .try_fold(columns, |columns, future| columns.with_future(future))
    }

    /// A part of the columns. No window of it sees anything else: covariates end with it, too.
    pub(super) fn part(&self, range: Range<usize>) -> Result<WindowColumns<'_>, WindowError> {
        let columns = WindowColumns::new(&self.values[range.clone()]);
        let columns = self
            .past
            .iter()
            .try_fold(columns, |columns, past| columns.with_past(&past[range.clone()]))?;
        self.future
            .iter()
            .try_fold(columns, |columns, future| columns.with_future(&future[range.clone()]))
    }
}

impl From<ScaleProblem> for Unprepared {
    fn from(problem: ScaleProblem) -> Self {
        match problem {
            ScaleProblem::Missing(error) => Self::Covariate(error),
            ScaleProblem::Unusable(error) => Self::Network(error),
        }
    }
}
