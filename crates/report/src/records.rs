//! The records a report is made of: `results.json`, schema 1.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// `results.json`: the same bytes on every machine (no times, no paths).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Results {
    /// The version of this layout: 1. Later work adds keys under the same version.
    pub schema: u32,
    /// One per experiment and seed, in the order of the matrix, then of the seeds.
    pub runs: Vec<Run>,
    /// The learning-rate sweeps, seed by seed, epoch by epoch; in the file, `sweep`.
    #[serde(rename = "sweep")]
    pub rate_sweep: Vec<RateSweepPoint>,
    /// Classical references on the same validation part, by zoo name.
    pub baselines: BTreeMap<String, Baseline>,
    /// What the tutorial and this project claim, put to the test over seeds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<JudgedClaim>,
    /// Whether the errors over seeds are distributed as Keras' are, one for every experiment that both have runs of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub distributions: Vec<Distribution>,
}

/// The validation MAEs of one experiment over our seeds against those over Keras'. Numbers have six significant digits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Distribution {
    /// The experiment's name in the matrix.
    pub experiment: String,
    /// Our errors.
    pub ours: Median,
    /// Keras' errors.
    pub keras: Median,
    /// Our median minus Keras'; `None` where all our runs diverged.
    pub difference: Option<f64>,
    /// Its bootstrap interval (95 %), lower and upper end.
    pub interval: Option<[f64; 2]>,
    /// The two-sample Kolmogorov–Smirnov test: whether the distributions differ anywhere.
    pub kolmogorov_smirnov: PValue,
    /// The Mann–Whitney test: whether one tends to be larger.
    pub mann_whitney: PValue,
}

/// The median of one sample of errors.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Median {
    /// Runs, those that diverged included.
    pub n: usize,
    /// Runs that diverged: they rank worst in the tests, and the median leaves them out.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub diverged: usize,
    /// The median; `None` where all diverged.
    pub median: Option<f64>,
    /// Its bootstrap interval (95 %), lower and upper end.
    pub interval: Option<[f64; 2]>,
}

/// What a two-sided test says.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PValue {
    /// How rare so large a difference is if there is none.
    pub p: f64,
    /// The same, adjusted by Holm's method for all tests of this list together.
    pub adjusted: f64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// Who an experiment or a claim comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// The tutorial that the matrix reproduces.
    #[default]
    Tutorial,
    /// This project.
    Ours,
}

/// A statement about the experiments with the verdict of its test over seeds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JudgedClaim {
    /// A short name, such as `second-layer-helps`.
    pub id: String,
    /// Who says so.
    pub source: Source,
    /// The statement in words.
    pub claim: String,
    /// What the runs say of it.
    pub verdict: Verdict,
    /// The effect's size in the unit that the claim names; `None` where it could not be computed.
    pub effect: Option<f64>,
    /// The interval about the effect, lower and upper end.
    pub interval: Option<[f64; 2]>,
    /// Seeds that the verdict rests on.
    pub n: usize,
}

/// What a test says of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The runs bear it out.
    Supported,
    /// The runs speak against it.
    NotSupported,
    /// Too few runs, or too close.
    Undecided,
}

impl std::fmt::Display for Verdict {
    /// In words, such as `not supported`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Supported => "supported",
            Self::NotSupported => "not supported",
            Self::Undecided => "undecided",
        })
    }
}

/// One trained network on the validation part. A value that diverged is `None` (`null`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// The experiment's name in the matrix.
    pub experiment: String,
    /// The seed that decided everything.
    pub seed: u64,
    /// Epochs trained.
    pub epochs: usize,
    /// Trainable parameters.
    pub parameters: usize,
    /// Mean absolute error on the validation part.
    pub val_mae: Option<f64>,
    /// Mean squared error on the validation part.
    pub val_mse: Option<f64>,
    /// Mean of forecast − actual on the validation part.
    pub val_bias: Option<f64>,
    /// Keras' running mean of the MAE over the last epoch.
    pub train_mae: Option<f64>,
    /// Keras' running mean of the loss over the last epoch.
    pub final_loss: Option<f64>,
    /// Where the loss stopped being finite, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub diverged: Option<Divergence>,
}

/// The epoch in which a loss stopped being finite.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Divergence {
    /// Counted from 0.
    pub epoch: usize,
}

/// One epoch of a learning-rate sweep.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RateSweepPoint {
    /// The learning-rate sweep's seed.
    pub seed: u64,
    /// Counted from 0.
    pub epoch: usize,
    /// The learning rate of this epoch.
    pub lr: f64,
    /// The running mean of the loss over this epoch; `None` once diverged.
    pub loss: Option<f64>,
}

/// A classical reference's errors on the validation part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Baseline {
    /// Mean absolute error.
    pub mae: f64,
    /// Mean squared error.
    pub mse: f64,
    /// Mean of forecast − actual.
    pub bias: f64,
}
