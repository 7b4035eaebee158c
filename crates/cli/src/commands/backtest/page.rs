//! A backtest as a page to look at.

use std::path::Path;

use recurra_evaluation::backtest::{BacktestResult, ForecastRow};
use recurra_evaluation::metrics::Metric;
use recurra_report::forecast::{ForecastReport, Interval, Score, Segment, SeriesReport, write};

use crate::dataset::Dataset;
use crate::failure::Failure;

/// The metrics of the page's table.
const METRICS: [(Metric, &str); 4] = [
    (Metric::Mae, "MAE"),
    (Metric::Rmse, "RMSE"),
    (Metric::Mase, "MASE"),
    (Metric::Bias, "bias"),
];

/// Writes the page: the scores of all models, and the forecasts of the first one that was asked for.
pub(super) fn page(result: &BacktestResult, dataset: &Dataset, model: &str, path: &Path) -> Result<(), Failure> {
    let series = dataset.panel.series.iter().map(|series| {
        let name = series.unique_id().unwrap_or_default();
        let rows = result
            .table
            .rows
            .iter()
            .filter(|row| &*row.model == model && &*row.unique_id == name);
        let rows: Vec<&ForecastRow> = rows.collect();
        let values = series.values().iter().enumerate();
        SeriesReport {
            unique_id: if name.is_empty() {
                "series".to_owned()
            } else {
                name.to_owned()
            },
            times: series.times().iter().map(ToString::to_string).collect(),
            values: values
                .map(|(at, value)| Some(*value).filter(|_| !series.is_filled(at)))
                .collect(),
            split: None,
            // A fold, and within it a stretch without values that are not scored.
            forecasts: rows
                .chunk_by(|left, right| left.cutoff == right.cutoff && left.index + 1 == right.index)
                .map(|rows| segment(result, rows))
                .collect(),
        }
    });
    let mut models = result.table.models();
    models.sort_by_key(|other| *other != model);
    let scores = models.into_iter().map(|model| {
        let value = |(metric, _): &(Metric, &str)| {
            result
                .pooled(*metric)
                .into_iter()
                .find(|score| score.model == model)?
                .value
        };
        Score {
            method: model.to_owned(),
            values: METRICS.iter().map(value).collect(),
        }
    });
    let plan = &result.plan;
    let report = ForecastReport {
        title: format!("{model} on {}", dataset.file),
        command: std::env::args().collect::<Vec<_>>().join(" "),
        facts: vec![
            ("horizon".to_owned(), plan.horizon.to_string()),
            ("folds".to_owned(), plan.folds.to_string()),
            ("steps between folds".to_owned(), plan.step.to_string()),
            ("version".to_owned(), env!("CARGO_PKG_VERSION").to_owned()),
        ],
        series: series.collect(),
        curves: Vec::new(),
        metrics: METRICS.iter().map(|(_, name)| (*name).to_owned()).collect(),
        scores: scores.collect(),
    };
    write(&report, path).map_err(Failure::input)
}

fn segment(result: &BacktestResult, rows: &[&ForecastRow]) -> Segment {
    let intervals = result.table.levels.iter().enumerate().rev().filter_map(|(at, level)| {
        let bounds: Option<Vec<_>> = rows.iter().map(|row| row.bounds[at]).collect();
        let bounds = bounds?;
        Some(Interval {
            level: f64::from(level.percent()),
            lower: bounds.iter().map(|bounds| bounds.lower).collect(),
            upper: bounds.iter().map(|bounds| bounds.upper).collect(),
        })
    });
    Segment {
        start: rows.first().map_or(0, |row| row.index),
        mean: rows.iter().map(|row| row.yhat).collect(),
        intervals: intervals.collect(),
    }
}
