//! The value of a statistic, once per seed.

use super::per_seed::PerSeed;
use crate::{
    cell::Cell,
    claim::{Statistic, ValidationMetric},
    engine::Finished,
    outcome::Outcome,
    plan::Plan,
};
use recurra_report::records::Baseline;
use std::collections::BTreeMap;

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

impl Statistic {
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
                Some(ValidationMetric::ValMae.of(outcome)? - evidence.baselines.get(baseline)?.mae)
            }
            Self::RateSweepOptimum { .. } => optimum(outcome),
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

impl ValidationMetric {
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
        judge::per_seed::BEYOND,
        matrix::Matrix,
        outcome::{EpochSummary, Validation},
        split_series::SplitSeries,
    };

    fn outcome(mae: Option<f64>) -> Outcome {
        let record = |learning_rate, loss| EpochSummary {
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
        let plan = Plan::new(&experiments, &[51, 1], &SplitSeries::new(vec![1.0, 2.0], 1));
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
            metric: ValidationMetric::ValMae,
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
            metric: ValidationMetric::ValBias,
        };
        assert_eq!(values(&bias, maes), whole(&[-5.5, -9.0]));
        let optimum = Statistic::RateSweepOptimum {
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
