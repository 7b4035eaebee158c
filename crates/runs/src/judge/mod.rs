//! What the runs say of claims.
//!
//! A claim names a [`Statistic`](crate::Statistic), which gives one value per seed, and a region in which the median of those values lies if
//! the claim is true. The verdict follows from the bootstrap interval of that median: inside the region the runs support
//! the claim, outside it they speak against it, and across its border they decide nothing.

mod distributions;
mod measure;
mod per_seed;
mod same_as_keras;

use self::{measure::Evidence, per_seed::PerSeed};
use crate::{claim::Claim, engine::Finished, error::RunError, keras::keras_rows, plan::Plan};
use recurra_evaluation::statistics::{Bootstrap, Interval, median, six_digits};
use recurra_report::records::{self, Baseline, Verdict};
use std::collections::BTreeMap;

/// Fewer seeds than this decide nothing: all of five agreeing by chance is no rarer than 1 in 16.
const FEWEST: usize = 6;

/// What runs say.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Judgement {
    /// Of the claims.
    pub(crate) claims: Vec<records::JudgedClaim>,
    /// Of their likeness to Keras' runs.
    pub(crate) distributions: Vec<records::Distribution>,
}

/// What the runs of `plan`, which yielded `finished`, say of the claims that they can speak to: those whose experiments
/// are in the plan; then, for every experiment that Keras' rows know, whether our errors are distributed as Keras'.
///
/// A seed of which a run diverged has no value, but counts: a verdict stands only if it is the same with those values
/// above all others and below all others, and the claim's text says how many there are. Numbers have six significant digits:
/// see [`six_digits`].
///
/// # Errors
/// If Keras' rows do not read.
pub(crate) fn judge(
    claims: &[Claim],
    plan: &Plan,
    finished: &[Finished],
    baselines: &BTreeMap<String, Baseline>,
    actual: &[f32],
) -> Result<Judgement, RunError> {
    let evidence = Evidence {
        plan,
        finished,
        baselines,
        actual,
    };
    let planned = |id: &str| plan.cells.iter().any(|cell| cell.experiment == id);
    let judged = claims
        .iter()
        .filter(|claim| claim.statistic.experiments().into_iter().all(planned));
    let mut judged: Vec<records::JudgedClaim> = judged
        .map(|claim| claim.judge(&claim.statistic.per_seed(&evidence)))
        .collect();
    let distributions = distributions::distributions(&evidence, &keras_rows()?)?;
    judged.extend(same_as_keras::judge(&distributions));
    Ok(Judgement {
        claims: judged,
        distributions,
    })
}

impl Claim {
    /// The verdict of one value per seed.
    fn judge(&self, seeds: &PerSeed) -> records::JudgedClaim {
        let values = &seeds.values[..];
        let effect = median(values).ok();
        let interval = interval(values);
        // The sign of a value that is not there is not known: a larger error is worse in one claim and speaks for another.
        let verdict = self.decide(&seeds.diverged_lowest());
        let verdict = if verdict == self.decide(&seeds.diverged_highest()) {
            verdict
        } else {
            Verdict::Undecided
        };
        records::JudgedClaim {
            id: self.id.clone(),
            source: self.source,
            claim: self.claim.clone() + &seeds.note(),
            verdict,
            effect: effect.map(six_digits),
            interval: interval.map(|interval| [six_digits(interval.lower), six_digits(interval.upper)]),
            n: seeds.count(),
        }
    }

    /// The verdict of the interval of `values`.
    fn decide(&self, values: &[f64]) -> Verdict {
        match interval(values) {
            Some(interval) if values.len() >= FEWEST => self.verdict(interval.lower, interval.upper),
            _ => Verdict::Undecided,
        }
    }

    fn verdict(&self, lower: f64, upper: f64) -> Verdict {
        let least = self.at_least.unwrap_or(f64::NEG_INFINITY);
        let most = self.at_most.unwrap_or(f64::INFINITY);
        if lower >= least && upper <= most {
            Verdict::Supported
        } else if upper < least || lower > most {
            Verdict::NotSupported
        } else {
            Verdict::Undecided
        }
    }
}

