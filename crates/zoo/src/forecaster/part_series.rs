//! The series of a panel in parts as a network sees them.

use recurra_evaluation::{FitError, History};
use recurra_series::Series;

use super::covariate_moments::CovariateMoments;
use super::covariates::CovariateScaling;
use super::error::NetworkError;
use super::fit_parts::TrainingEnd;
use super::network_forecaster::NetworkForecaster;
use super::panel_parts::PanelParts;
use super::prepared::Prepared;

impl NetworkForecaster<'_> {
    /// The series of a part as the network sees them.
    pub(super) fn prepare_part(
        &self,
        parts: &dyn PanelParts,
        part: usize,
        training_end: TrainingEnd<'_>,
        covariates: &CovariateScaling,
        steps: usize,
    ) -> Result<Vec<Prepared>, FitError> {
        let panel = self.read_part(parts, part)?;
        let prepare = |series: &Series| {
            let history = self.training_part(series, training_end)?;
            Ok(self.prepare_series(&history, covariates, steps)?.1)
        };
        panel.series.iter().map(prepare).collect()
    }

    fn read_part(&self, parts: &dyn PanelParts, part: usize) -> Result<recurra_series::Panel, FitError> {
        parts
            .read(part)
            .map_err(|source| self.failed(NetworkError::Part { source }))
    }

    fn training_part<'s>(&self, series: &'s Series, training_end: TrainingEnd<'_>) -> Result<History<'s>, FitError> {
        let end = training_end(series).map_err(|source| self.failed(NetworkError::Part { source }))?;
        let history = History::from(series);
        let unique_id = || history.unique_id().to_owned();
        history.until(end).ok_or_else(|| FitError::TooShort {
            model: self.entry().name().to_owned(),
            unique_id: unique_id(),
            needed: end.max(1),
            found: series.len(),
        })
    }

    /// The scaling of the covariates, from one pass over all parts; without covariates nothing but the first is read.
    pub(super) fn covariates_of(
        &self,
        parts: &dyn PanelParts,
        training_end: TrainingEnd<'_>,
    ) -> Result<CovariateScaling, FitError> {
        let mut moments: Option<CovariateMoments> = None;
        for part in 0..parts.count() {
            let panel = self.read_part(parts, part)?;
            for series in &panel.series {
                let history = self.training_part(series, training_end)?;
                let moments = match &mut moments {
                    Some(moments) => moments,
                    empty => empty.insert(CovariateMoments::of(&history)?),
                };
                if moments.is_empty() {
                    return Ok(CovariateScaling::default());
                }
                moments.add(&history)?;
            }
        }
        moments
            .map(CovariateMoments::scaling)
            .ok_or_else(|| FitError::NoSeries {
                model: self.entry().name().to_owned(),
            })
    }
}
