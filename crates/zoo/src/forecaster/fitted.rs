//! A trained network as a fitted forecaster.

use std::collections::BTreeMap;
use std::fmt;

use recurra_evaluation::{FittedForecaster, ForecastError, History};
use recurra_models::Network;
use recurra_training::Quantiles;

use super::covariates::CovariateScaling;
use super::error::NetworkError;
use super::prepared::{Prepared, Unprepared};
use super::quantile_head::{median, place, quantiles, uncross};
use super::settings::NetworkSettings;
use super::strategy::Strategy;
use super::transform::Transform;

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

    /// The quantiles that the network forecasts, if it forecasts any.
    #[must_use]
    pub fn quantiles(&self) -> Option<Quantiles> {
        quantiles(&self.settings)
    }

    /// The most steps ahead that the network reaches; nothing where it reaches any.
    #[must_use]
    pub fn most_steps(&self) -> Option<usize> {
        match self.settings.strategy {
            Strategy::Recursive => None,
            Strategy::Direct => Some(self.network.outputs() / self.settings.training.loss.outputs_per_step()),
        }
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

    /// The network's outputs for every history, in its own scale: `[steps, outputs of a step]`, quantiles in rising order. As
    /// many steps as are forecast at once, or for recursive forecasts `horizon` of them.
    fn outputs(&self, histories: &[History<'_>], horizon: usize) -> Result<Vec<Scaled>, ForecastError> {
        let NetworkSettings { window, .. } = self.settings;
        let outputs = self.network.outputs();
        // Steps of covariates that are read, steps that are forecast at once, and how often.
        let (ahead, steps, rounds) = match self.most_steps() {
            None => (horizon, 1, horizon),
            Some(steps) => (steps, steps, 1),
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
                columns.write(round, steps, input);
            }
            let mut forecasts = self
                .network
                .predict(&inputs, window)
                .map_err(|error| self.model_error(error.into()))?;
            if let Some(quantiles) = self.quantiles() {
                uncross(&mut forecasts, quantiles);
            }
            for ((_, series), forecast) in prepared.iter_mut().zip(forecasts.chunks_exact(outputs)) {
                series.values.extend(forecast);
            }
        }
        let scaled = |(transform, mut series): (Transform, Prepared)| Scaled {
            transform,
            outputs: series.values.split_off(window),
        };
        Ok(prepared.into_iter().map(scaled).collect())
    }

    /// Output `place` of the first `horizon` steps, in the unit of the data.
    fn invert(
        &self,
        history: &History<'_>,
        scaled: &Scaled,
        horizon: usize,
        place: usize,
    ) -> Result<Vec<f64>, ForecastError> {
        let unique_id = || history.unique_id().to_owned();
        let per_step = self.settings.training.loss.outputs_per_step();
        let steps = scaled.outputs.chunks_exact(per_step).take(horizon);
        let outputs: Vec<f32> = steps.map(|step| step[place]).collect();
        let values = scaled.transform.invert(history.values(), &outputs);
        let values = values.map_err(|source| {
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
    }

    /// Refuses a horizon that the network does not reach.
    fn check_reach(&self, horizon: usize) -> Result<(), ForecastError> {
        match (self.most_steps(), self.covariates.past.first()) {
            (Some(most), _) if horizon > most => Err(ForecastError::Horizon {
                model: self.name.clone(),
                most,
                asked: horizon,
            }),
            (None, Some(column)) if horizon > 1 => Err(self.model_error(NetworkError::PastCovariate {
                column: column.name.clone(),
            })),
            _ => Ok(()),
        }
    }
}

/// What a network said of one series.
struct Scaled {
    transform: Transform,
    outputs: Vec<f32>,
}

impl FittedForecaster for FittedNetwork {
    fn name(&self) -> &str {
        &self.name
    }

    fn forecast(&self, history: &History<'_>, horizon: usize) -> Result<Vec<f64>, ForecastError> {
        Ok(self.forecast_batch(&[*history], horizon)?.pop().unwrap_or_default())
    }

    fn forecast_batch(&self, histories: &[History<'_>], horizon: usize) -> Result<Vec<Vec<f64>>, ForecastError> {
        self.check_reach(horizon)?;
        let place = self.quantiles().map_or(0, median);
        let mut forecasts = Vec::with_capacity(histories.len());
        for histories in histories.chunks(AT_ONCE) {
            for (history, scaled) in histories.iter().zip(self.outputs(histories, horizon)?) {
                forecasts.push(self.invert(history, &scaled, horizon, place)?);
            }
        }
        Ok(forecasts)
    }

    fn quantile_probabilities(&self) -> Vec<f64> {
        self.quantiles()
            .map_or_else(Vec::new, |quantiles| quantiles.probabilities().to_vec())
    }

    fn forecast_quantiles(
        &self,
        histories: &[History<'_>],
        horizon: usize,
        probabilities: &[f64],
    ) -> Result<Vec<Vec<Vec<f64>>>, ForecastError> {
        let model = || self.name.clone();
        let head = self
            .quantiles()
            .ok_or_else(|| ForecastError::NoQuantiles { model: model() })?;
        self.check_reach(horizon)?;
        let places = probabilities.iter().map(|probability| {
            place(head, *probability).ok_or_else(|| ForecastError::Quantile {
                model: model(),
                asked: *probability,
                known: head.probabilities().to_vec(),
            })
        });
        let places = places.collect::<Result<Vec<usize>, _>>()?;
        let mut forecasts = Vec::with_capacity(histories.len());
        for histories in histories.chunks(AT_ONCE) {
            for (history, scaled) in histories.iter().zip(self.outputs(histories, horizon)?) {
                let quantiles = places
                    .iter()
                    .map(|place| self.invert(history, &scaled, horizon, *place));
                forecasts.push(quantiles.collect::<Result<Vec<_>, _>>()?);
            }
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
