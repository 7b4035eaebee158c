//! Networks as forecasters.

use std::collections::BTreeMap;

use recurra_evaluation::{FitError, FittedForecaster, Forecaster, Training};
use recurra_models::Network;
use recurra_series::{JoinedSamples, WindowColumns, WindowError, WindowOptions, Windows};
use recurra_training::{Callback, Checkpoints, FitData, History, Resume, TerminateOnNan, Trainer};

use super::covariates::CovariateScaling;
use super::early_stop::EarlyStop;
use super::error::NetworkError;
use super::fitted::FittedNetwork;
use super::prepared::{Prepared, Unprepared};
use super::quantile_head::{self, HeadProblem, Repeated};
use super::settings::NetworkSettings;
use super::strategy::Strategy;
use super::transform::Transform;
use crate::{BuildOptions, Entry, InitialWeights};

/// An entry of the zoo with its settings, as a [`Forecaster`]: it scales every series on its own, cuts them all into
/// windows and trains one network on them.
///
/// With [`Loss::Quantiles`](recurra_training::Loss::Quantiles) the network forecasts those quantiles of every step, and its
/// point forecast is the median. That needs [`Strategy::Direct`], and no difference over fewer steps than the horizon: quantiles
/// of changes do not add up. Quantiles that cross are sorted.
///
/// ```
/// use recurra_evaluation::{FittedForecaster, Forecaster, History, Training};
/// use recurra_zoo::{Registry, forecaster::{NetworkForecaster, NetworkSettings}};
///
/// let values: Vec<f64> = (0..120).map(|day| 100.0 + f64::from(day % 7)).collect();
/// let history = History::new(&values);
/// let zoo = Registry::builtin();
/// let entry = zoo.find("gru-1x8")?;
/// let mut settings = NetworkSettings::of(entry.recipe(), 51);
/// settings.training.epochs = 2;
/// let fitted = NetworkForecaster::new(entry, settings).fit(&Training::new(&[history], 14))?;
/// assert_eq!(fitted.forecast(&history, 14)?.len(), 14);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct NetworkForecaster<'a> {
    entry: &'a Entry,
    settings: NetworkSettings,
}

/// The windows of all series.
type JoinedWindows<'p> = JoinedSamples<Windows<'p>>;

/// Where a training is kept while it runs, and whether it is taken up from there.
#[derive(Clone, Debug)]
pub struct KeptTraining {
    /// The file, and when it is written.
    pub checkpoints: Checkpoints,
    /// Whether a training that the file holds goes on. Where there is no file, a new one begins.
    pub resume: Option<Resume>,
}

impl<'a> NetworkForecaster<'a> {
    /// A forecaster of the networks that `entry` makes.
    #[must_use]
    pub fn new(entry: &'a Entry, settings: NetworkSettings) -> Self {
        Self { entry, settings }
    }

    /// How the network will be trained.
    #[must_use]
    pub fn settings(&self) -> &NetworkSettings {
        &self.settings
    }

