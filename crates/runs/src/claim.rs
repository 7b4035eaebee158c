//! What is claimed of experiments, as data: fixed in the matrix before anything runs.

use crate::problems::MatrixProblem;
use recurra_report::records::Source;
use serde::{Deserialize, Serialize};

/// A claim, with the test that it is put to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// A short name, such as `second-layer-helps`.
    pub id: String,
    /// Who says so.
    #[serde(default)]
    pub source: Source,
    /// The statement in words.
    pub claim: String,
    /// What is measured, once per seed.
    pub statistic: Statistic,
    /// The region's lower end; absent, there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<f64>,
    /// The region's upper end; absent, there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<f64>,
}

/// What a claim measures, once per seed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Statistic {
    /// A metric of one experiment.
    Metric {
        /// The experiment.
        experiment: String,
        /// Its metric.
        metric: ValidationMetric,
    },
    /// A metric of one experiment minus that of another, with the same seed.
    Difference {
        /// The experiment.
        experiment: String,
        /// The one that is taken off.
        minus: String,
        /// Their metric.
        metric: ValidationMetric,
    },
    /// The validation MAE of one experiment minus that of a classical method.
    AgainstBaseline {
        /// The experiment.
        experiment: String,
        /// The classical method.
        baseline: String,
    },
    /// The learning rate at which a learning-rate sweep has its lowest loss; in files, `sweep-optimum`.
    #[serde(rename = "sweep-optimum")]
    RateSweepOptimum {
        /// The learning-rate sweep.
        experiment: String,
    },
    /// How much rougher the training loss is after an epoch than before it: the mean size of its step from epoch to epoch in
    /// the `span` epochs from `epoch` on, over the same in the `span` epochs before.
    Roughening {
        /// The experiment.
        experiment: String,
        /// The first epoch that is to be rough, counted from 0.
        epoch: usize,
        /// Epochs on either side.
        span: usize,
    },
    /// How far forecasts stay below the crest of the validation part, beyond their general bias: the mean of forecast − actual
    /// over the `days` successive points with the highest mean, minus the mean over all points.
    CrestShortfall {
        /// The experiment.
        experiment: String,
        /// Successive points that make the crest.
        days: usize,
    },
}

/// A figure of one run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ValidationMetric {
    /// Mean absolute error on the validation part.
    ValMae,
    /// Mean of forecast − actual on the validation part.
    ValBias,
}

impl Claim {
    /// Refuses a claim about an experiment or a classical method that there is not, which would never be judged, and a
    /// region that no number or every number lies in.
    pub(crate) fn validate(&self, experiments: &[String], baselines: &[String]) -> Result<(), MatrixProblem> {
        let among = |kind, name: &str, known: &[String]| {
            if known.iter().any(|known| known == name) {
                return Ok(());
            }
            Err(MatrixProblem::ClaimAbout {
                claim: self.id.clone(),
                kind,
                name: name.to_string(),
                known: known.to_vec(),
            })
        };
        for name in self.statistic.experiments() {
            among("experiment", name, experiments)?;
        }
        if let Statistic::AgainstBaseline { baseline, .. } = &self.statistic {
            among("baseline", baseline, baselines)?;
        }
        let region = match (self.at_least, self.at_most) {
            (Some(least), Some(most)) => least <= most,
            (Some(end), None) | (None, Some(end)) => !end.is_nan(),
            (None, None) => false,
        };
        if region {
            return Ok(());
        }
        Err(MatrixProblem::ClaimRegion { claim: self.id.clone() })
    }
}

impl Statistic {
    /// The experiments that it needs.
    pub(crate) fn experiments(&self) -> Vec<&str> {
        match self {
            Self::Difference { experiment, minus, .. } => vec![experiment, minus],
            Self::Metric { experiment, .. }
            | Self::AgainstBaseline { experiment, .. }
            | Self::RateSweepOptimum { experiment }
            | Self::Roughening { experiment, .. }
            | Self::CrestShortfall { experiment, .. } => vec![experiment],
        }
    }
}
