//! Whether our errors over seeds are distributed as Keras' are.

use super::statistic::{Evidence, Metric, PerSeed, Statistic};
use crate::{error::Error, keras::keras_rows, matrix::Kind};
use recurra_evaluation::statistics::{Bootstrap, holm_adjusted, kolmogorov_smirnov, mann_whitney, median, six_digits};
use recurra_report::{
    input::{KerasRow, Source},
    records::{Claim, Verdict},
};

/// A Holm-adjusted p-value below this speaks against the claim.
const LEVEL: f64 = 0.01;
/// With fewer seeds of ours the tests see too little to be worth a verdict.
const FEWEST: usize = 10;

/// One claim per experiment of the plan that Keras' rows know: the two-sample Kolmogorov–Smirnov and Mann–Whitney tests of
/// our validation MAEs against Keras', their p-values adjusted together by Holm's method. The effect is our median minus
/// Keras', with its bootstrap interval. A run of ours that diverged ranks worst in both tests; the effect leaves it out.
pub(super) fn judge(evidence: &Evidence<'_>) -> Result<Vec<Claim>, Error> {
    judge_against(evidence, &keras_rows()?)
}

fn judge_against(evidence: &Evidence<'_>, keras: &[KerasRow]) -> Result<Vec<Claim>, Error> {
    let mut samples: Vec<Sample> = Vec::new();
    for cell in evidence.plan.cells.iter().filter(|cell| cell.kind == Kind::Forecast) {
        if samples.iter().all(|sample| sample.experiment != cell.experiment) {
            samples.extend(Sample::of(evidence, keras, &cell.experiment));
        }
    }
    let p_values: Vec<f64> = samples
        .iter()
        .flat_map(|sample| [sample.distance, sample.ranks])
        .collect();
    let wrong = |error: &dyn std::fmt::Display| Error::Statistic {
        message: error.to_string(),
    };
    let adjusted = holm_adjusted(&p_values).map_err(|error| wrong(&error))?;
    Ok(samples
        .iter()
        .zip(adjusted.chunks_exact(2))
        .map(|(sample, adjusted)| sample.claim(adjusted))
        .collect())
}

/// Both samples of one experiment, and the p-values of its two tests.
struct Sample {
    experiment: String,
    ours: PerSeed,
    keras: Vec<f64>,
    distance: f64,
    ranks: f64,
}

impl Sample {
    /// `None` where either side has no run.
    fn of(evidence: &Evidence<'_>, keras: &[KerasRow], experiment: &str) -> Option<Self> {
        let metric = Statistic::Metric {
            experiment: experiment.to_string(),
            metric: Metric::ValMae,
        };
        let ours = metric.per_seed(evidence);
        let keras: Vec<f64> = keras
            .iter()
            .filter(|row| row.experiment == experiment)
            .map(|row| row.val_mae)
            .collect();
        let ranked = ours.diverged_highest();
        let distance = kolmogorov_smirnov(&ranked, &keras).ok()?.p_value;
        let ranks = mann_whitney(&ranked, &keras).ok()?.p_value;
        Some(Self {
            experiment: experiment.to_string(),
            ours,
            keras,
            distance,
            ranks,
        })
    }

    fn claim(&self, adjusted: &[f64]) -> Claim {
        let difference = |left: &[f64], right: &[f64]| match (median(left), median(right)) {
            (Ok(left), Ok(right)) => left - right,
            _ => f64::NAN,
        };
        let estimate = Bootstrap::default()
            .percentile_of_two(&self.ours.values, &self.keras, difference)
            .ok();
        let interval = estimate
            .map(|estimate| estimate.interval)
            .filter(|_| self.ours.values.len() > 1);
        let verdict = match adjusted.iter().all(|p| *p >= LEVEL) {
            _ if self.ours.count() < FEWEST => Verdict::Undecided,
            true => Verdict::Supported,
            false => Verdict::NotSupported,
        };
        Claim {
            id: format!("{}-as-keras", self.experiment),
            source: Source::Ours,
            claim: format!(
                "{}: the errors over seeds are distributed as Keras' over its {} (adjusted p: Kolmogorov–Smirnov {}, \
                 Mann–Whitney {}){}",
                self.experiment,
                self.keras.len(),
                brief(adjusted[0]),
                brief(adjusted[1]),
                self.ours.note()
            ),
            verdict,
            effect: estimate.map(|estimate| six_digits(estimate.value)),
            interval: interval.map(|interval| [six_digits(interval.lower), six_digits(interval.upper)]),
            n: self.ours.count(),
        }
    }
}

