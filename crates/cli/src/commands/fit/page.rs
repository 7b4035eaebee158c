//! A fit as a page to look at: the held-out part as the measured model saw it, and what the final model says comes next.

use std::path::Path;

use recurra_report::forecast::{ForecastReport, MethodScore};
use recurra_series::Series;
use recurra_zoo::model_file::{ModelFile, SavedModel};

use super::held::Held;
use super::job::Job;
use super::scored;
use super::upcoming::next;
use crate::failure::Failure;
use crate::page;

/// Writes the page.
pub(super) fn page(file: &ModelFile, job: &Job<'_>, held: Option<Held>, path: &Path) -> Result<(), Failure> {
    let dataset = job.dataset;
    let mut report = page::report(format!("{} on {}", file.model.name(), dataset.file), dataset);
    report.facts.extend(model_facts(file, job.horizon));
    if let Some(part) = scored(file) {
        let words = format!(
            "{} forecasts, 1 to {} steps ahead from every time of it",
            part.points, part.horizon
        );
        report.facts.push(("held-out part".to_owned(), words));
        report.facts.push((
            "what is drawn of it".to_owned(),
            format!(
                "forecasts over {} steps, one after the other; the errors by series are theirs",
                part.horizon
            ),
        ));
    }
    training(&mut report, file);
    report.series = dataset.panel.series.iter().map(page::series).collect();
    if let Some(held) = held {
        scores(&mut report, held.methods.iter().map(|(method, mae, _)| (method, *mae)));
        for (at, (series, stretches)) in report.series.iter_mut().zip(held.stretches).enumerate() {
            series.split = Some(held.firsts[at]);
            series.forecasts = stretches;
            series.errors = held.methods.iter().map(|(.., errors)| errors[at]).collect();
        }
    }
    let series: Vec<&Series> = dataset.panel.series.iter().collect();
    let next = next(file, &series, dataset.panel.frequency, job.horizon);
    for (series, next) in report.series.iter_mut().zip(next) {
        next.follow(series);
    }
    page::write(&report, path)
}

/// The facts of a model.
pub(super) fn model_facts(file: &ModelFile, horizon: usize) -> Vec<(String, String)> {
    let mut facts = Vec::new();
    if let SavedModel::Network(fitted) = &file.model {
        let settings = fitted.settings();
        facts.extend([
            ("parameters".to_owned(), fitted.network().parameter_count().to_string()),
            ("window".to_owned(), settings.window.to_string()),
            ("strategy".to_owned(), settings.strategy.to_string()),
            ("scale".to_owned(), settings.scale.to_string()),
            ("seed".to_owned(), settings.training.seed.to_string()),
        ]);
    }
    facts.push(("horizon".to_owned(), horizon.to_string()));
    facts
}

/// Adds the version, and how the trainings went.
pub(super) fn training(report: &mut ForecastReport, file: &ModelFile) {
    report
        .facts
        .push(("version".to_owned(), env!("CARGO_PKG_VERSION").to_owned()));
    report.curves = page::saved_curves(file);
    if file.refitted && !report.curves.is_empty() {
        let words = "first without the held-out part, to measure the model, then on all data";
        report.facts.push(("fits".to_owned(), words.to_owned()));
    }
}

/// The MAE of every method.
pub(super) fn scores<'m>(report: &mut ForecastReport, methods: impl Iterator<Item = (&'m String, f64)>) {
    report.metrics = vec!["MAE".to_owned()];
    let score = |(method, mae): (&String, f64)| MethodScore {
        method: method.clone(),
        values: vec![Some(mae)],
    };
    report.scores = methods.map(score).collect();
}
