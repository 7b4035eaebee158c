//! A trained network as a fitted forecaster.

use std::collections::BTreeMap;
use std::fmt;

use recurra_evaluation::{FittedForecaster, ForecastError, History};
use recurra_models::Network;

use super::covariates::CovariateScaling;
use super::error::NetworkError;
use super::prepared::{Prepared, Unprepared};
use super::scale::Transform;
use super::settings::NetworkSettings;
use super::strategy::Strategy;

/// Histories whose windows are in memory at once.
const AT_ONCE: usize = 4096;

/// A trained network with the scaling of every series that it was trained on.
///
/// A series that was not in the training set is scaled by its own history: one model for many series forecasts new ones
/// too.
pub struct FittedNetwork {
    pub(super) name: String,
    pub(super) network: Box<dyn Network>,
    pub(super) settings: NetworkSettings,
    pub(super) transforms: BTreeMap<String, Transform>,
    pub(super) covariates: CovariateScaling,
}

impl FittedNetwork {
    /// A fitted network of its parts: what a model file holds.
    #[must_use]
    pub fn from_parts(
        name: String,
        network: Box<dyn Network>,
        settings: NetworkSettings,
        transforms: BTreeMap<String, Transform>,
        covariates: CovariateScaling,
    ) -> Self {
        Self {
            name,
            network,
            settings,
            transforms,
            covariates,
        }
    }

    /// The network.
    #[must_use]
    pub fn network(&self) -> &dyn Network {
        self.network.as_ref()
    }

    /// How it was trained and how it forecasts.
    #[must_use]
    pub fn settings(&self) -> &NetworkSettings {
        &self.settings
    }

    /// The scaling of every series of the training set, by `unique_id`.
    #[must_use]
    pub fn transforms(&self) -> &BTreeMap<String, Transform> {
        &self.transforms
    }

    /// The covariates that the network reads.
    #[must_use]
    pub fn covariates(&self) -> &CovariateScaling {
        &self.covariates
    }

    /// Values that a history needs to have.
    #[must_use]
    pub fn needed(&self) -> usize {
        self.settings.window + self.settings.difference
    }

    fn model_error(&self, source: NetworkError) -> ForecastError {
        ForecastError::Model {
            model: self.name.clone(),
            source: Box::new(source),
        }
    }

    fn prepare(&self, history: &History<'_>, ahead: usize) -> Result<(Transform, Prepared), ForecastError> {
        let unique_id = || history.unique_id().to_owned();
        if history.len() < self.needed() {
            return Err(ForecastError::TooShort {
                model: self.name.clone(),
                unique_id: unique_id(),
                needed: self.needed(),
                found: history.len(),
            });
        }
        if let Some(index) = history.values().iter().position(|value| !value.is_finite()) {
            let index = history.first_index() + index;
            return Err(ForecastError::NotFinite {
                model: self.name.clone(),
                unique_id: unique_id(),
                index,
            });
        }
        let transform = match self.transforms.get(history.unique_id()) {
            Some(transform) => *transform,
            None => {
                let NetworkSettings { scale, difference, .. } = self.settings;
                Transform::fit(scale, difference, history.values()).map_err(|source| {
                    self.model_error(NetworkError::Series {
                        unique_id: unique_id(),
                        source,
                    })
                })?
            }
        };
        let recent = history.last(self.needed());
        let prepared =
            Prepared::new(&recent, &transform, &self.covariates, ahead).map_err(|problem| match problem {
                Unprepared::Covariate(error) => error.into(),
                Unprepared::Network(error) => self.model_error(error),
            })?;
        Ok((transform, prepared))
    }

    fn forecast_some(&self, histories: &[History<'_>], horizon: usize) -> Result<Vec<Vec<f64>>, ForecastError> {
        let NetworkSettings { window, strategy, .. } = self.settings;
        let outputs = self.network.outputs();
        let (ahead, rounds) = match strategy {
            Strategy::Recursive => (horizon, horizon),
            Strategy::Direct => (outputs, 1),
        };
        let mut prepared = Vec::with_capacity(histories.len());
        for history in histories {
            prepared.push(self.prepare(history, ahead)?);
        }
        let width = window * self.network.columns();
        let mut inputs = vec![0.0; histories.len() * width];
        for round in 0..rounds {
            for ((_, series), input) in prepared.iter().zip(inputs.chunks_exact_mut(width)) {
                let columns = series.columns().map_err(|error| self.model_error(error.into()))?;
                columns.write(round, outputs, input);
            }
            let forecasts = self
                .network
                .predict(&inputs, window)
                .map_err(|error| self.model_error(error.into()))?;
            for ((_, series), forecast) in prepared.iter_mut().zip(forecasts.chunks_exact(outputs)) {
                series.values.extend(forecast);
            }
        }
        let invert = |(history, (transform, series)): (&History<'_>, &(Transform, Prepared))| {
            let unique_id = || history.unique_id().to_owned();
            let scaled = &series.values[window..window + horizon];
            let values = transform.invert(history.values(), scaled).map_err(|source| {
                self.model_error(NetworkError::Series {
                    unique_id: unique_id(),
                    source,
                })
            })?;
            if values.iter().all(|value| value.is_finite()) {
                Ok(values)
            } else {
                Err(self.model_error(NetworkError::NotFinite { unique_id: unique_id() }))
            }
        };
        histories.iter().zip(&prepared).map(invert).collect()
    }
}

impl FittedForecaster for FittedNetwork {
    fn name(&self) -> &str {
        &self.name
    }

    fn forecast(&self, history: &History<'_>, horizon: usize) -> Result<Vec<f64>, ForecastError> {
        Ok(self.forecast_batch(&[*history], horizon)?.pop().unwrap_or_default())
    }

    fn forecast_batch(&self, histories: &[History<'_>], horizon: usize) -> Result<Vec<Vec<f64>>, ForecastError> {
        if self.settings.strategy == Strategy::Direct && horizon > self.network.outputs() {
            let most = self.network.outputs();
            return Err(ForecastError::Horizon {
                model: self.name.clone(),
                most,
                asked: horizon,
            });
        }
        if let (Strategy::Recursive, true, Some(column)) =
            (self.settings.strategy, horizon > 1, self.covariates.past.first())
        {
            return Err(self.model_error(NetworkError::PastCovariate {
                column: column.name.clone(),
            }));
        }
        let mut forecasts = Vec::with_capacity(histories.len());
        for histories in histories.chunks(AT_ONCE) {
            forecasts.extend(self.forecast_some(histories, horizon)?);
        }
        Ok(forecasts)
    }
}

impl fmt::Debug for FittedNetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FittedNetwork")
            .field("name", &self.name)
            .field("settings", &self.settings)
            .field("series", &self.transforms.len())
            .finish_non_exhaustive()
    }
}
