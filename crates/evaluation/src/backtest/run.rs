//! Running a backtest.

use super::folds::{self, Fold};
use super::parallel::in_order;
use super::plan::{Backtest, BacktestError, Refit};
use super::row::ForecastRow;
use super::table::ForecastTable;
use crate::baselines::Naive;
use crate::forecaster::{FittedForecaster, Forecaster};
use crate::history::{History, Training};
use crate::intervals::conformal_half_width;
use crate::metrics::{SeasonalScale, Undefined};
use crate::statistics::Interval;
use recurra_series::Series;
use std::ops::Range;
use std::sync::Arc;

/// A fit or a forecast that failed. The other models and folds go on.
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
    /// Scored cutoffs that were left out for all models, as the last value before them had been filled in.
    pub left_out: usize,
    /// For every series, the error of the seasonal naive forecast before the first cutoff.
    pub scales: Vec<(Arc<str>, Result<SeasonalScale, Undefined>)>,
}

/// Forecasts of one model by series and fold; `None` where there is none.
type Forecasts = Vec<Vec<Option<Vec<f64>>>>;

/// What one job has to do: the folds that share one fit of one model.
struct Block<'a> {
    model: &'a dyn Forecaster,
    folds: Range<usize>,
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
            self.block(&blocks[index], panel, &cutoffs)
        });

        let mut result = BacktestResult {
            plan: self.clone(),
            table: ForecastTable {
                levels: self.levels(),
                rows: Vec::new(),
            },
            failures: Vec::new(),
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
            let model: Arc<str> = model.name().into();
            for (index, series) in panel.iter().enumerate() {
                let rows = self.rows(&model, &names[index], series, &cutoffs[index], &forecasts[index]);
                result.table.rows.extend(rows);
            }
        }
        Ok(result)
    }

    fn levels(&self) -> Vec<crate::metrics::Level> {
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
                    .filter(|fold| fold.scored && series.is_filled(fold.cutoff - 1))
                    .count()
            })
            .sum()
    }

    /// Fits the model at the block's first fold and forecasts all its folds.
    fn block(&self, block: &Block<'_>, panel: &[Series], cutoffs: &[Vec<Fold>]) -> (Forecasts, Vec<Failure>) {
        let mut forecasts: Forecasts = vec![vec![None; block.folds.len()]; panel.len()];
        let training: Vec<History<'_>> = panel
            .iter()
            .zip(cutoffs)
            .filter_map(|(series, folds)| folds::training(series, folds[block.folds.start].cutoff, self.window))
            .collect();
        let fitted = match block.model.fit(&Training::new(&training, self.horizon)) {
            Ok(fitted) => fitted,
            Err(error) => {
                let cutoff = cutoffs[0][block.folds.start].cutoff;
                return (
                    forecasts,
                    vec![self.failure(block.model, None, cutoff, error.to_string())],
                );
            }
        };
        let places: Vec<(usize, usize, History<'_>)> = panel
            .iter()
            .zip(cutoffs)
            .enumerate()
            .flat_map(|(index, (series, folds))| {
                let folds = folds[block.folds.clone()].iter().enumerate();
                folds.filter_map(move |(fold, at)| Some((index, fold, folds::history(series, at.cutoff, self.window)?)))
            })
            .collect();
        let mut failures = Vec::new();
        for ((series, fold, history), forecast) in places.iter().zip(self.forecasts(fitted.as_ref(), &places)) {
            match forecast {
                Ok(forecast) => forecasts[*series][*fold] = Some(forecast),
                Err(message) => {
                    let cutoff = history.first_index() + history.len();
                    failures.push(self.failure(block.model, Some(history.unique_id()), cutoff, message));
                }
            }
        }
        (forecasts, failures)
    }

    /// One forecast per place: in one batch, or one by one if the batch fails, so that only what fails is missing.
    fn forecasts(
        &self,
        fitted: &dyn FittedForecaster,
        places: &[(usize, usize, History<'_>)],
    ) -> Vec<Result<Vec<f64>, String>> {
        let histories: Vec<History<'_>> = places.iter().map(|(_, _, history)| *history).collect();
        let checked = |forecast: Vec<f64>| {
            if forecast.len() == self.horizon {
                Ok(forecast)
            } else {
                Err(format!(
                    "gave {} values for a horizon of {}",
                    forecast.len(),
                    self.horizon
                ))
            }
        };
        match fitted.forecast_batch(&histories, self.horizon) {
            Ok(forecasts) if forecasts.len() == histories.len() => forecasts.into_iter().map(checked).collect(),
            _ => histories
                .iter()
                .map(|history| {
                    fitted
                        .forecast(history, self.horizon)
                        .map_err(|error| error.to_string())
                        .and_then(checked)
                })
                .collect(),
        }
    }

    fn failure(&self, model: &dyn Forecaster, unique_id: Option<&str>, cutoff: usize, message: String) -> Failure {
        Failure {
            model: model.name().to_owned(),
            unique_id: unique_id.map(str::to_owned),
            cutoff,
            message,
        }
    }

    /// The rows of one model and one series: its scored folds, without values that were filled in.
    fn rows(
        &self,
        model: &Arc<str>,
        unique_id: &Arc<str>,
        series: &Series,
        cutoffs: &[Fold],
        forecasts: &[Option<Vec<f64>>],
    ) -> Vec<ForecastRow> {
        let mut rows = Vec::new();
        let scored = cutoffs.iter().enumerate().filter(|(_, fold)| fold.scored);
        for (fold, Fold { cutoff, .. }) in scored {
            let Some(forecast) = &forecasts[fold] else { continue };
            for (offset, &yhat) in forecast.iter().enumerate() {
                let index = cutoff + offset;
                if series.is_filled(index) {
                    continue;
                }
                let errors = self.observed_errors(series, &cutoffs[..fold], forecasts, *cutoff, offset);
                let around = |level: &_| {
                    let half = conformal_half_width(&errors, *level)?;
                    yhat.is_finite().then_some(Interval {
                        lower: yhat - half,
                        upper: yhat + half,
                    })
                };
                rows.push(ForecastRow {
                    unique_id: unique_id.clone(),
                    ds: series.times()[index],
                    cutoff: series.times()[cutoff - 1],
                    index,
                    step: offset + 1,
                    model: model.clone(),
                    y: series.values()[index],
                    yhat,
                    bounds: self.levels().iter().map(around).collect(),
                });
            }
        }
        rows
    }

    /// The latest errors, of earlier folds and the same step, of values that had been observed at the cutoff.
    fn observed_errors(
        &self,
        series: &Series,
        earlier: &[Fold],
        forecasts: &[Option<Vec<f64>>],
        cutoff: usize,
        offset: usize,
    ) -> Vec<f64> {
        let Some(calibration) = &self.calibration else {
            return Vec::new();
        };
        let observed = earlier.iter().zip(forecasts).rev().filter_map(|(fold, forecast)| {
            let index = fold.cutoff + offset;
            let usable = index < cutoff && !series.is_filled(index);
            usable
                .then(|| Some(forecast.as_ref()?[offset] - series.values()[index]))
                .flatten()
        });
        observed.take(calibration.errors).collect()
    }
}
