//! All that a report of the reference matrix is made from, gathered by whoever ran it.

use crate::records::{Results, Source};
use serde::{Deserialize, Serialize};

/// What [`crate::write`] turns into charts, `REPORT.md` and `report.html`.
///
/// Only [`Provenance`] may differ from machine to machine; the rest is as reproducible as `results.json`, and so are
/// the charts, which read nothing else.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReportInput {
    /// The metrics, as they stand in `results.json`.
    pub results: Results,
    /// The experiments in the order of the matrix, the learning-rate sweep among them.
    pub experiments: Vec<Experiment>,
    /// Training curves: one per experiment and seed. Missing ones are left out of the charts.
    pub curves: Vec<Curve>,
    /// Forecasts over the validation part: the first seed of every experiment, and others if at hand.
    pub forecasts: Vec<ForecastTrace>,
    /// The series that everything was trained on.
    pub series: ReferenceSeries,
    /// Keras' errors for the same experiments, one row per experiment and seed.
    pub keras: Vec<KerasRow>,
    /// Where, with what and how long: text for the reader, never part of `results.json`.
    pub provenance: Provenance,
}

/// One experiment of the matrix, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Experiment {
    /// The name in the matrix, as in [`crate::records::Run::experiment`]; it names files, so `a-z`, `0-9` and `-`.
    pub id: String,
    /// A heading, such as "SimpleRNN, 500 epochs".
    pub title: String,
    /// What the tutorial says of the error, in a few words for a table's cell, such as "about 6.35".
    pub tutorial: String,
    /// The method in a sentence or two: network, loss, optimizer, learning rate, batch, epochs.
    pub description: String,
    /// Whether this is the learning-rate sweep: its losses stand in [`Results::rate_sweep`] and it has no runs.
    pub rate_sweep: bool,
    /// The tutorial shows the training curves of the last so many epochs once more, enlarged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zoom_last: Option<usize>,
    /// Whether the recipe is the tutorial's or one of this project's own.
    #[serde(default)]
    pub source: Source,
}

/// The training curve of one run: Keras' running means over each epoch. A value is `None` where it was not finite.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Curve {
    /// The experiment's name in the matrix.
    pub experiment: String,
    /// The run's seed.
    pub seed: u64,
    /// Training loss, epoch by epoch from 0.
    pub loss: Vec<Option<f64>>,
    /// Training MAE in units of the series, epoch by epoch from 0.
    pub mae: Vec<Option<f64>>,
}

/// One run's one-step-ahead forecasts, one per point of the validation part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ForecastTrace {
    /// The experiment's name in the matrix.
    pub experiment: String,
    /// The run's seed.
    pub seed: u64,
    /// Forecasts in units of the series, as many as the validation part has points.
    pub values: Vec<f64>,
}

/// The series with its split.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReferenceSeries {
    /// All values, day by day from t = 0.
    pub values: Vec<f64>,
    /// The first index of the validation part.
    pub split: usize,
    /// The MAE that the noise alone costs on the validation part: nothing honest goes below it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub noise_floor: Option<f64>,
}

/// Keras' result for one experiment and seed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KerasRow {
    /// The experiment's name in *our* matrix (`rnn-400`, not `rnn` with 400 epochs).
    pub experiment: String,
    /// Keras' seed; it has nothing in common with the same number here.
    pub seed: u64,
    /// Mean absolute error on the validation part.
    pub val_mae: f64,
    /// Mean of forecast − actual on the validation part.
    pub val_bias: f64,
}

/// Where, with what and how long.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Provenance {
    /// The command that repeats this report, such as `cargo xtask reproduce --seeds 10`.
    pub command: String,
    /// This project's version and, where known, its commit.
    pub version: String,
    /// The machine in a line: processor, cores, system.
    pub machine: String,
    /// Named times for the reader, in order: ("wall clock", "3 min 12 s").
    pub timings: Vec<(String, String)>,
    /// Where Keras' rows come from: versions, machine, script.
    pub keras: String,
}
