//! What a claim measures, once per seed.

use crate::{
    engine::Finished,
    outcome::Outcome,
    plan::{Cell, Plan},
};
use recurra_report::records::Baseline;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

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
        metric: Metric,
    },
    /// A metric of one experiment minus that of another, with the same seed.
    Difference {
        /// The experiment.
        experiment: String,
        /// The one that is taken off.
        minus: String,
        /// Their metric.
        metric: Metric,
    },
    /// The validation MAE of one experiment minus that of a classical method.
    AgainstBaseline {
        /// The experiment.
        experiment: String,
        /// The classical method.
        baseline: String,
    },
    /// The learning rate at which a sweep has its lowest loss.
    SweepOptimum {
        /// The sweep.
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
pub enum Metric {
    /// Mean absolute error on the validation part.
    ValMae,
    /// Mean of forecast − actual on the validation part.
    ValBias,
}

/// What statistics are computed from.
pub(super) struct Evidence<'a> {
    pub(super) plan: &'a Plan,
    pub(super) finished: &'a [Finished],
    pub(super) baselines: &'a BTreeMap<String, Baseline>,
    /// The validation part.
    pub(super) actual: &'a [f32],
}

impl Evidence<'_> {
    /// The cells of one experiment with what they yielded.
    fn of(&self, experiment: &str) -> impl Iterator<Item = (&Cell, &Outcome)> {
        let cells = self.plan.cells.iter().zip(self.finished);
        cells
            .filter(move |(cell, _)| cell.experiment == experiment)
            .map(|(cell, done)| (cell, &done.outcome))
    }
}

/// What a statistic gives over the seeds of the plan.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct PerSeed {
    /// Of the seeds that have a value, in the order of the plan.
    pub(super) values: Vec<f64>,
    /// Seeds that have none because a run diverged.
    pub(super) diverged: usize,
}

/// Stands for a value beyond all others. Finite, and so small that two of them add up: medians and ranks stay defined.
const BEYOND: f64 = 1e300;

impl PerSeed {
    /// The values, and `BEYOND` for every seed that diverged: it ranks worst where small is good.
    pub(super) fn diverged_highest(&self) -> Vec<f64> {
        self.with(BEYOND)
    }

    /// The values, and `-BEYOND` for every seed that diverged.
    pub(super) fn diverged_lowest(&self) -> Vec<f64> {
        self.with(-BEYOND)
    }

    fn with(&self, value: f64) -> Vec<f64> {
        let diverged = std::iter::repeat_n(value, self.diverged);
        self.values.iter().copied().chain(diverged).collect()
    }

    /// Seeds that count.
    pub(super) fn count(&self) -> usize {
        self.values.len() + self.diverged
    }

    /// What a claim's text adds about seeds that diverged; empty if none did.
    pub(super) fn note(&self) -> String {
        diverged_note(self.diverged, self.count())
    }
}

/// What a claim's text adds where `diverged` of `count` seeds diverged; empty if none did.
pub(super) fn diverged_note(diverged: usize, count: usize) -> String {
    if diverged == 0 {
        return String::new();
    }
    format!("; {diverged} of {count} seeds diverged, the effect is that of the others")
}

impl Statistic {
    /// The experiments that it needs.
    pub(super) fn experiments(&self) -> Vec<&str> {
        match self {
            Self::Difference { experiment, minus, .. } => vec![experiment, minus],
            Self::Metric { experiment, .. }
            | Self::AgainstBaseline { experiment, .. }
            | Self::SweepOptimum { experiment }
            | Self::Roughening { experiment, .. }
            | Self::CrestShortfall { experiment, .. } => vec![experiment],
        }
    }

    /// Its value for every seed of the plan.
    pub(super) fn per_seed(&self, evidence: &Evidence<'_>) -> PerSeed {
        let mut found = PerSeed::default();
        let [experiment, ..] = self.experiments()[..] else {
            return found;
        };
        for (cell, outcome) in evidence.of(experiment) {
            let other = match self {
                Self::Difference { minus, .. } => evidence.of(minus).find(|(other, _)| other.seed == cell.seed),
                _ => None,
            };
            let other = other.map(|(_, outcome)| outcome);
            match self.value(evidence, outcome, other) {
                Some(value) => found.values.push(value),
                None if [Some(outcome), other]
                    .iter()
                    .flatten()
                    .any(|run| run.diverged.is_some()) =>
                {
                    found.diverged += 1;
                }
                None => {}
            }
        }
        found
    }

