//! A backtest as a page to look at.

use std::collections::HashMap;
use std::path::Path;

use recurra_evaluation::backtest::{BacktestResult, ForecastRow, Grouping};
use recurra_report::forecast::{Band, MethodScore, Segment, SeriesReport};
use recurra_training::History;

use crate::dataset::Dataset;
use crate::failure::Failure;
use crate::page::{self, METRICS};

/// Writes the page: the scores of all models, and the forecasts of the first one that was asked for, whose training
/// `history` is if it was trained once.
pub(super) fn page(
    result: &BacktestResult,
    dataset: &Dataset,
    model: &str,
    history: Option<&History>,
    path: &Path,
) -> Result<(), Failure> {
    let mut models = result.table.models();
    models.sort_by_key(|other| *other != model);
    let mut report = page::report(format!("backtest of {model} on {}", dataset.file), dataset);
    let plan = &result.plan;
    report.facts.extend([
        ("horizon".to_owned(), plan.horizon.to_string()),
        ("folds".to_owned(), plan.folds.to_string()),
        ("steps between folds".to_owned(), plan.step.to_string()),
        ("version".to_owned(), env!("CARGO_PKG_VERSION").to_owned()),
    ]);
    report.curves = history.map_or_else(Vec::new, |history| page::curves("", history));
    report.metrics = METRICS.iter().map(|(_, name)| (*name).to_owned()).collect();
    let pooled = METRICS.map(|(metric, _)| result.pooled(metric));
    report.scores = models
        .iter()
        .map(|model| MethodScore {
            method: (*model).to_owned(),
            values: pooled
                .iter()
                .map(|scores| scores.iter().find(|score| score.model == *model)?.value)
                .collect(),
        })
        .collect();
    let (errors, mut rows) = (errors(result), rows(result, model));
    let first = rows.values().flatten().map(|row| row.index).min();
    report.series = dataset
        .panel
        .series
        .iter()
        .map(|series| {
            let name = series.unique_id().unwrap_or_default();
            let rows = rows.remove(name).unwrap_or_default();
            let own = models
                .iter()
                .map(|model| errors.get(&(*model, name)).copied().flatten());
            SeriesReport {
                split: rows
                    .first()
                    .map(|row| row.index)
                    .or(first)
                    .filter(|split| *split < series.len()),
                // A fold, and within it a stretch without values that are not scored.
                forecasts: rows
                    .chunk_by(|left, right| left.cutoff == right.cutoff && left.index + 1 == right.index)
                    .map(|rows| segment(result, rows))
                    .collect(),
                errors: own.collect(),
                ..page::series(series)
            }
        })
        .collect();
    page::write(&report, path)
}

/// The first metric of every model on every series.
fn errors(result: &BacktestResult) -> HashMap<(&str, &str), Option<f64>> {
    let names: HashMap<String, &str> = result
        .table
        .series()
        .into_iter()
        .map(|name| (name.to_owned(), name))
        .collect();
    let models = result.table.models();
    let found = result
        .scores(METRICS[0].0, Grouping::Series)
        .into_iter()
        .filter_map(|score| {
            let name = *names.get(score.unique_id.as_deref()?)?;
            let model = *models.iter().find(|model| **model == score.model)?;
            Some(((model, name), score.value))
        });
    found.collect()
}

/// A model's forecasts by series.
fn rows<'a>(result: &'a BacktestResult, model: &str) -> HashMap<&'a str, Vec<&'a ForecastRow>> {
    let mut rows: HashMap<&str, Vec<&ForecastRow>> = HashMap::new();
    for row in result.table.rows.iter().filter(|row| &*row.model == model) {
        rows.entry(&row.unique_id).or_default().push(row);
    }
    rows
}

fn segment(result: &BacktestResult, rows: &[&ForecastRow]) -> Segment {
    let intervals = result.table.levels.iter().enumerate().rev().filter_map(|(at, level)| {
        let bounds: Option<Vec<_>> = rows.iter().map(|row| row.bounds[at]).collect();
        let bounds = bounds?;
        Some(Band {
            level: f64::from(level.percent()),
            lower: bounds.iter().map(|bounds| bounds.lower).collect(),
            upper: bounds.iter().map(|bounds| bounds.upper).collect(),
        })
    });
    let first = rows.first();
    Segment {
        start: first.map_or(0, |row| row.index),
        first_step: first.map_or(1, |row| row.step),
        mean: rows.iter().map(|row| row.yhat).collect(),
        intervals: intervals.collect(),
    }
}
