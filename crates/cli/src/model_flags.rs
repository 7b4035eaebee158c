//! Which model, and how it is trained.

use recurra_evaluation::Forecaster;
use recurra_evaluation::metrics::Level;
use recurra_series::nearest_name;
use recurra_training::{Adam, OptimizerOptions, RmsProp, Sgd};
use recurra_zoo::forecaster::{Classical, EarlyStop, NetworkForecaster, NetworkSettings, Scaling, Strategy};
use recurra_zoo::{Entry, Registry};

use crate::failure::Failure;
use crate::loss_flag::LossFlag;

/// How models are trained; the same flags for `fit`, `backtest` and `lr-find`.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Training")]
pub(crate) struct TrainingFlags {
    /// Values that the model sees [default: the model's recipe]
    #[arg(long, value_name = "N")]
    pub(crate) window: Option<usize>,
    /// How networks reach more than one step: recursive or direct [default: recursive; with --loss quantile direct]
    #[arg(long, value_name = "HOW")]
    pub(crate) strategy: Option<Strategy>,
    /// How each series is scaled: standard, minmax, log or none
    #[arg(long, value_name = "HOW", default_value = "standard")]
    pub(crate) scale: Scaling,
    /// Take the difference over N steps first (1: change from step to step; a season: from season to season)
    #[arg(long, value_name = "N")]
    pub(crate) difference: Option<usize>,
    /// How many times all windows are trained on [default: the model's recipe]
    #[arg(long, value_name = "N")]
    pub(crate) epochs: Option<usize>,
    /// Stop when the loss on the last tenth of every series, which is held back from training, has not improved for N epochs, and take
    /// the weights of the best epoch [default: train to the last epoch]
    #[arg(long, value_name = "N")]
    pub(crate) patience: Option<usize>,
    /// Windows in a batch [default: the model's recipe]
    #[arg(long, value_name = "N")]
    pub(crate) batch_size: Option<usize>,
    /// The learning rate, or `auto` to find one first [default: the model's recipe]
    #[arg(long, value_name = "RATE|auto", value_parser = rate)]
    pub(crate) lr: Option<Rate>,
    /// The loss: mse, mae, huber, log-cosh, or quantile for intervals of the network's own (quantile:80,95 says which) [default:
    /// the model's recipe]
    #[arg(long, value_name = "LOSS")]
    pub(crate) loss: Option<LossFlag>,
    /// The optimizer: adam, adamw, sgd (momentum 0.9) or rmsprop [default: the model's recipe]
    #[arg(long, value_name = "NAME", value_parser = optimizer)]
    pub(crate) optimizer: Option<OptimizerOptions>,
    /// Decides initial weights and the order of the windows
    #[arg(long, value_name = "N", default_value_t = 51)]
    pub(crate) seed: u64,
}

/// A learning rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Rate {
    /// Found before training.
    Auto,
    /// Given.
    Given(f64),
}

fn rate(text: &str) -> Result<Rate, String> {
    if text == "auto" {
        return Ok(Rate::Auto);
    }
    let rate = text.parse().ok().filter(|rate: &f64| rate.is_finite() && *rate > 0.0);
    rate.map(Rate::Given)
        .ok_or_else(|| "give a number above 0, such as 1e-3, or auto".to_owned())
}

fn optimizer(text: &str) -> Result<OptimizerOptions, String> {
    match text {
        "adam" => Ok(OptimizerOptions::Adam(Adam::default())),
        "adamw" => Ok(OptimizerOptions::Adam(Adam {
            weight_decay: Some(0.004),
            ..Adam::default()
        })),
        "sgd" => Ok(OptimizerOptions::Sgd(Sgd {
            momentum: 0.9,
            ..Sgd::default()
        })),
        "rmsprop" => Ok(OptimizerOptions::RmsProp(RmsProp::default())),
        _ => Err("there are adam, adamw, sgd and rmsprop".to_owned()),
    }
}

/// An entry of the zoo, classical methods included.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Model<'a> {
    Network(&'a Entry),
    Classical(Classical),
}