    /// The value of one run, with the run of the same seed that is taken off if there is one.
    fn value(&self, evidence: &Evidence<'_>, outcome: &Outcome, other: Option<&Outcome>) -> Option<f64> {
        match self {
            Self::Metric { metric, .. } => metric.of(outcome),
            Self::Difference { metric, .. } => Some(metric.of(outcome)? - metric.of(other?)?),
            Self::AgainstBaseline { baseline, .. } => {
                Some(Metric::ValMae.of(outcome)? - evidence.baselines.get(baseline)?.mae)
            }
            Self::SweepOptimum { .. } => optimum(outcome),
            Self::Roughening { epoch, span, .. } => {
                let losses: Vec<f64> = outcome.history.iter().map(|record| record.loss).collect();
                roughening(&losses, *epoch, *span)
            }
            Self::CrestShortfall { days, .. } => {
                crest_shortfall(&outcome.validation.as_ref()?.forecast, evidence.actual, *days)
            }
        }
    }
}

impl Metric {
    fn of(self, outcome: &Outcome) -> Option<f64> {
        let validation = outcome.validation.as_ref()?;
        Some(match self {
            Self::ValMae => validation.mae,
            Self::ValBias => validation.bias,
        })
    }
}

/// The learning rate of the epoch with the lowest loss.
fn optimum(outcome: &Outcome) -> Option<f64> {
    let best = outcome
        .history
        .iter()
        .min_by(|one, other| one.loss.total_cmp(&other.loss));
    best.map(|record| record.learning_rate)
}

fn roughening(losses: &[f64], epoch: usize, span: usize) -> Option<f64> {
    let before = losses.get(epoch.checked_sub(span)?..epoch)?;
    let after = losses.get(epoch..epoch.checked_add(span)?)?;
    Some(mean_step(after)? / mean_step(before)?)
}

/// The mean size of the step from one value to the next; `None` if there is no step.
fn mean_step(values: &[f64]) -> Option<f64> {
    let mean = mean(values.windows(2).map(|pair| (pair[1] - pair[0]).abs()))?;
    (mean > 0.0).then_some(mean)
}

fn crest_shortfall(forecast: &[f32], actual: &[f32], days: usize) -> Option<f64> {
    if forecast.len() != actual.len() || days == 0 || days > actual.len() {
        return None;
    }
    let height = |start: usize| {
        actual[start..start + days]
            .iter()
            .map(|value| f64::from(*value))
            .sum::<f64>()
    };
    let starts = 0..=actual.len() - days;
    let crest = starts.max_by(|one, other| height(*one).total_cmp(&height(*other)))?;
    let error = |index: usize| f64::from(forecast[index]) - f64::from(actual[index]);
    Some(mean((crest..crest + days).map(error))? - mean((0..actual.len()).map(error))?)
}

