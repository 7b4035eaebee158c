//! What a leaderboard is made from.

use serde::{Deserialize, Serialize};

/// The scores of all models on all data sets: what is committed and compared bit for bit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Board {
    /// The version of this layout: 1.
    pub schema: u32,
    /// The data sets, in their order.
    pub sets: Vec<DataSet>,
    /// By data set, then model, then seed. The naive forecast is among the models of every data set.
    pub scores: Vec<Score>,
}

/// A data set, and how models were measured on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataSet {
    /// Its name.
    pub name: String,
    /// What it is, in one line.
    pub title: String,
    /// Its series.
    pub series: usize,
    /// Values of all series together.
    pub points: usize,
    /// Values that are forecast at every cutoff.
    pub horizon: usize,
    /// Cutoffs that are scored.
    pub folds: usize,
    /// Values between one cutoff and the next.
    pub step: usize,
    /// Steps of a season; 1 for none. MASE is scaled by the naive forecast of that lag.
    pub season: usize,
    /// Values that networks and the autoregression see.
    pub window: usize,
    /// The lag of the difference that networks are trained on; 0 for none.
    pub difference: usize,
}

/// One model with one seed on one data set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Score {
    /// The data set.
    pub set: String,
    /// The model.
    pub model: String,
    /// The seed; nothing for a classical method, which has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// Forecasts that were scored.
    pub count: usize,
    /// The mean absolute scaled error over all of them.
    pub mase: Option<f64>,
    /// The root mean squared scaled error over all of them.
    pub rmsse: Option<f64>,
    /// How often the intervals held; none where the data set is too short for any.
    pub coverage: Vec<Covered>,
    /// Why there is no value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undefined: Option<String>,
}

/// How often intervals of one level held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Covered {
    /// The level in percent.
    pub level: u8,
    /// Values that had an interval.
    pub scored: usize,
    /// Those of them inside it.
    pub covered: usize,
    /// Whether the level lies in the 95 % interval of that share.
    pub holds: Option<bool>,
}

/// How the models stand over all data sets.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranking {
    /// The models, the lowest mean rank first.
    pub models: Vec<Ranked>,
    /// Data sets that ranks were taken on.
    pub sets: usize,
    /// Whether the models differ at all.
    pub friedman: Friedman,
    /// The difference of mean ranks from which on two models differ (Nemenyi, 95 %).
    pub critical_difference: f64,
}

/// Friedman's test over the ranks of all models on all data sets.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Friedman {
    /// Friedman's χ².
    pub chi_squared: f64,
    /// How rare so large a χ² is if the models do not differ.
    pub p_value: f64,
    /// The same by Iman and Davenport's statistic, which is less conservative.
    pub iman_davenport_p_value: f64,
}

/// One model over all data sets.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranked {
    /// The model.
    pub model: String,
    /// Whether it is a network; otherwise it is a classical method.
    pub network: bool,
    /// The mean of its ranks.
    pub mean_rank: f64,
    /// For every data set, in their order, the median over seeds of its MASE; nothing where it has none.
    pub mase: Vec<Option<f64>>,
    /// How it stands beside the naive forecast; nothing for naive itself.
    pub beside_naive: Option<BesideNaive>,
    /// Models that it is better than: the interval of the differences lies below zero.
    pub better_than: usize,
}

/// A model beside the naive forecast, over the data sets on which both have a MASE.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BesideNaive {
    /// Data sets on which both have a MASE.
    pub sets: usize,
    /// Those of them on which the model's is lower.
    pub wins: usize,
    /// The median of the model's MASE − naive's.
    pub difference: f64,
    /// The lower end of the interval of that median.
    pub lower: f64,
    /// The upper end.
    pub upper: f64,
    /// What the interval says.
    pub verdict: Verdict,
}

/// What the interval of a difference to the naive forecast says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It lies below zero.
    Better,
    /// It lies above zero.
    Worse,
    /// Zero lies in it.
    NotShownToDiffer,
}

impl Board {
    /// The scores of a model on a data set.
    pub fn of<'a>(&'a self, set: &'a str, model: &'a str) -> impl Iterator<Item = &'a Score> {
        let wanted = move |score: &&Score| score.set == set && score.model == model;
        self.scores.iter().filter(wanted)
    }
}