/// Two significant digits: enough to read, and far from what differs between platforms.
fn brief(p: f64) -> String {
    if p < 0.001 {
        format!("{p:.1e}")
    } else {
        format!("{p:.2}")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::{
        Plan,
        data::Dataset,
        engine::Finished,
        matrix::Matrix,
        outcome::{Outcome, Validation},
    };

    /// The verdicts of twelve runs each of rnn-500 and bilstm-2, whose errors are Keras' own, moved by `shift`; the
    /// first `diverged` of each have none.
    fn judged(shift: f64, diverged: usize) -> Vec<Claim> {
        let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../xtask/matrix.toml")).unwrap();
        let matrix = Matrix::parse(&text).unwrap();
        let experiments = matrix.select(&["rnn-500".into(), "bilstm-2".into()]).unwrap();
        let plan = Plan::new(
            &experiments,
            &crate::default_seeds(12),
            &Dataset::new(vec![1.0, 2.0], 1),
        );
        let rows = keras_rows().unwrap();
        let errors = |experiment: &str| {
            let own = rows.iter().filter(|row| row.experiment == experiment).take(12);
            own.map(|row| row.val_mae + shift).collect::<Vec<f64>>()
        };
        let finished: Vec<Finished> = ["rnn-500", "bilstm-2"]
            .into_iter()
            .flat_map(|experiment| errors(experiment).into_iter().enumerate())
            .map(|(index, mae)| {
                let validation = (index >= diverged).then(|| Validation {
                    forecast: vec![],
                    mae,
                    mse: 0.0,
                    bias: 0.0,
                });
                let outcome = Outcome {
                    parameters: 1,
                    history: vec![],
                    diverged: (index < diverged).then_some(0),
                    validation,
                };
                Finished { outcome, seconds: None }
            })
            .collect();
        let evidence = Evidence {
            plan: &plan,
            finished: &finished,
            baselines: &Default::default(),
            actual: &[],
        };
        judge(&evidence).unwrap()
    }

    #[test]
    fn equal_distributions_are_supported_and_shifted_ones_are_not() {
        let same = judged(0.0, 0);
        assert_eq!(
            same.iter().map(|claim| claim.id.as_str()).collect::<Vec<_>>(),
            ["rnn-500-as-keras", "bilstm-2-as-keras"]
        );
        assert!(
            same.iter()
                .all(|claim| claim.verdict == Verdict::Supported && claim.n == 12),
            "{same:?}"
        );
        let shifted = judged(2.0, 0);
        assert!(
            shifted.iter().all(|claim| claim.verdict == Verdict::NotSupported),
            "{shifted:?}"
        );
        assert!(
            shifted
                .iter()
                .all(|claim| claim.effect.is_some_and(|effect| (1.0..3.0).contains(&effect)))
        );
    }

    #[test]
    fn diverged_runs_rank_worst_and_are_told() {
        let most = judged(0.0, 9);
        assert!(
            most.iter()
                .all(|claim| claim.verdict == Verdict::NotSupported && claim.n == 12),
            "{most:?}"
        );
        assert!(
            most.iter()
                .all(|claim| claim.claim.contains("; 9 of 12 seeds diverged") && claim.effect.is_some())
        );
        let all = judged(0.0, 12);
        assert!(
            all.iter()
                .all(|claim| claim.verdict == Verdict::NotSupported && claim.effect.is_none()),
            "{all:?}"
        );
    }
}
