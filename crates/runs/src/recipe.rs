//! How one network is trained, as data.

use recurra_series::Centre;
use recurra_training::{Loss, OptimizerOptions};
use recurra_zoo::forecaster::Scaling;
use serde::{Deserialize, Serialize};

/// The largest count that a recipe may give: beyond it a slip of the pen would ask for all memory or for years.
const MOST: usize = 1_000_000;

/// How one network is trained. Two experiments whose recipes differ in `epochs` alone are one training, observed twice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// A network's name in the zoo, such as `bilstm-2x32`.
    pub model: String,
    /// Steps of an input window.
    pub window: usize,
    /// Windows per batch; the last batch of an epoch may be smaller.
    pub batch: usize,
    /// Windows in the buffer from which the next one is drawn at random.
    pub shuffle_buffer: usize,
    /// Passes over the training windows.
    pub epochs: usize,
    /// What the network's last layer is multiplied by.
    pub output_scale: f32,
    /// The network sees, and forecasts, each value less the one so many steps before; absent, the values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub difference: Option<usize>,
    /// How values are scaled by what the training part shows; absent, they are not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<Scaling>,
    /// What is taken off every window; absent, nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub centre: Option<Centre>,
    /// Values of the season before, as covariates; absent, none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub season: Option<Season>,
    /// What training minimises, in scaled units if there is a scale.
    pub loss: Loss,
    /// How a gradient becomes a step; its learning rate is that of the first epoch.
    pub optimizer: OptimizerOptions,
    /// How the learning rate changes from epoch to epoch; absent, it does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<RecipeSchedule>,
    /// The forecast is made with an exponential moving average of the weights, of which every step keeps this much; absent,
    /// with the last weights.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub averaging: Option<f64>,
}

/// Values of the season before, as covariates: beside the value of time t stand those of t + 1 − period − neighbours …
/// t + 1 − period + neighbours, so that the last step of a window shows the neighbourhood of the value to be forecast,
/// one season earlier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Season {
    /// Steps of a season.
    pub period: usize,
    /// Values on either side of the same time in the season before.
    #[serde(default)]
    pub neighbours: usize,
}

/// How the learning rate changes from epoch to epoch, as a recipe says it: the first rate is that of its optimizer.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "kebab-case", deny_unknown_fields)]
#[non_exhaustive]
pub enum RecipeSchedule {
    /// The first epoch's rate times `10^(epoch / epochs_per_decade)`, with epochs counted from 0.
    Exponential {
        /// Epochs in which the rate grows tenfold.
        epochs_per_decade: f64,
    },
    /// From the first epoch's rate down to 0 in so many epochs, along half a cosine (Keras' `CosineDecay`).
    Cosine {
        /// Epochs until the rate is 0.
        epochs: usize,
    },
}

impl Recipe {
    /// The learning rate of `epoch`, counted from 0. Powers and cosines are `libm`'s, which have the same bits on every
    /// machine.
    #[must_use]
    pub fn learning_rate(&self, epoch: usize) -> f64 {
        let first = self.optimizer.learning_rate();
        match self.schedule {
            None => first,
            Some(RecipeSchedule::Exponential { epochs_per_decade }) => {
                first * libm::pow(10.0, epoch as f64 / epochs_per_decade)
            }
            Some(RecipeSchedule::Cosine { epochs }) => recurra_training::Schedule::Cosine {
                initial: first,
                epochs,
                alpha: 0.0,
            }
            .rate(epoch),
        }
    }

    /// A recipe of one epoch, for tests.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        Self {
            model: "rnn-2x40".into(),
            window: 20,
            batch: 128,
            shuffle_buffer: 1000,
            epochs: 1,
            output_scale: 100.0,
            difference: None,
            scale: None,
            centre: None,
            season: None,
            loss: Loss::Huber { delta: 1.0 },
            optimizer: OptimizerOptions::default(),
            schedule: None,
            averaging: None,
        }
    }

    /// What two observations of one training share: the recipe without its number of epochs. Averaged weights are known at the
    /// end alone, so such a training is observed there.
    pub(crate) fn endless(&self) -> Self {
        Self {
            epochs: if self.averaging.is_some() { self.epochs } else { 0 },
            ..self.clone()
        }
    }

    /// Values that stand before the first one that can be forecast: a window, and what it takes to make its first step.
    pub(crate) fn reach(&self) -> usize {
        let season = self
            .season
            .map_or(0, |season| season.period.saturating_add(season.neighbours));
        let lag = self.difference.unwrap_or(0);
        season.saturating_add(lag).saturating_add(self.window)
    }

    /// The field that no run can do, and what it ought to be.
    pub(crate) fn validate(&self) -> Result<(), (&'static str, &'static str)> {
        let season = self.season.unwrap_or(Season {
            period: 1,
            neighbours: 0,
        });
        let falling = match self.schedule {
            Some(RecipeSchedule::Cosine { epochs }) => epochs,
            _ => 1,
        };
        let counts = [
            ("recipe.window", self.window),
            ("recipe.batch", self.batch),
            ("recipe.shuffle_buffer", self.shuffle_buffer),
            ("recipe.epochs", self.epochs),
            ("recipe.difference", self.difference.unwrap_or(1)),
            ("recipe.season.period", season.period),
            ("recipe.schedule.epochs", falling),
        ];
        if let Some((field, _)) = counts.into_iter().find(|(_, count)| !(1..=MOST).contains(count)) {
            return Err((field, "between 1 and 1000000"));
        }
        if season.neighbours >= season.period {
            return Err((
                "recipe.season.neighbours",
                "less than the period: later values are not known yet",
            ));
        }
        if matches!(self.loss, Loss::Quantile { .. } | Loss::Quantiles { .. }) {
            return Err((
                "recipe.loss",
                "a loss of point forecasts: the errors of a run are those of points",
            ));
        }
        if !self.output_scale.is_finite() || self.output_scale == 0.0 {
            return Err(("recipe.output_scale", "a finite number other than zero"));
        }
        if self.scale == Some(Scaling::Log) {
            return Err((
                "recipe.scale",
                "standard, minmax or none: the errors of logarithms have not the unit of the series",
            ));
        }
        if self.averaging.is_some_and(|kept| !(0.0..=1.0).contains(&kept)) {
            return Err(("recipe.averaging", "between 0 and 1"));
        }
        match self.schedule {
            Some(RecipeSchedule::Exponential { epochs_per_decade })
                if !epochs_per_decade.is_finite() || epochs_per_decade == 0.0 =>
            {
                Err(("recipe.schedule.epochs_per_decade", "a finite number other than zero"))
            }
            _ => Ok(()),
        }
    }
}
