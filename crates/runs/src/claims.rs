//! Claims about the experiments, fixed as data before anything runs, and what the runs say of them.
//!
//! A claim names a [`Statistic`], which gives one value per seed, and a region in which the median of those values lies if
//! the claim is true. The verdict follows from the bootstrap interval of that median: inside the region the runs support
//! the claim, outside it they speak against it, and across its border they decide nothing.

mod same_as_keras;
mod statistic;

pub use statistic::{Metric, Statistic};

use crate::{engine::Finished, error::Error, plan::Plan};
use recurra_evaluation::statistics::{Bootstrap, median, six_digits};
use recurra_report::{
    input::Source,
    records::{self, Baseline, Verdict},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Fewer seeds than this decide nothing: all of five agreeing by chance is no rarer than 1 in 16.
const FEWEST: usize = 6;

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

/// What the runs of `plan`, which yielded `finished`, say of the claims that they can speak to: those whose experiments
/// are in the plan; then, for every experiment that Keras' rows know, whether our errors are distributed as Keras'.
///
/// A seed counts if all runs that the statistic needs are there and none diverged. Numbers have six significant digits:
/// see [`six_digits`].
///
/// # Errors
/// If Keras' rows do not read.
pub fn judge(
    claims: &[Claim],
    plan: &Plan,
    finished: &[Finished],
    baselines: &BTreeMap<String, Baseline>,
    actual: &[f32],
) -> Result<Vec<records::Claim>, Error> {
    let evidence = statistic::Evidence {
        plan,
        finished,
        baselines,
        actual,
    };
    let planned = |id: &str| plan.cells.iter().any(|cell| cell.experiment == id);
    let judged = claims
        .iter()
        .filter(|claim| claim.statistic.experiments().into_iter().all(planned));
    let mut judged: Vec<records::Claim> = judged
        .map(|claim| claim.judge(&claim.statistic.per_seed(&evidence)))
        .collect();
    judged.extend(same_as_keras::judge(&evidence)?);
    Ok(judged)
}

impl Claim {
    /// The verdict of one value per seed.
    fn judge(&self, values: &[f64]) -> records::Claim {
        let effect = median(values).ok();
        let estimate = Bootstrap::default()
            .percentile(values, |sample| median(sample).unwrap_or(f64::NAN))
            .ok();
        let interval = estimate.filter(|_| values.len() > 1).map(|estimate| estimate.interval);
        let verdict = match interval {
            Some(interval) if values.len() >= FEWEST => self.verdict(interval.lower, interval.upper),
            _ => Verdict::Undecided,
        };
        records::Claim {
            id: self.id.clone(),
            source: self.source,
            claim: self.claim.clone(),
            verdict,
            effect: effect.map(six_digits),
            interval: interval.map(|interval| [six_digits(interval.lower), six_digits(interval.upper)]),
            n: values.len(),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(at_least: Option<f64>, at_most: Option<f64>) -> Claim {
        Claim {
            id: "x".into(),
            source: Source::Tutorial,
            claim: "x".into(),
            statistic: Statistic::Metric {
                experiment: "rnn-500".into(),
                metric: Metric::ValMae,
            },
            at_least,
            at_most,
        }
    }

    const AROUND_SIX: [f64; 9] = [5.8, 5.9, 5.95, 6.0, 6.0, 6.05, 6.1, 6.15, 6.3];

    #[test]
    fn the_interval_decides() {
        let verdict = |least, most| claim(least, most).judge(&AROUND_SIX).verdict;
        assert_eq!(verdict(Some(5.0), Some(7.0)), Verdict::Supported);
        assert_eq!(verdict(None, Some(7.0)), Verdict::Supported);
        assert_eq!(verdict(Some(7.0), None), Verdict::NotSupported);
        assert_eq!(verdict(None, Some(5.0)), Verdict::NotSupported);
        assert_eq!(verdict(Some(6.0), None), Verdict::Undecided);
        let judged = claim(Some(6.0), None).judge(&AROUND_SIX);
        assert_eq!((judged.effect, judged.n), (Some(6.0), 9));
        assert!(
            judged
                .interval
                .is_some_and(|[lower, upper]| (5.8..6.0).contains(&lower) && (6.0..6.3).contains(&upper))
        );
    }

    #[test]
    fn few_seeds_decide_nothing() {
        let wide = claim(Some(0.0), None);
        assert_eq!(wide.judge(&AROUND_SIX[..6]).verdict, Verdict::Supported);
        assert_eq!(wide.judge(&AROUND_SIX[..5]).verdict, Verdict::Undecided);
        let one = wide.judge(&AROUND_SIX[..1]);
        assert_eq!((one.effect, one.interval, one.n), (Some(5.8), None, 1));
        let none = wide.judge(&[]);
        assert_eq!((none.effect, none.interval, none.n), (None, None, 0));
    }
}
