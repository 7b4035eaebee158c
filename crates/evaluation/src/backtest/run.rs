//! Running a backtest.

use super::block::{Bands, Block, Forecasts};
use super::folds::{Fold, is_open};
use super::parallel::in_order;
use super::plan::{Backtest, BacktestError, Refit};
use super::table::ForecastTable;
use crate::baselines::Naive;
use crate::forecaster::Forecaster;
use crate::metrics::{Level, SeasonalScale, Undefined};
use recurra_series::Series;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// A fit or a forecast that failed, of points or of quantiles alone. The other models, series and folds go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The model.
    pub model: String,
    /// The series; `None` where the fit failed, which is one for all of them.
    pub unique_id: Option<String>,
    /// Values that had been observed, in the series (of a fit: in the first series).
    pub cutoff: usize,
    /// What the model said.
    pub message: String,
}

/// What came out of a backtest.
#[derive(Debug, Clone)]
pub struct BacktestResult {
    /// The plan.
    pub plan: Backtest,
    /// The scored forecasts.
    pub table: ForecastTable,
    /// What failed, in the order of models and cutoffs.
    pub failures: Vec<Failure>,
    /// Scored cutoffs that were left out for all models, as the last value before them had been filled in, or one before
    /// them from values after them ([`Series::sees_ahead`]).
    pub left_out: usize,
    /// Models whose intervals are made around quantiles that they forecast themselves; those of all others around points.
    pub own_quantiles: Vec<String>,
    /// For every series, the error of the seasonal naive forecast before the first cutoff.
    pub scales: Vec<(Arc<str>, Result<SeasonalScale, Undefined>)>,
}

impl BacktestResult {
    /// How many scored forecasts are missing, over all models: those that another model has made, for a model that failed there. (The
    /// naive forecast fails nowhere.) [`BacktestResult::failures`] count fits, which are of many forecasts, and folds that are not scored.
    pub fn missing_forecasts(&self) -> usize {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        // A model that failed everywhere has no rows.
        for failure in &self.failures {
            counts.insert(&failure.model, 0);
        }
        for row in &self.table.rows {
            *counts.entry(&row.model).or_default() += 1;
        }
        let most = counts.values().copied().max().unwrap_or(0);
        counts.values().map(|count| most - count).sum()
    }
}

impl Backtest {
    /// Runs the backtest. The naive forecast comes first if it is not among the models. A model that fails somewhere is
    /// reported in [`BacktestResult::failures`], and has no rows there.
    ///
    /// # Errors
    /// If the settings do not fit together or the series are too short for the folds.
    pub fn run(&self, models: &[&dyn Forecaster], panel: &[Series]) -> Result<BacktestResult, BacktestError> {
        self.check(panel)?;
        let mut all: Vec<&dyn Forecaster> = models.to_vec();
        if !models.iter().any(|model| model.name() == Naive.name()) {
            all.insert(0, &Naive);
        }
        for (index, model) in all.iter().enumerate() {
            if all[..index].iter().any(|other| other.name() == model.name()) {
                return Err(BacktestError::Twice {
                    what: "models",
                    name: model.name().to_owned(),
                });
            }
        }
        let cutoffs: Vec<Vec<Fold>> = panel.iter().map(|series| self.folds_of(series)).collect();
        let names: Vec<Arc<str>> = panel
            .iter()
            .map(|series| series.unique_id().unwrap_or_default().into())
            .collect();

        let blocks: Vec<Block<'_>> = all
            .iter()
            .flat_map(|model| self.blocks().into_iter().map(|folds| Block { model: *model, folds }))
            .collect();
        let done = in_order(self.threads, blocks.len(), |index| {
            blocks[index].run(self, panel, &cutoffs)
        });

        let mut result = BacktestResult {
            plan: self.clone(),
            table: ForecastTable {
                levels: self.levels(),
                rows: Vec::new(),
            },
            failures: Vec::new(),
            own_quantiles: Vec::new(),
            left_out: self.left_out(panel, &cutoffs),
            scales: panel
                .iter()
                .zip(&names)
                .zip(&cutoffs)
                .map(|((series, name), folds)| {
                    (
                        name.clone(),
                        SeasonalScale::new(&series.values()[..folds[0].cutoff], self.season_length),
                    )
                })
                .collect(),
        };
        let per_model = self.blocks().len();
        let mut done = done.into_iter();
        for model in &all {
            let mut forecasts: Forecasts = vec![Vec::new(); panel.len()];
            for (block, failures) in done.by_ref().take(per_model) {
                forecasts.iter_mut().zip(block).for_each(|(all, more)| all.extend(more));
                result.failures.extend(failures);
            }
            if forecasts
                .iter()
                .flatten()
                .flatten()
                .any(|forecast| matches!(forecast.bands, Bands::Own(_)))
            {
                result.own_quantiles.push(model.name().to_owned());
            }
            let model: Arc<str> = model.name().into();
            for (index, series) in panel.iter().enumerate() {
                let rows = self.rows(&model, &names[index], series, &cutoffs[index], &forecasts[index]);
                result.table.rows.extend(rows);
            }
        }
        Ok(result)
    }

    pub(super) fn levels(&self) -> Vec<Level> {
        self.calibration
            .as_ref()
            .map(|calibration| calibration.levels.clone())
            .unwrap_or_default()
    }

    /// The folds that share a fit.
    fn blocks(&self) -> Vec<Range<usize>> {
        let total = self.lead() + self.folds;
        let size = match self.refit {
            Refit::Never => total,
            Refit::EveryFolds(folds) => folds,
        };
        (0..total)
            .step_by(size)
            .map(|first| first..(first + size).min(total))
            .collect()
    }

    fn left_out(&self, panel: &[Series], cutoffs: &[Vec<Fold>]) -> usize {
        let pairs = panel.iter().zip(cutoffs);
        pairs
            .map(|(series, folds)| {
                folds
                    .iter()
                    .filter(|fold| fold.scored && !is_open(series, fold.cutoff))
                    .count()
            })
            .sum()
    }
}
