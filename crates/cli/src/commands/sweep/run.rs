//! One run of a sweep: a candidate from one seed, measured on one table.

use std::collections::BTreeMap;

use recurra_evaluation::backtest::{Backtest, BacktestResult, Refit};
use recurra_runs::Key;
use recurra_series::Series;
use recurra_zoo::Registry;
use serde::{Deserialize, Serialize};

use super::candidate::described;
use super::file::Sweep;
use super::search::Share;
use crate::dataset::Dataset;
use crate::failure::Failure;
use crate::files;
use crate::model_flags::{Model, TrainingFlags};
use crate::run_folder::{Cell, PROGRAM_DIGEST};
use crate::terminal::Terminal;

/// The version of what an outcome means: a part of every key.
const VERSION: u32 = 2;

/// A table with its digest.
pub(super) struct Table {
    pub(super) dataset: Dataset,
    digest: String,
}

/// What is to be run, and where its outcome is kept.
#[derive(Debug, Clone)]
pub(super) struct Run {
    /// Indices of the sweep's candidates and tables.
    pub(super) candidate: usize,
    pub(super) table: usize,
    pub(super) cell: Cell,
    flags: TrainingFlags,
}

/// What decides an outcome, besides the code.
#[derive(Serialize)]
struct Content<'a> {
    version: u32,
    program: &'a str,
    model: &'a str,
    flags: &'a [String],
    file: &'a str,
    data: &'a str,
    data_flags: &'a [String],
    horizon: usize,
    folds: usize,
    step: usize,
    refit: bool,
}

/// What a run found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Outcome {
    /// The folds that were scored, the earliest first: values from the first one that was forecast to the end.
    pub(super) folds: Vec<usize>,
    /// The mean absolute error of every fold, over all series and steps.
    pub(super) mae: Vec<f64>,
    /// The same of the naive forecast, over the same values.
    pub(super) naive: Vec<f64>,
    /// Why there is no error, if there is none.
    pub(super) failed: Option<String>,
}

impl Table {
    /// Reads the sweep's table of this number; paths are seen from `folder`.
    pub(super) fn read(
        sweep: &Sweep,
        at: usize,
        folder: &std::path::Path,
        terminal: &Terminal,
    ) -> Result<Self, Failure> {
        let data = &sweep.data[at];
        let path = files::seen_from(folder, &data.file)?;
        let (dataset, digest) = data.flags.read_with_digest(&path, terminal)?;
        Ok(Self { dataset, digest })
    }
}

impl Run {
    /// A candidate's runs in a round: one for every seed (where that matters) and table.
    pub(super) fn of(sweep: &Sweep, tables: &[Table], candidate: usize, share: Share) -> Result<Vec<Self>, Failure> {
        let tried = &sweep.candidates[candidate];
        let seeds = if tried.is_seeded() {
            &sweep.seeds[..]
        } else {
            &sweep.seeds[..1]
        };
        let mut runs = Vec::new();
        for (at, table) in tables.iter().enumerate() {
            for &seed in seeds {
                let (flags, words) = tried.in_round(seed, share)?;
                let content = Content {
                    version: VERSION,
                    program: PROGRAM_DIGEST,
                    model: &tried.model,
                    flags: &words,
                    file: &sweep.data[at].file,
                    data: &table.digest,
                    data_flags: &sweep.data[at].words,
                    horizon: sweep.horizon,
                    folds: sweep.folds,
                    step: sweep.step,
                    refit: sweep.refit,
                };
                runs.push(Self {
                    candidate,
                    table: at,
                    cell: Cell {
                        cell: format!("{}, {}", described(&tried.model, &words), sweep.data[at].file),
                        stem: format!("{}-{seed}", tried.model),
                        key: Key::of(&content),
                    },
                    flags,
                });
            }
        }
        Ok(runs)
    }

    /// Trains and measures.
    pub(super) fn execute(&self, sweep: &Sweep, table: &Table, registry: &Registry) -> Result<Outcome, Failure> {
        let dataset = &table.dataset;
        let plan = Backtest {
            folds: sweep.folds,
            step: sweep.step,
            refit: if sweep.refit {
                Refit::EveryFolds(1)
            } else {
                Refit::Never
            },
            season_length: dataset.season,
            // Runs are shared out, so each of them has one.
            threads: 1,
            ..Backtest::new(sweep.horizon)
        };
        let plan = dataset.with_season_before(plan);
        let model = Model::find(&sweep.candidates[self.candidate].model, registry)?;
        let forecaster = self.flags.forecaster(model, plan.season_length, &[])?;
        let result = plan
            .run(&[forecaster.as_ref()], &dataset.panel.series)
            .map_err(|error| Failure::Input(format!("{}: {error}", dataset.file)))?;
        Ok(Outcome::of(&result, &dataset.panel.series, model.name()))
    }
}

impl Outcome {
    fn of(result: &BacktestResult, panel: &[Series], model: &str) -> Self {
        let own = by_fold(result, panel, model);
        let naive = by_fold(result, panel, "naive");
        let same = |(own, naive): (&Fold, &Fold)| (own.0, own.2) == (naive.0, naive.2);
        let failed = if own.len() == naive.len() && own.iter().zip(&naive).all(same) && !own.is_empty() {
            None
        } else {
            let reason = result.failures.iter().find(|failure| failure.model == model);
            Some(reason.map_or_else(
                || "the last value before every cutoff had been filled in".to_owned(),
                |failure| failure.message.clone(),
            ))
        };
        let means = |folds: &[Fold]| folds.iter().map(|(_, sum, count)| sum / *count as f64).collect();
        match failed {
            None => Self {
                folds: own.iter().map(|fold| fold.0).collect(),
                mae: means(&own),
                naive: means(&naive),
                failed: None,
            },
            failed => Self {
                folds: Vec::new(),
                mae: Vec::new(),
                naive: Vec::new(),
                failed,
            },
        }
    }
}

/// A fold that is scored (values from the first one that was forecast to the end of the series, the same for one fold in all of
/// them), the sum of its absolute errors, and how many they are.
type Fold = (usize, f64, usize);

/// The folds that are scored, the earliest first.
fn by_fold(result: &BacktestResult, panel: &[Series], model: &str) -> Vec<Fold> {
    let lengths: BTreeMap<&str, usize> = (panel.iter())
        .map(|series| (series.unique_id().unwrap_or_default(), series.len()))
        .collect();
    let mut folds: BTreeMap<std::cmp::Reverse<usize>, (f64, usize)> = BTreeMap::new();
    for row in result.table.rows.iter().filter(|row| &*row.model == model) {
        let length = lengths.get(&*row.unique_id).copied().unwrap_or(0);
        let left = (length + row.step).saturating_sub(row.index + 1);
        let fold = folds.entry(std::cmp::Reverse(left)).or_default();
        fold.0 += (row.y - row.yhat).abs();
        fold.1 += 1;
    }
    (folds.into_iter())
        .map(|(left, (sum, count))| (left.0, sum, count))
        .collect()
}