/// The bootstrap interval of the median; `None` of fewer than two values.
fn interval(values: &[f64]) -> Option<Interval> {
    let estimate = Bootstrap::default()
        .percentile(values, |sample| median(sample).unwrap_or(f64::NAN))
        .ok();
    estimate.filter(|_| values.len() > 1).map(|estimate| estimate.interval)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::{Statistic, ValidationMetric};
    use recurra_report::records::Source;

    fn claim(at_least: Option<f64>, at_most: Option<f64>) -> Claim {
        Claim {
            id: "x".into(),
            source: Source::Tutorial,
            claim: "x".into(),
            statistic: Statistic::Metric {
                experiment: "rnn-500".into(),
                metric: ValidationMetric::ValMae,
            },
            at_least,
            at_most,
        }
    }

    const AROUND_SIX: [f64; 9] = [5.8, 5.9, 5.95, 6.0, 6.0, 6.05, 6.1, 6.15, 6.3];

    #[test]
    fn the_interval_decides() {
        let verdict = |least, most| claim(least, most).judge(&seeds(&AROUND_SIX, 0)).verdict;
        assert_eq!(verdict(Some(5.0), Some(7.0)), Verdict::Supported);
        assert_eq!(verdict(None, Some(7.0)), Verdict::Supported);
        assert_eq!(verdict(Some(7.0), None), Verdict::NotSupported);
        assert_eq!(verdict(None, Some(5.0)), Verdict::NotSupported);
        assert_eq!(verdict(Some(6.0), None), Verdict::Undecided);
        let judged = claim(Some(6.0), None).judge(&seeds(&AROUND_SIX, 0));
        assert_eq!((judged.effect, judged.n), (Some(6.0), 9));
        assert!(
            judged
                .interval
                .is_some_and(|[lower, upper]| (5.8..6.0).contains(&lower) && (6.0..6.3).contains(&upper))
        );
    }

    fn seeds(values: &[f64], diverged: usize) -> PerSeed {
        PerSeed {
            values: values.to_vec(),
            diverged,
        }
    }

    #[test]
    fn diverged_seeds_count_and_are_told() {
        let below = claim(None, Some(7.0));
        // One of ten may lie anywhere and moves no interval past the border; of eighteen nine do.
        let one = below.judge(&seeds(&AROUND_SIX, 1));
        assert_eq!((one.verdict, one.n, one.effect), (Verdict::Supported, 10, Some(6.0)));
        assert_eq!(one.claim, "x; 1 of 10 seeds diverged, the effect is that of the others");
        assert_eq!(below.judge(&seeds(&AROUND_SIX, 9)).verdict, Verdict::Undecided);
        let against = claim(Some(7.0), None);
        assert_eq!(against.judge(&seeds(&AROUND_SIX, 1)).verdict, Verdict::NotSupported);
        assert_eq!(against.judge(&seeds(&AROUND_SIX, 9)).verdict, Verdict::Undecided);
        let none = below.judge(&seeds(&[], 9));
        assert_eq!((none.verdict, none.effect, none.n), (Verdict::Undecided, None, 9));
    }

    #[test]
    fn few_seeds_decide_nothing() {
        let wide = claim(Some(0.0), None);
        assert_eq!(wide.judge(&seeds(&AROUND_SIX[..6], 0)).verdict, Verdict::Supported);
        assert_eq!(wide.judge(&seeds(&AROUND_SIX[..5], 0)).verdict, Verdict::Undecided);
        let one = wide.judge(&seeds(&AROUND_SIX[..1], 0));
        assert_eq!((one.effect, one.interval, one.n), (Some(5.8), None, 1));
        let none = wide.judge(&seeds(&[], 0));
        assert_eq!((none.effect, none.interval, none.n), (None, None, 0));
    }
}
