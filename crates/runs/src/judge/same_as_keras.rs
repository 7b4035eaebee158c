//! Whether our errors over seeds are distributed as Keras' are, as claims.

use super::per_seed::diverged_note;
use recurra_report::records::{Distribution, JudgedClaim, Source, Verdict};

/// A Holm-adjusted p-value below this speaks against the claim.
const LEVEL: f64 = 0.01;
/// With fewer seeds of ours the tests see too little to be worth a verdict.
const FEWEST: usize = 10;

/// One claim per distribution: no adjusted p-value of its tests is small. The effect is our median minus Keras', with its
/// bootstrap interval.
pub(super) fn judge(distributions: &[Distribution]) -> Vec<JudgedClaim> {
    distributions.iter().map(claim).collect()
}

fn claim(distribution: &Distribution) -> JudgedClaim {
    let Distribution {
        experiment,
        ours,
        keras,
        difference,
        interval,
        kolmogorov_smirnov,
        mann_whitney,
    } = distribution;
    let verdict = match kolmogorov_smirnov.adjusted.min(mann_whitney.adjusted) {
        _ if ours.n < FEWEST => Verdict::Undecided,
        smallest if smallest >= LEVEL => Verdict::Supported,
        _ => Verdict::NotSupported,
    };
    JudgedClaim {
        id: format!("{experiment}-as-keras"),
        source: Source::Ours,
        claim: format!(
            "{experiment}: the errors over seeds are distributed as Keras' over its {}{}",
            keras.n,
            diverged_note(ours.diverged, ours.n)
        ),
        verdict,
        effect: *difference,
        interval: *interval,
        n: ours.n,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::{
        Plan,
        engine::Finished,
        judge::{distributions::distributions, measure::Evidence},
        keras::keras_rows,
        matrix::Matrix,
        outcome::{Outcome, Validation},
        split_series::SplitSeries,
    };

    /// The verdicts of twelve runs each of rnn-500 and bilstm-2, whose errors are Keras' own, moved by `shift`; the
    /// first `diverged` of each have none.
    fn judged(shift: f64, diverged: usize) -> Vec<JudgedClaim> {
        let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../xtask/matrix.toml")).unwrap();
        let matrix = Matrix::parse(&text).unwrap();
        let experiments = matrix.select(&["rnn-500".into(), "bilstm-2".into()]).unwrap();
        let plan = Plan::new(
            &experiments,
            &crate::default_seeds(12),
            &SplitSeries::new(vec![1.0, 2.0], 1),
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
        let found = distributions(&evidence, &rows).unwrap();
        assert_eq!(
            found
                .iter()
                .map(|found| (found.ours.n, found.ours.diverged, found.keras.n))
                .collect::<Vec<_>>(),
            [(12, diverged, 19); 2]
        );
        judge(&found)
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
