//! A backtest in pieces, for several machines: each piece is a fit and the forecasts from it, and what they yield can be kept as data.

use super::block::Block;
use super::block_outcome::{Bands, BlockOutcome, Forecasts};
use super::choices::Refit;
use super::error::BacktestError;
use super::folds::{Fold, is_open};
use super::plan::Backtest;
use super::result::BacktestResult;
use super::table::ForecastTable;
use crate::baselines::Naive;
use crate::forecaster::Forecaster;
use crate::metrics::{Level, SeasonalScale};
use recurra_series::Series;
use std::ops::Range;
use std::sync::Arc;

/// The pieces of a backtest: for every model, the folds that share a fit. [`Backtest::run`] does them all; where they are shared out, each
/// does some, and whoever has all outcomes gathers them.
///
/// ```
/// use recurra_evaluation::backtest::Backtest;
/// use recurra_evaluation::baselines::Drift;
/// use recurra_series::Series;
///
/// let series = [Series::from_values((0..40).map(|step| f64::from(step * step)).collect())?];
/// let plan = Backtest { folds: 5, ..Backtest::new(3) };
/// let blocks = plan.blocks(&[&Drift], &series)?;
/// // The naive forecast and drift, each fitted once.
/// assert_eq!(blocks.len(), 2);
/// let (one, other) = (blocks.run(0), blocks.run(1));
/// assert_eq!(blocks.gather(vec![one, other])?.table, plan.run(&[&Drift], &series)?.table);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Blocks<'a> {
    plan: &'a Backtest,
    models: Vec<&'a dyn Forecaster>,
    panel: &'a [Series],
    cutoffs: Vec<Vec<Fold>>,
    blocks: Vec<Block<'a>>,
}

impl Backtest {
    /// The pieces, model by model. The naive forecast comes first if it is not among the models.
    ///
    /// # Errors
    /// As [`Backtest::run`].
    pub fn blocks<'a>(
        &'a self,
        models: &[&'a dyn Forecaster],
        panel: &'a [Series],
    ) -> Result<Blocks<'a>, BacktestError> {
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
        let of_model = |model: &&'a dyn Forecaster| {
            let model = *model;
            self.fold_ranges().into_iter().map(move |folds| Block { model, folds })
        };
        Ok(Blocks {
            plan: self,
            panel,
            cutoffs: panel.iter().map(|series| self.folds_of(series)).collect(),
            blocks: all.iter().flat_map(of_model).collect(),
            models: all,
        })
    }

    pub(super) fn levels(&self) -> Vec<Level> {
        self.calibration
            .as_ref()
            .map(|calibration| calibration.levels.clone())
            .unwrap_or_default()
    }

    /// The folds that share a fit.
    fn fold_ranges(&self) -> Vec<Range<usize>> {
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
}

impl Blocks<'_> {
    /// How many pieces there are.
    #[expect(clippy::len_without_is_empty, reason = "there is always the naive forecast's")]
    pub fn len(&self) -> usize {
        self.blocks.len()
    }

    /// The model of a piece, and its folds, counted from 0 with those for calibration first.
    ///
    /// # Panics
    /// If there is no piece of this number.
    pub fn describe(&self, index: usize) -> (&str, Range<usize>) {
        let block = &self.blocks[index];
        (block.model.name(), block.folds.clone())
    }

    /// Does a piece: fits its model before the first of its folds, and forecasts from all of them.
    ///
    /// # Panics
    /// If there is no piece of this number.
    pub fn run(&self, index: usize) -> BlockOutcome {
        self.blocks[index].run(self.plan, self.panel, &self.cutoffs)
    }

    /// What all pieces came to, in their order.
    ///
    /// # Errors
    /// If the outcomes are not as many as the pieces, or one is of other series, folds or levels.
    pub fn gather(&self, outcomes: Vec<BlockOutcome>) -> Result<BacktestResult, BacktestError> {
        let fit = |(block, outcome): (&Block<'_>, &BlockOutcome)| {
            outcome.fits(
                self.panel.len(),
                block.folds.len(),
                self.plan.horizon,
                self.plan.levels().len(),
            )
        };
        if outcomes.len() != self.blocks.len() || !self.blocks.iter().zip(&outcomes).all(fit) {
            return Err(BacktestError::OtherBlocks);
        }
        let names: Vec<Arc<str>> = (self.panel.iter())
            .map(|series| series.unique_id().unwrap_or_default().into())
            .collect();
        let mut result = BacktestResult {
            plan: self.plan.clone(),
            table: ForecastTable {
                levels: self.plan.levels(),
                rows: Vec::new(),
            },
            failures: Vec::new(),
            own_quantiles: Vec::new(),
            left_out: self.left_out(),
            scales: (self.panel.iter().zip(&names).zip(&self.cutoffs))
                .map(|((series, name), folds)| {
                    let before = &series.values()[..folds[0].cutoff];
                    (name.clone(), SeasonalScale::new(before, self.plan.season_length))
                })
                .collect(),
        };
        let per_model = self.plan.fold_ranges().len();
        let mut done = outcomes.into_iter();
        for model in &self.models {
            let mut forecasts: Forecasts = vec![Vec::new(); self.panel.len()];
            for outcome in done.by_ref().take(per_model) {
                (forecasts.iter_mut().zip(outcome.forecasts)).for_each(|(all, more)| all.extend(more));
                result.failures.extend(outcome.failures);
            }
            if (forecasts.iter().flatten().flatten()).any(|forecast| matches!(forecast.bands, Bands::Own(_))) {
                result.own_quantiles.push(model.name().to_owned());
            }
            let model: Arc<str> = model.name().into();
            for (index, series) in self.panel.iter().enumerate() {
                let (folds, own) = (&self.cutoffs[index], &forecasts[index]);
                let rows = self.plan.rows(&model, &names[index], series, folds, own);
                result.table.rows.extend(rows);
            }
        }
        Ok(result)
    }

    fn left_out(&self) -> usize {
        let pairs = self.panel.iter().zip(&self.cutoffs);
        let closed = |(series, folds): (&Series, &Vec<Fold>)| {
            let closed = |fold: &&Fold| fold.scored && !is_open(series, fold.cutoff);
            folds.iter().filter(closed).count()
        };
        pairs.map(closed).sum()
    }
}