    /// Fits as [`Forecaster::fit`] does, with callbacks that follow the training, and gives its history too. A callback
    /// that stops the training ends it there, and the network stands as it was then: see [`History::stop`]. With `kept` the
    /// training can go on later, with the same bits as if it had never stopped.
    ///
    /// # Errors
    /// As [`Forecaster::fit`]; and if a callback fails.
    pub fn fit_with(
        &self,
        training: &Training<'_>,
        callbacks: &mut [&mut dyn Callback],
        kept: Option<&KeptTraining>,
    ) -> Result<(FittedNetwork, History), FitError> {
        self.check(training.horizon)?;
        let covariates = CovariateScaling::fit(self.entry.name(), training)?;
        let (transforms, prepared) = self.prepare(training, &covariates)?;
        let steps = self.steps(training.horizon);
        let (samples, held_back) = self.samples(&prepared, steps).map_err(|error| self.failed(error))?;
        let mut network = self.build(&covariates, steps)?;
        let mut terminate = TerminateOnNan;
        let mut all: Vec<&mut dyn Callback> = vec![&mut terminate];
        let mut early_stop = self.settings.early_stop.map(EarlyStop::callback);
        if let Some(early_stop) = &mut early_stop {
            all.push(early_stop);
        }
        for callback in callbacks {
            all.push(&mut **callback);
        }
        let (options, data) = (self.settings.training.clone(), FitData::new(&samples));
        let data = match &held_back {
            Some(held_back) => data.with_validation(held_back),
            None => data,
        };
        let trainer = match kept {
            Some(KeptTraining {
                checkpoints,
                resume: Some(resume),
            }) if checkpoints.path.exists() => {
                Trainer::resume(checkpoints.clone(), *resume, options, network.as_mut(), data, &mut all)
            }
            Some(KeptTraining { checkpoints, .. }) => {
                Trainer::new(options, network.as_ref()).map(|trainer| trainer.with_checkpoints(checkpoints.clone()))
            }
            None => Trainer::new(options, network.as_ref()),
        };
        let mut trainer = trainer.map_err(|error| self.failed(error.into()))?;
        trainer
            .fit(network.as_mut(), data, &mut all)
            .map_err(|error| self.failed(error.into()))?;
        let history = trainer.into_history();
        if let Some(epoch) = history.diverged() {
            return Err(self.failed(NetworkError::Diverged { epoch: epoch + 1 }));
        }
        self.check_weights(network.as_ref(), history.epochs.len())?;
        let name = self.entry.name().to_owned();
        let fitted = FittedNetwork::from_parts(name, network, self.settings.clone(), transforms, covariates);
        Ok((fitted, history))
    }

    /// Refuses a network whose weights are not finite after its last epoch: no loss has been measured of what the last step
    /// made of them.
    pub(super) fn check_weights(&self, network: &dyn Network, epoch: usize) -> Result<(), FitError> {
        let mut finite = true;
        network.visit_parameters(&mut |view| finite &= view.values.iter().all(|value| value.is_finite()));
        match finite {
            true => Ok(()),
            false => Err(self.failed(NetworkError::Diverged { epoch })),
        }
    }

    /// The zoo's entry.
    pub(super) fn entry(&self) -> &Entry {
        self.entry
    }

    /// A network with initial weights that forecasts `steps` at once.
    pub(super) fn build(&self, covariates: &CovariateScaling, steps: usize) -> Result<Box<dyn Network>, FitError> {
        let network = self.entry.build(&BuildOptions {
            columns: covariates.columns(),
            outputs: steps.saturating_mul(self.settings.training.loss.outputs_per_step()),
            output_scale: 1.0,
            seed: self.settings.training.seed,
            weights: InitialWeights::Drawn,
        });
        network.map_err(|error| self.failed(error.into()))
    }

    /// Steps that a network forecasts at once, for forecasts of `horizon` steps.
    pub(super) fn steps(&self, horizon: usize) -> usize {
        match self.settings.strategy {
            Strategy::Recursive => 1,
            Strategy::Direct => horizon,
        }
    }

    /// Refuses settings that fit no data.
    pub(super) fn check(&self, horizon: usize) -> Result<(), FitError> {
        quantile_head::check(&self.settings, horizon).map_err(|problem| self.refused(problem))?;
        for (parameter, value) in [("window", self.settings.window), ("horizon", horizon)] {
            if value == 0 {
                let (value, expected) = ("0".to_owned(), "at least 1".to_owned());
                return Err(FitError::Parameter {
                    model: self.entry.name().to_owned(),
                    parameter,
                    value,
                    expected,
                });
            }
        }
        if let Some((parameter, value, expected)) = self.settings.early_stop.and_then(EarlyStop::problem) {
            return Err(self.refused(HeadProblem {
                parameter,
                value,
                expected,
            }));
        }
        Ok(())
    }

    fn prepare(
        &self,
        training: &Training<'_>,
        covariates: &CovariateScaling,
    ) -> Result<(BTreeMap<String, Transform>, Vec<Prepared>), FitError> {
        let steps = self.steps(training.horizon);
        let mut transforms = BTreeMap::new();
        let mut prepared = Vec::with_capacity(training.series.len());
        for series in training.series {
            let (transform, one) = self.prepare_series(series, covariates, steps)?;
            prepared.push(one);
            transforms.insert(series.unique_id().to_owned(), transform);
        }
        Ok((transforms, prepared))
    }