impl<'a> Model<'a> {
    /// The model called `name`.
    pub(crate) fn find(name: &str, registry: &'a Registry) -> Result<Self, Failure> {
        if let Ok(method) = name.parse() {
            return Ok(Self::Classical(method));
        }
        registry.find(name).map(Self::Network).map_err(|_| {
            let networks = registry.entries().map(Entry::name);
            let names = Classical::ALL.map(Classical::name).into_iter().chain(networks);
            let nearest =
                nearest_name(name, names).map_or_else(String::new, |name| format!("; did you mean `{name}`?"));
            Failure::Input(format!(
                "no model is called `{name}`{nearest} (`recurra models` lists those there are)"
            ))
        })
    }

    pub(crate) fn name(&self) -> &'a str {
        match self {
            Self::Network(entry) => entry.name(),
            Self::Classical(method) => method.name(),
        }
    }
}

impl TrainingFlags {
    /// How networks reach more than one step.
    pub(crate) fn strategy(&self) -> Strategy {
        let usual = match &self.loss {
            Some(loss) if loss.is_quantiles() => Strategy::Direct,
            _ => Strategy::Recursive,
        };
        self.strategy.unwrap_or(usual)
    }

    /// How a network is trained: its recipe, with what was given instead. Quantiles are those of intervals at `levels`, unless
    /// the flag says which.
    pub(crate) fn settings(&self, entry: &Entry, levels: &[Level]) -> Result<NetworkSettings, Failure> {
        let mut settings = NetworkSettings::of(entry.recipe(), self.seed);
        settings.window = count("--window", self.window.unwrap_or(settings.window))?;
        settings.strategy = self.strategy();
        settings.scale = self.scale;
        settings.difference = self.difference.map_or(Ok(0), |lag| count("--difference", lag))?;
        let training = &mut settings.training;
        training.epochs = count("--epochs", self.epochs.unwrap_or(training.epochs))?;
        training.batch_size = count("--batch-size", self.batch_size.unwrap_or(training.batch_size))?;
        if let Some(patience) = self.patience {
            settings.early_stop = Some(EarlyStop::after(count("--patience", patience)?));
        }
        let training = &mut settings.training;
        if let Some(loss) = &self.loss {
            training.loss = loss.loss(levels)?;
        }
        training.optimizer = self.optimizer.unwrap_or(training.optimizer);
        if let Some(Rate::Given(rate)) = self.lr {
            training.optimizer = training.optimizer.with_learning_rate(rate);
        }
        Ok(settings)
    }

    /// Values that a classical method sees, where it looks at a window.
    pub(crate) fn classical_window(&self) -> Result<usize, Failure> {
        count("--window", self.window.unwrap_or(20))
    }

    /// The model as a forecaster; a network that forecasts quantiles, for intervals at `levels`.
    pub(crate) fn forecaster<'a>(
        &self,
        model: Model<'a>,
        season: usize,
        levels: &[Level],
    ) -> Result<Box<dyn Forecaster + 'a>, Failure> {
        Ok(match model {
            Model::Network(entry) => Box::new(NetworkForecaster::new(entry, self.settings(entry, levels)?)),
            Model::Classical(method) => method.forecaster(season, self.classical_window()?),
        })
    }
}

/// The most that a flag may count: far more than any series is worth, and little enough that no sum of two overflows.
const MOST: usize = 1_000_000;

/// A flag that counts something: from 1 to a million.
pub(crate) fn count(flag: &str, value: usize) -> Result<usize, Failure> {
    match value {
        0 => Err(Failure::Input(format!("{flag} is 0; it has to be at least 1"))),
        1..=MOST => Ok(value),
        _ => Err(Failure::Input(format!(
            "{flag} is {value}; it has to be at most {MOST}"
        ))),
    }
}

/// Levels of prediction intervals as they were given, each once.
pub(crate) fn distinct(levels: &[Level]) -> Vec<Level> {
    let mut found = Vec::with_capacity(levels.len());
    for level in levels {
        if !found.contains(level) {
            found.push(*level);
        }
    }
    found
}
