//! A forecast as a page to look at.

use std::path::Path;

use recurra_report::forecast::{Band, Earlier, MethodScore, Segment};
use recurra_zoo::model_file::{ModelFile, SavedModel};

use crate::dataset::Dataset;
use crate::failure::Failure;
use crate::forecast_table::{Forecasts, Row};
use crate::page;

/// Writes the page: the data with its forecasts, and how far off the model was when it was measured.
pub(super) fn page(file: &ModelFile, dataset: &Dataset, forecasts: &Forecasts, path: &Path) -> Result<(), Failure> {
    let name = file.model.name();
    let mut report = page::report(format!("forecast of {} by {name}", dataset.file), dataset);
    report.curves = page::saved_curves(file);
    let series = report_series(dataset, forecasts);
    report.series = series;
    if let SavedModel::Network(fitted) = &file.model {
        report
            .facts
            .push(("parameters".to_owned(), fitted.network().parameter_count().to_string()));
        report
            .facts
            .push(("window".to_owned(), fitted.settings().window.to_string()));
    }
    report.facts.push((
        "fitted on".to_owned(),
        format!(
            "{} values from {} to {}",
            file.data.points, file.data.first, file.data.last
        ),
    ));
    if let Some(part) = file.hold_out.as_ref().filter(|part| part.points > 0) {
        report.metrics = vec!["MAE".to_owned()];
        let score = |method: &str, mae: f64| MethodScore {
            method: method.to_owned(),
            values: vec![Some(mae)],
        };
        report.scores = vec![score(name, part.mae), score("naive", part.naive_mae)];
        report.facts.push((
            "errors".to_owned(),
            format!(
                "{} forecasts of the part held out when the model was fitted, 1 to {} steps ahead",
                part.points, part.horizon
            ),
        ));
        // With one series, its own unit; with several, residuals are comparable in the sizes of their changes alone.
        let scale = part.scales.values().next().copied().filter(|_| part.scales.len() == 1);
        report.earlier = part.residuals.first().map(|residuals| Earlier {
            residuals: residuals
                .iter()
                .map(|residual| residual * scale.unwrap_or(1.0))
                .collect(),
            unit: scale.map_or_else(
                || "typical changes of a series".to_owned(),
                |_| report.value_name.clone(),
            ),
        });
    }
    report
        .facts
        .push(("version".to_owned(), env!("CARGO_PKG_VERSION").to_owned()));
    page::write(&report, path)
}

fn report_series(dataset: &Dataset, forecasts: &Forecasts) -> Vec<recurra_report::forecast::SeriesReport> {
    let series = &dataset.panel.series;
    let steps = forecasts.rows.len() / series.len().max(1);
    let rows = forecasts.rows.chunks(steps.max(1));
    let one = |(series, rows): (&recurra_series::Series, &[Row])| {
        let mut shown = page::series(series);
        shown.times.extend(rows.iter().map(|row| row.time.to_string()));
        let interval = |(at, level): (usize, &recurra_evaluation::metrics::Level)| {
            let bounds: Option<Vec<(f64, f64)>> = rows.iter().map(|row| row.intervals.get(at).copied()).collect();
            let (lower, upper) = bounds?.into_iter().unzip();
            Some(Band {
                level: f64::from(level.percent()),
                lower,
                upper,
            })
        };
        let mut intervals: Vec<Band> = forecasts.levels.iter().enumerate().filter_map(interval).collect();
        intervals.sort_by(|a, b| b.level.total_cmp(&a.level));
        shown.forecasts.push(Segment {
            start: series.len(),
            first_step: 1,
            mean: rows.iter().map(|row| row.value).collect(),
            intervals,
        });
        shown
    };
    series.iter().zip(rows).map(one).collect()
}
