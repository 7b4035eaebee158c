//! Which candidate is best, and how sure that is.

use recurra_evaluation::statistics::{Bootstrap, Interval};
use serde::Serialize;

use super::file::Sweep;
use super::run::{Outcome, Run, Table};
use crate::failure::Failure;

/// A candidate's error.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Standing {
    #[serde(skip)]
    pub(super) candidate: usize,
    /// Its model and its flags, as a command takes them.
    pub(super) model: String,
    pub(super) flags: Vec<String>,
    /// Its mean absolute error over that of the naive forecast: the geometric mean over the tables.
    pub(super) of_naive: Option<f64>,
    /// Where that lies when folds are drawn again (percentiles, 95 %).
    pub(super) interval: Option<Interval>,
    pub(super) tables: Vec<OnTable>,
    /// Why it has no error.
    pub(super) failed: Option<String>,
    #[serde(skip)]
    folds: Vec<Folds>,
}

/// A candidate's error on one table.
#[derive(Debug, Clone, Serialize)]
pub(super) struct OnTable {
    pub(super) file: String,
    /// Mean absolute error: the mean over folds and seeds.
    pub(super) mae: f64,
    /// The same of the naive forecast.
    pub(super) naive: f64,
    /// The mean absolute error of every seed.
    pub(super) by_seed: Vec<f64>,
}

/// Errors on one table by fold, a mean over seeds.
#[derive(Debug, Clone)]
struct Folds {
    own: Vec<f64>,
    naive: Vec<f64>,
}

/// All candidates that were tried to the end, the best first.
#[derive(Debug, Serialize)]
pub(super) struct Ranking {
    pub(super) candidates: Vec<Standing>,
    /// How many of them are not shown to differ from the best: the interval of their ratio to it includes 1.
    pub(super) as_good: usize,
}

/// The error of every candidate of `runs`, the least first; those without one at the end.
pub(super) fn rank(sweep: &Sweep, tables: &[Table], runs: &[(Run, Outcome)]) -> Result<Ranking, Failure> {
    let mut order: Vec<usize> = runs.iter().map(|(run, _)| run.candidate).collect();
    order.dedup();
    let mut candidates = order
        .into_iter()
        .map(|candidate| standing(sweep, tables, candidate, runs))
        .collect::<Result<Vec<_>, _>>()?;
    let error = |standing: &Standing| standing.of_naive.unwrap_or(f64::INFINITY);
    candidates.sort_by(|one, other| error(one).total_cmp(&error(other)));
    let as_good = match candidates.split_first() {
        Some((best, others)) if best.of_naive.is_some() => {
            let folds = best.folds.first().map_or(0, |folds| folds.own.len());
            let same = |other: &&Standing| match (best.of_naive, other.of_naive) {
                (_, None) => false,
                // Nothing is better than no error at all, and only that is as good.
                (Some(0.0), Some(error)) => error == 0.0,
                _ => resampled(best.folds.len(), folds, |at| {
                    ratio_of(&other.folds, at, |folds| &folds.own) / ratio_of(&best.folds, at, |folds| &folds.own)
                })
                .is_none_or(|interval| interval.contains(1.0)),
            };
            others.iter().filter(same).count()
        }
        _ => 0,
    };
    Ok(Ranking { candidates, as_good })
}

fn standing(sweep: &Sweep, tables: &[Table], candidate: usize, runs: &[(Run, Outcome)]) -> Result<Standing, Failure> {
    let tried = &sweep.candidates[candidate];
    let mut standing = Standing {
        candidate,
        model: tried.model.clone(),
        flags: tried.words.clone(),
        of_naive: None,
        interval: None,
        tables: Vec::new(),
        failed: None,
        folds: Vec::new(),
    };
    let own: Vec<_> = runs.iter().filter(|(run, _)| run.candidate == candidate).collect();
    standing.failed = own.iter().find_map(|(_, outcome)| outcome.failed.clone());
    if standing.failed.is_some() {
        return Ok(standing);
    }
    // The folds that are scored on every table.
    let common: Vec<usize> = own.first().map_or_else(Vec::new, |(_, outcome)| {
        let everywhere = |fold: &&usize| own.iter().all(|(_, other)| other.folds.contains(fold));
        outcome.folds.iter().filter(everywhere).copied().collect()
    });
    if common.is_empty() {
        standing.failed = Some("no fold is scored on every table".to_owned());
        return Ok(standing);
    }
    for (at, table) in tables.iter().enumerate() {
        let here: Vec<&Outcome> = own
            .iter()
            .filter(|(run, _)| run.table == at)
            .map(|(_, outcome)| outcome)
            .collect();
        let count = here.len() as f64;
        let over_seeds = |errors: fn(&Outcome) -> &[f64]| -> Vec<f64> {
            let of_fold = |fold: &usize| here.iter().map(|outcome| outcome.at(*fold, errors)).sum::<f64>() / count;
            common.iter().map(of_fold).collect()
        };
        let folds = Folds {
            own: over_seeds(|outcome| &outcome.mae),
            naive: over_seeds(|outcome| &outcome.naive),
        };
        let naive = mean(&folds.naive);
        if naive == 0.0 {
            return Err(Failure::Input(format!(
                "{}: the naive forecast makes no error, so none can be compared with it",
                table.dataset.file
            )));
        }
        standing.tables.push(OnTable {
            file: sweep.data[at].file.clone(),
            mae: mean(&folds.own),
            naive,
            by_seed: (here.iter())
                .map(|outcome| {
                    let errors: Vec<f64> = (common.iter()).map(|fold| outcome.at(*fold, |own| &own.mae)).collect();
                    mean(&errors)
                })
                .collect(),
        });
        standing.folds.push(folds);
    }
    let ratio = |at: &[usize]| {
        ratio_of(&standing.folds, at, |folds| &folds.own) / ratio_of(&standing.folds, at, |folds| &folds.naive)
    };
    let folds = common.len();
    let all: Vec<usize> = (0..folds).collect();
    standing.of_naive = Some(ratio(&all));
    standing.interval = resampled(standing.folds.len(), folds, ratio);
    Ok(standing)
}

impl Outcome {
    /// An error of a fold that is scored here.
    fn at(&self, fold: usize, errors: fn(&Self) -> &[f64]) -> f64 {
        let place = self.folds.iter().position(|other| *other == fold);
        place
            .and_then(|place| errors(self).get(place))
            .copied()
            .unwrap_or(f64::NAN)
    }
}

/// The geometric mean over tables of the mean error over the folds `at`.
fn ratio_of(tables: &[Folds], at: &[usize], errors: fn(&Folds) -> &Vec<f64>) -> f64 {
    let logs = tables.iter().map(|folds| {
        let chosen: Vec<f64> = at.iter().map(|fold| errors(folds)[*fold]).collect();
        libm::log(mean(&chosen))
    });
    libm::exp(logs.sum::<f64>() / tables.len() as f64)
}

/// The percentile interval over folds that are drawn again, the same ones on every table; none for a single fold.
fn resampled(tables: usize, folds: usize, statistic: impl Fn(&[usize]) -> f64) -> Option<Interval> {
    if tables == 0 || folds < 2 {
        return None;
    }
    let numbers: Vec<f64> = (0..folds).map(|fold| fold as f64).collect();
    let estimate = Bootstrap::default().percentile(&numbers, |drawn| {
        let at: Vec<usize> = drawn.iter().map(|fold| *fold as usize).collect();
        statistic(&at)
    });
    estimate
        .ok()
        .map(|estimate| estimate.interval)
        .filter(|interval| interval.lower.is_finite() && interval.upper.is_finite())
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}
