//! From the forecasts of one model and one series to rows with intervals.

use super::block_outcome::{Bands, Forecast};
use super::folds::Fold;
use super::plan::Backtest;
use super::row::ForecastRow;
use crate::intervals::{AdaptiveLevel, ConformalErrors, outside, widened};
use crate::metrics::Level;
use crate::statistics::Interval;
use recurra_series::Series;
use std::sync::Arc;

/// What is added on both sides of a forecast's bands, by fold, then level; `None` where there are too few errors.
type Margins = Vec<Vec<Option<f64>>>;

impl Backtest {
    /// The rows of one model and one series: its scored folds, without values that were filled in.
    pub(super) fn rows(
        &self,
        model: &Arc<str>,
        unique_id: &Arc<str>,
        series: &Series,
        cutoffs: &[Fold],
        forecasts: &[Option<Forecast>],
    ) -> Vec<ForecastRow> {
        let mut rows = Vec::new();
        let margins: Vec<Margins> = (0..self.horizon)
            .map(|offset| self.margins(series, cutoffs, forecasts, offset))
            .collect();
        let scored = cutoffs.iter().enumerate().filter(|(_, fold)| fold.scored);
        for (fold, Fold { cutoff, .. }) in scored {
            let Some(forecast) = &forecasts[fold] else { continue };
            for (offset, &yhat) in forecast.values.iter().enumerate() {
                let index = cutoff + offset;
                if series.is_filled(index) {
                    continue;
                }
                let bands = margins[offset][fold].iter().enumerate();
                let bounds = bands.map(|(level, margin)| widened(band(forecast, level, offset)?, (*margin)?));
                let own = match &forecast.bands {
                    Bands::Own(own) => own.as_slice(),
                    Bands::Points | Bands::Missing => &[],
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
                    bounds: bounds.collect(),
                    quantiles: own
                        .iter()
                        .map(|(lower, upper)| Interval {
                            lower: lower[offset],
                            upper: upper[offset],
                        })
                        .collect(),
                });
            }
        }
        rows
    }

    /// The margins of one step of the horizon, by fold and level. Every fold takes errors and misses into account that had been
    /// observed at its cutoff, and no others.
    fn margins(&self, series: &Series, cutoffs: &[Fold], forecasts: &[Option<Forecast>], offset: usize) -> Margins {
        let Some(calibration) = &self.calibration else {
            return vec![Vec::new(); cutoffs.len()];
        };
        let adaptive = |level: &Level| AdaptiveLevel::new(*level, self.adaptation);
        let mut levels: Vec<AdaptiveLevel> = calibration.levels.iter().map(adaptive).collect();
        let mut margins: Margins = Vec::with_capacity(cutoffs.len());
        let mut judged = 0;
        for (fold, Fold { cutoff, scored }) in cutoffs.iter().enumerate() {
            while judged < fold && cutoffs[judged].cutoff + offset < *cutoff {
                for (place, (level, margin)) in levels.iter_mut().zip(&margins[judged]).enumerate() {
                    let error = error(series, &cutoffs[judged], forecasts[judged].as_ref(), place, offset);
                    if let (Some(error), Some(margin)) = (error, margin) {
                        if error.is_nan() || error > *margin {
                            level.missed();
                        } else {
                            level.held();
                        }
                    }
                }
                judged += 1;
            }
            let of_level = |(place, (level, adaptive)): (usize, (&Level, &AdaptiveLevel))| {
                let errors = self.observed_errors(series, &cutoffs[..fold], forecasts, *cutoff, place, offset);
                errors.shifted_margin(*level, adaptive.shift())
            };
            margins.push(if *scored {
                calibration
                    .levels
                    .iter()
                    .zip(&levels)
                    .enumerate()
                    .map(of_level)
                    .collect()
            } else {
                Vec::new()
            });
        }
        margins
    }

    /// The latest errors, of earlier folds and the same step, of values that had been observed at the cutoff.
    fn observed_errors(
        &self,
        series: &Series,
        earlier: &[Fold],
        forecasts: &[Option<Forecast>],
        cutoff: usize,
        level: usize,
        offset: usize,
    ) -> ConformalErrors {
        let most = self.calibration.as_ref().map_or(0, |calibration| calibration.errors);
        let observed = earlier
            .iter()
            .zip(forecasts)
            .rev()
            .filter(|(fold, _)| fold.cutoff + offset < cutoff);
        let observed = observed.filter_map(|(fold, forecast)| error(series, fold, forecast.as_ref(), level, offset));
        ConformalErrors::of_bands(observed.take(most))
    }
}

/// What an interval is made around: the quantiles that the model itself forecasts, or its point forecast, a band without width.
fn band(forecast: &Forecast, level: usize, offset: usize) -> Option<Interval> {
    match &forecast.bands {
        Bands::Own(own) => Some(Interval {
            lower: own[level].0[offset],
            upper: own[level].1[offset],
        }),
        Bands::Points => Some(Interval {
            lower: forecast.values[offset],
            upper: forecast.values[offset],
        }),
        Bands::Missing => None,
    }
}

/// How far outside its band the value lay, unless there was no forecast or no band, or the value was filled in.
fn error(series: &Series, fold: &Fold, forecast: Option<&Forecast>, level: usize, offset: usize) -> Option<f64> {
    let index = fold.cutoff + offset;
    if series.is_filled(index) {
        return None;
    }
    Some(outside(series.values()[index], band(forecast?, level, offset)?))
}
