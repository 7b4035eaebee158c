//! From the forecasts of one model and one series to rows with intervals.

use super::block::Forecast;
use super::folds::Fold;
use super::plan::Backtest;
use super::row::ForecastRow;
use crate::intervals::ConformalErrors;
use crate::metrics::Level;
use crate::statistics::Interval;
use recurra_series::Series;
use std::sync::Arc;

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
        let levels = self.levels();
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
                    None => {
                        let errors = self.observed_errors(series, &cutoffs[..fold], forecasts, *cutoff, offset);
                        let half = |level: &Level| errors.half_width(*level);
                        levels
                            .iter()
                            .map(|level| half(level).and_then(|half| finite(yhat - half, yhat + half)))
                            .collect()
                    }
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
        let observed = earlier.iter().zip(forecasts).rev().filter_map(|(fold, forecast)| {
            let index = fold.cutoff + offset;
            let usable = index < cutoff && !series.is_filled(index);
            usable
                .then(|| Some(forecast.as_ref()?.values[offset] - series.values()[index]))
                .flatten()
        });
        ConformalErrors::new(observed.take(calibration.errors))
    }
}

fn finite(lower: f64, upper: f64) -> Option<Interval> {
    (lower.is_finite() && upper.is_finite()).then_some(Interval { lower, upper })
}
