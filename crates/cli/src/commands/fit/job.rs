//! One training of a fit, and what all of them share.

use recurra_evaluation::{FitError, FittedForecaster, History, Training};
use recurra_training::{Callback, Interruption, Progress, StopReason};
use recurra_zoo::forecaster::{FittedNetwork, NetworkForecaster};
use recurra_zoo::model_file::{LossCurve, SavedModel};

use super::Arguments;
use super::kept::{Part, go_on, kept};
use crate::dataset::Dataset;
use crate::failure::Failure;
use crate::interrupt;
use crate::model_flags::{Model, Rate, TrainingFlags};
use crate::progress::{Bar, trained};
use crate::rate_sweep::{Range, sweep_rates};
use crate::terminal::Terminal;
use crate::text::figure;

/// What a command needs to fit.
pub(super) struct Job<'a> {
    pub(super) model: Model<'a>,
    pub(super) training: &'a TrainingFlags,
    pub(super) dataset: &'a Dataset,
    pub(super) horizon: usize,
    /// What `--lr auto` found.
    pub(super) found_rate: std::cell::Cell<Option<f64>>,
    /// How the trainings went.
    pub(super) histories: std::cell::RefCell<Vec<(Part, recurra_training::History)>>,
    pub(super) arguments: &'a Arguments,
    pub(super) terminal: &'a Terminal,
}

/// A fitted model: a network, or a method that is kept as its name.
#[expect(clippy::large_enum_variant, reason = "there is one of them, not thousands")]
pub(super) enum Fitted {
    Network(FittedNetwork),
    Classical(Box<dyn FittedForecaster>),
}

impl Fitted {
    pub(super) fn forecaster(&self) -> &dyn FittedForecaster {
        match self {
            Self::Network(network) => network,
            Self::Classical(method) => method.as_ref(),
        }
    }
}

impl Job<'_> {
    /// Fits the model on histories. Ctrl-C ends the command.
    pub(super) fn fit(&self, histories: &[History<'_>], part: Part) -> Result<Fitted, Failure> {
        let what = part.name();
        let training = Training::new(histories, self.horizon);
        match self.model {
            Model::Classical(_) => {
                let forecaster = self.training.forecaster(self.model, self.dataset.season, &[])?;
                Ok(Fitted::Classical(forecaster.fit(&training).map_err(|error| {
                    cannot_fit(&self.dataset.file, &error, self.training)
                })?))
            }
            Model::Network(entry) => {
                let mut settings = self.training.settings(entry, &[])?;
                if self.training.lr == Some(Rate::Auto) {
                    let rate = match self.found_rate.get() {
                        Some(rate) => rate,
                        None => {
                            sweep_rates(entry, settings.clone(), histories, self.horizon, Range::default())?.suggested
                        }
                    };
                    // Found once: what is measured is what is fitted on all data.
                    if self.found_rate.replace(Some(rate)).is_none() {
                        self.terminal
                            .note(&format!("learning rate {}, as lr-find suggests", figure(rate)));
                    }
                    settings.training.optimizer = settings.training.optimizer.with_learning_rate(rate);
                }
                let forecaster = NetworkForecaster::new(entry, settings);
                let bar = Bar::new(self.terminal, what);
                let mut progress = Progress::new(|at| bar.show(at));
                let callbacks: &mut [&mut dyn Callback] =
                    &mut [&mut progress, &mut Interruption::new(interrupt::raised)];
                let fitted = forecaster.fit_with(&training, callbacks, kept(self.arguments, part).as_ref());
                let (fitted, history) =
                    fitted.map_err(|error| cannot_fit(&self.dataset.file, &error, self.training))?;
                match history.stop {
                    Some(stop) if stop.reason == StopReason::Interrupted => Err(Failure::Interrupted(format!(
                        "interrupted in epoch {} while {what}; {}",
                        stop.epoch + 1,
                        go_on(self.arguments)
                    ))),
                    _ => {
                        // One line a training, which stays in a log.
                        bar.finish();
                        self.terminal.note(&format!("{what}: {}", trained(&history)));
                        self.histories.borrow_mut().push((part, history));
                        Ok(Fitted::Network(fitted))
                    }
                }
            }
        }
    }

    /// The losses of all trainings, by name.
    pub(super) fn losses(&self) -> Vec<LossCurve> {
        let histories = self.histories.borrow();
        let curves = histories
            .iter()
            .flat_map(|(part, history)| crate::page::curves(part.curve(), history));
        curves.map(|(name, values)| LossCurve { name, values }).collect()
    }

    /// A classical method as a model file keeps it.
    pub(super) fn classical(&self) -> Result<SavedModel, Failure> {
        match self.model {
            Model::Classical(method) => Ok(SavedModel::Classical {
                method,
                window: self.training.classical_window()?,
            }),
            Model::Network(_) => Err(Failure::input("a network was fitted as a classical method")),
        }
    }
}

/// Why there is no fit, and what to do.
pub(super) fn cannot_fit(file: &str, error: &FitError, training: &TrainingFlags) -> Failure {
    let help = match error {
        FitError::TooShort { .. } if training.patience.is_some() => {
            "; give more data, make windows shorter (--window), hold less out (--validation), or leave --patience out, which \
             holds values back"
        }
        FitError::TooShort { .. } => {
            "; give more data, make windows shorter (--window), or hold less out (--validation)"
        }
        FitError::NotFinite { .. } => " (--fill)",
        _ => "",
    };
    Failure::Input(format!("{file}: {error}{help}"))
}
