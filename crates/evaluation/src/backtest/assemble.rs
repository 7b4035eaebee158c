//! From the forecasts of one model and one series to rows with intervals.

use super::block::Forecast;
use super::folds::Fold;
use super::plan::Backtest;
use super::row::ForecastRow;
use crate::intervals::{AdaptiveLevel, ConformalErrors};
use crate::metrics::Level;
use crate::statistics::Interval;
use recurra_series::Series;
use std::sync::Arc;

/// By fold, then level; `None` where there are too few errors.
type HalfWidths = Vec<Vec<Option<f64>>>;

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
        let half_widths: Vec<HalfWidths> = (0..self.horizon)
            .map(|offset| self.half_widths(series, cutoffs, forecasts, offset))
            .collect();
        let scored = cutoffs.iter().enumerate().filter(|(_, fold)| fold.scored);
        for (fold, Fold { cutoff, .. }) in scored {
            let Some(forecast) = &forecasts[fold] else { continue };
            for (offset, &yhat) in forecast.values.iter().enumerate() {
                let index = cutoff + offset;
                if series.is_filled(index) {
                    continue;
                }
                let bounds = match &forecast.bounds {
                    Some(own) => own
                        .iter()
                        .map(|(lower, upper)| finite(lower[offset], upper[offset]))
                        .collect(),
                    None => half_widths[offset][fold]
                        .iter()
                        .map(|half| half.and_then(|half| finite(yhat - half, yhat + half)))
                        .collect(),
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
                    bounds,
                });
            }
        }
        rows
    }

    /// The half-widths of one step of the horizon, by fold and level. Every fold takes errors and misses into account that
    /// had been observed at its cutoff, and no others.
    fn half_widths(
        &self,
        series: &Series,
        cutoffs: &[Fold],
        forecasts: &[Option<Forecast>],
        offset: usize,
    ) -> HalfWidths {
        let Some(calibration) = &self.calibration else {
            return vec![Vec::new(); cutoffs.len()];
        };
        let adaptive = |level: &Level| AdaptiveLevel::new(*level, self.adaptation);
        let mut levels: Vec<AdaptiveLevel> = calibration.levels.iter().map(adaptive).collect();
        let mut halves: HalfWidths = Vec::with_capacity(cutoffs.len());
        let mut judged = 0;
        for (fold, Fold { cutoff, scored }) in cutoffs.iter().enumerate() {
            while judged < fold && cutoffs[judged].cutoff + offset < *cutoff {
                if let Some(error) = error(series, &cutoffs[judged], forecasts[judged].as_ref(), offset) {
                    for (level, half) in levels.iter_mut().zip(&halves[judged]) {
                        half.iter()
                            .for_each(|half| level.observe(error.is_nan() || error.abs() > *half));
                    }
                }
                judged += 1;
            }
            halves.push(if *scored {
                let errors = self.observed_errors(series, &cutoffs[..fold], forecasts, *cutoff, offset);
                let pairs = calibration.levels.iter().zip(&levels);
                pairs
                    .map(|(level, adaptive)| errors.shifted_half_width(*level, adaptive.shift()))
                    .collect()
            } else {
                Vec::new()
            });
        }
        halves
    }

    /// The latest errors, of earlier folds and the same step, of values that had been observed at the cutoff.
    fn observed_errors(
        &self,
        series: &Series,
        earlier: &[Fold],
        forecasts: &[Option<Forecast>],
        cutoff: usize,
        offset: usize,
    ) -> ConformalErrors {
        let Some(calibration) = &self.calibration else {
            return ConformalErrors::new([]);
        };
        let observed = earlier
            .iter()
            .zip(forecasts)
            .rev()
            .filter(|(fold, _)| fold.cutoff + offset < cutoff);
        let observed = observed.filter_map(|(fold, forecast)| error(series, fold, forecast.as_ref(), offset));
        ConformalErrors::new(observed.take(calibration.errors))
    }
}

/// The error of a forecast, unless there was none or the value was filled in.
fn error(series: &Series, fold: &Fold, forecast: Option<&Forecast>, offset: usize) -> Option<f64> {
    let index = fold.cutoff + offset;
    if series.is_filled(index) {
        return None;
    }
    Some(forecast?.values[offset] - series.values()[index])
}

fn finite(lower: f64, upper: f64) -> Option<Interval> {
    (lower.is_finite() && upper.is_finite()).then_some(Interval { lower, upper })
}