fn mean(values: impl ExactSizeIterator<Item = f64>) -> Option<f64> {
    let count = values.len();
    (count > 0).then(|| values.sum::<f64>() / count as f64)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::{
        data::Dataset,
        matrix::Matrix,
        outcome::{EpochRecord, Validation},
    };

    fn outcome(mae: Option<f64>) -> Outcome {
        let record = |learning_rate, loss| EpochRecord {
            learning_rate,
            loss,
            mae: 1.0,
        };
        Outcome {
            parameters: 1,
            history: vec![record(1e-7, 30.0), record(1e-6, 6.5), record(1e-5, 7.0)],
            diverged: mae.is_none().then_some(3),
            validation: mae.map(|mae| Validation {
                forecast: vec![],
                mae,
                mse: 0.0,
                bias: -mae,
            }),
        }
    }

    /// rnn-500 and bilstm-1 with two seeds each.
    fn values(statistic: &Statistic, maes: [Option<f64>; 4]) -> PerSeed {
        let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../xtask/matrix.toml")).unwrap();
        let matrix = Matrix::parse(&text).unwrap();
        let experiments = matrix.select(&["rnn-500".into(), "bilstm-1".into()]).unwrap();
        let plan = Plan::new(&experiments, &[51, 1], &Dataset::new(vec![1.0, 2.0], 1));
        let finished: Vec<Finished> = maes
            .into_iter()
            .map(|mae| Finished {
                outcome: outcome(mae),
                seconds: None,
            })
            .collect();
        let baselines = [(
            "naive".to_string(),
            Baseline {
                mae: 5.0,
                mse: 1.0,
                bias: 0.0,
            },
        )]
        .into();
        let evidence = Evidence {
            plan: &plan,
            finished: &finished,
            baselines: &baselines,
            actual: &[],
        };
        statistic.per_seed(&evidence)
    }

    #[test]
    fn seeds_are_paired_and_diverged_ones_counted() {
        let maes = [Some(6.0), Some(7.0), Some(5.5), Some(9.0)];
        let difference = Statistic::Difference {
            experiment: "bilstm-1".into(),
            minus: "rnn-500".into(),
            metric: Metric::ValMae,
        };
        let whole = |values: &[f64]| PerSeed {
            values: values.to_vec(),
            diverged: 0,
        };
        assert_eq!(values(&difference, maes), whole(&[-0.5, 2.0]));
        let one = PerSeed {
            values: vec![2.0],
            diverged: 1,
        };
        assert_eq!(values(&difference, [None, Some(7.0), Some(5.5), Some(9.0)]), one);
        assert_eq!(values(&difference, [Some(6.0), Some(7.0), None, Some(9.0)]), one);
        assert_eq!(one.diverged_highest(), [2.0, BEYOND]);
        assert_eq!(one.diverged_lowest(), [2.0, -BEYOND]);
        assert_eq!(one.note(), "; 1 of 2 seeds diverged, the effect is that of the others");
        let naive = Statistic::AgainstBaseline {
            experiment: "rnn-500".into(),
            baseline: "naive".into(),
        };
        assert_eq!(values(&naive, maes), whole(&[1.0, 2.0]));
        let unknown = Statistic::AgainstBaseline {
            experiment: "rnn-500".into(),
            baseline: "oracle".into(),
        };
        assert_eq!(values(&unknown, maes), whole(&[]));
        let bias = Statistic::Metric {
            experiment: "bilstm-1".into(),
            metric: Metric::ValBias,
        };
        assert_eq!(values(&bias, maes), whole(&[-5.5, -9.0]));
        let optimum = Statistic::SweepOptimum {
            experiment: "rnn-500".into(),
        };
        assert_eq!(values(&optimum, maes), whole(&[1e-6, 1e-6]));
    }

    #[test]
    fn roughness_is_measured_on_both_sides() {
        let losses = [5.0, 5.1, 5.0, 5.1, 6.0, 5.5, 6.0, 5.5];
        let ratio = roughening(&losses, 4, 4).unwrap();
        assert!((ratio - 5.0).abs() < 1e-12, "{ratio}");
        assert_eq!(roughening(&losses, 5, 4), None);
        assert_eq!(roughening(&[1.0; 8], 4, 4), None);
    }

    #[test]
    fn the_crest_is_found_and_the_general_bias_taken_off() {
        // The crest is 9, 10; there the forecast is 4 low, elsewhere 1 low: 4 of 2 and 1 of 3 make a bias of −2.2.
        let actual = [1.0, 2.0, 9.0, 10.0, 3.0];
        let forecast = [0.0, 1.0, 5.0, 6.0, 2.0];
        assert!((crest_shortfall(&forecast, &actual, 2).unwrap() + 1.8).abs() < 1e-12);
        assert_eq!(crest_shortfall(&forecast, &actual, 6), None);
        assert_eq!(crest_shortfall(&forecast[1..], &actual, 2), None);
    }
}
