//! One job of a backtest: the folds that share one fit of one model.

use super::block_outcome::{Bands, BlockOutcome, Forecast, Forecasts, OwnBounds};
use super::folds::{self, Fold};
use super::plan::Backtest;
use super::result::Failure;
use crate::error::ForecastError;
use crate::forecaster::{FittedForecaster, Forecaster};
use crate::history::{History, Training};
use recurra_series::Series;
use std::ops::Range;

/// The folds that share one fit of one model.
pub(super) struct Block<'a> {
    pub(super) model: &'a dyn Forecaster,
    pub(super) folds: Range<usize>,
}

/// A history with the numbers of its series and of its fold in the block.
struct Place<'a> {
    series: usize,
    fold: usize,
    history: History<'a>,
}

impl Block<'_> {
    /// Fits the model at the block's first fold and forecasts all its folds.
    pub(super) fn run(&self, plan: &Backtest, panel: &[Series], cutoffs: &[Vec<Fold>]) -> BlockOutcome {
        let mut forecasts: Forecasts = vec![vec![None; self.folds.len()]; panel.len()];
        let pairs = panel.iter().zip(cutoffs);
        let first = |folds: &[Fold]| folds[self.folds.start].cutoff;
        let training: Vec<History<'_>> = pairs
            .clone()
            .filter_map(|(series, folds)| folds::training(series, first(folds), plan.window))
            .collect();
        let fitted = match self.model.fit(&Training::new(&training, plan.horizon)) {
            Ok(fitted) => fitted,
            Err(error) => {
                return BlockOutcome {
                    forecasts,
                    failures: vec![self.failure(None, first(&cutoffs[0]), error.to_string())],
                };
            }
        };
        let mut places = Vec::new();
        for (series, (values, folds)) in pairs.enumerate() {
            for (fold, at) in folds[self.folds.clone()].iter().enumerate() {
                let history = folds::history(values, at.cutoff, plan.window);
                places.extend(history.map(|history| Place { series, fold, history }));
            }
        }
        let mut failures = Vec::new();
        for (place, values) in places.iter().zip(values(fitted.as_ref(), &places, plan.horizon)) {
            match values {
                Ok(values) => {
                    let bands = Bands::Points;
                    forecasts[place.series][place.fold] = Some(Forecast { values, bands });
                }
                Err(message) => failures.push(self.failure(Some(place), cutoff(&place.history), message)),
            }
        }
        for (place, bounds) in places.iter().zip(bounds(fitted.as_ref(), &places, plan)) {
            // Where there is no forecast, its failure has been said.
            let Some(forecast) = &mut forecasts[place.series][place.fold] else {
                continue;
            };
            forecast.bands = match bounds {
                Ok(own) => Bands::Own(own),
                Err(ForecastError::NoQuantiles { .. }) => Bands::Points,
                Err(error) => {
                    failures.push(self.failure(Some(place), cutoff(&place.history), error.to_string()));
                    Bands::Missing
                }
            };
        }
        BlockOutcome { forecasts, failures }
    }

    fn failure(&self, place: Option<&Place<'_>>, cutoff: usize, message: String) -> Failure {
        let unique_id = place.map(|place| place.history.unique_id().to_owned());
        Failure {
            model: self.model.name().to_owned(),
            unique_id,
            cutoff,
            message,
        }
    }
}

fn cutoff(history: &History<'_>) -> usize {
    history.first_index() + history.len()
}

/// One forecast per place: in one batch, or one by one if the batch fails, so that only what fails is missing.
fn values(fitted: &dyn FittedForecaster, places: &[Place<'_>], horizon: usize) -> Vec<Result<Vec<f64>, String>> {
    let histories: Vec<History<'_>> = places.iter().map(|place| place.history).collect();
    let checked = |values: Vec<f64>| match values.len() {
        length if length == horizon => Ok(values),
        length => Err(format!("gave {length} values for a horizon of {horizon}")),
    };
    match fitted.forecast_batch(&histories, horizon) {
        Ok(forecasts) if forecasts.len() == histories.len() => forecasts.into_iter().map(checked).collect(),
        _ => {
            let single = |history| fitted.forecast(history, horizon).map_err(|error| error.to_string());
            histories
                .iter()
                .map(|history| single(history).and_then(checked))
                .collect()
        }
    }
}

/// The bounds that the model itself gives, by level, one per place: of all at once, or place by place if that fails.
fn bounds(
    fitted: &dyn FittedForecaster,
    places: &[Place<'_>],
    plan: &Backtest,
) -> Vec<Result<OwnBounds, ForecastError>> {
    match bounds_of_all(fitted, places, plan) {
        Ok(all) => all.into_iter().map(Ok).collect(),
        // It forecasts none anywhere.
        Err(ForecastError::NoQuantiles { .. }) => Vec::new(),
        Err(_) => {
            let single = |place| Ok(bounds_of_all(fitted, std::slice::from_ref(place), plan)?.swap_remove(0));
            places.iter().map(single).collect()
        }
    }
}

/// The bounds that the model itself gives, by place and level.
fn bounds_of_all(
    fitted: &dyn FittedForecaster,
    places: &[Place<'_>],
    plan: &Backtest,
) -> Result<Vec<OwnBounds>, ForecastError> {
    let levels = plan.levels();
    if levels.is_empty() {
        return Err(ForecastError::NoQuantiles {
            model: fitted.name().to_owned(),
        });
    }
    let histories: Vec<History<'_>> = places.iter().map(|place| place.history).collect();
    let probabilities: Vec<f64> = levels
        .iter()
        .flat_map(|level| <[f64; 2]>::from(level.probabilities()))
        .collect();
    let quantiles = fitted.forecast_quantiles(&histories, plan.horizon, &probabilities)?;
    let fits = |of_place: &Vec<Vec<f64>>| {
        of_place.len() == probabilities.len() && of_place.iter().all(|values| values.len() == plan.horizon)
    };
    if quantiles.len() != places.len() || !quantiles.iter().all(fits) {
        let source = "gave another number of quantiles than was asked for".into();
        return Err(ForecastError::Model {
            model: fitted.name().to_owned(),
            source,
        });
    }
    let paired = |of_place: Vec<Vec<f64>>| {
        let mut quantiles = of_place.into_iter();
        std::iter::from_fn(|| Some((quantiles.next()?, quantiles.next()?))).collect()
    };
    Ok(quantiles.into_iter().map(paired).collect())
}