    /// A series as the network sees it, and the scaling that was fitted on it.
    pub(super) fn prepare_series(
        &self,
        series: &recurra_evaluation::History<'_>,
        covariates: &CovariateScaling,
        steps: usize,
    ) -> Result<(Transform, Prepared), FitError> {
        let NetworkSettings {
            window,
            scale,
            difference,
            ..
        } = self.settings;
        // What is held back needs targets of its own.
        let targets = if self.settings.early_stop.is_some() {
            steps.saturating_mul(2)
        } else {
            steps
        };
        let needed = window.saturating_add(targets).saturating_add(difference);
        let (model, unique_id) = (self.entry.name().to_owned(), series.unique_id().to_owned());
        if series.len() < needed {
            return Err(FitError::TooShort {
                model,
                unique_id,
                needed,
                found: series.len(),
            });
        }
        if let Some(index) = series.values().iter().position(|value| !value.is_finite()) {
            return Err(FitError::NotFinite {
                model,
                unique_id,
                index: series.first_index() + index,
            });
        }
        let transform = Transform::fit(scale, difference, series.values())
            .map_err(|source| self.failed(NetworkError::Series { unique_id, source }))?;
        let prepared = Prepared::new(series, &transform, covariates, 0).map_err(|problem| match problem {
            Unprepared::Covariate(error) => error.into(),
            Unprepared::Network(error) => self.failed(error),
        })?;
        Ok((transform, prepared))
    }

    /// The windows to train on, and those that are held back from it to stop it early.
    pub(super) fn samples<'p>(
        &self,
        prepared: &'p [Prepared],
        steps: usize,
    ) -> Result<(Repeated<JoinedWindows<'p>>, Option<Repeated<JoinedWindows<'p>>>), NetworkError> {
        let NetworkSettings { window, early_stop, .. } = self.settings;
        let options = WindowOptions {
            size: window,
            shift: 1,
            horizon: steps,
        };
        let cut = |series: &Prepared| early_stop?.cut(series.values.len(), window, steps);
        let joined = |part: &dyn Fn(&'p Prepared) -> Result<WindowColumns<'p>, WindowError>| {
            let windows = prepared
                .iter()
                .map(|series| Ok(Windows::with_columns(part(series)?, options)?));
            let windows = JoinedSamples::new(windows.collect::<Result<_, NetworkError>>()?)?;
            Ok::<_, NetworkError>(Repeated::new(windows, self.settings.training.loss.outputs_per_step()))
        };
        let training = joined(&|series| match cut(series) {
            Some(cut) => series.part(0..cut),
            None => series.columns(),
        })?;
        let held_back = match early_stop {
            // Windows that begin before the cut, and whose targets all lie behind it.
            Some(_) => Some(joined(&|series| {
                let cut = cut(series).unwrap_or(series.values.len());
                series.part(cut.saturating_sub(window)..series.values.len())
            })?),
            None => None,
        };
        Ok((training, held_back))
    }

    pub(super) fn refused(&self, problem: HeadProblem) -> FitError {
        let HeadProblem {
            parameter,
            value,
            expected,
        } = problem;
        FitError::Parameter {
            model: self.entry.name().to_owned(),
            parameter,
            value,
            expected: expected.to_owned(),
        }
    }

    pub(super) fn failed(&self, source: NetworkError) -> FitError {
        FitError::Model {
            model: self.entry.name().to_owned(),
            source: Box::new(source),
        }
    }
}

impl Forecaster for NetworkForecaster<'_> {
    fn name(&self) -> &str {
        self.entry.name()
    }

    fn fit(&self, training: &Training<'_>) -> Result<Box<dyn FittedForecaster>, FitError> {
        let (fitted, _) = self.fit_with(training, &mut [], None)?;
        Ok(Box::new(fitted))
    }
}
