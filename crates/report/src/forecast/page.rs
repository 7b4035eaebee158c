//! The page of one model's report.

use super::views::{self, Group};
use super::{CHARTED, ForecastReport};
use crate::ReportError;
use crate::html::{embed, figure};
use maud::{Markup, html};

/// The whole page: the answer (scores), the data with its forecasts, training, residuals, how it was made.
pub(crate) fn page(report: &ForecastReport) -> Result<String, ReportError> {
    let charted = || report.series.iter().take(CHARTED).enumerate();
    let data: Vec<Group> = charted().map(|(k, series)| views::data(series, k)).collect();
    let training = views::training(report);
    let residuals: Vec<Group> = charted()
        .filter_map(|(k, series)| views::left_over(series, k))
        .collect();
    let body = html! {
        header {
            h1 { (report.title) }
            @if let Some(best) = verdict(report) { p { (best) } }
            button #theme type="button" hidden {}
        }
        main {
            @if !report.scores.is_empty() { (scores(report)) }
            (section("data", "Data and forecasts", &data, more(report)))
            @if let Some(training) = &training { (section("training", "Training", std::slice::from_ref(training), None)) }
            @if !residuals.is_empty() { (section("residuals", "Residuals", &residuals, None)) }
            (method(report))
        }
    };
    let views: Vec<_> = data
        .into_iter()
        .chain(training)
        .chain(residuals)
        .flat_map(|group| group.views)
        .collect();
    embed::document(&report.title, &body, &views)
}

/// How the model stands to the baselines by the first metric.
fn verdict(report: &ForecastReport) -> Option<String> {
    let metric = report.metrics.first()?;
    let (model, baselines) = report.scores.split_first()?;
    let own = (*model.values.first()?)?;
    let known = baselines
        .iter()
        .filter_map(|score| Some((&score.method, (*score.values.first()?)?)));
    let (name, best) = known.min_by(|a, b| a.1.total_cmp(&b.1))?;
    let relation = if own < best { "below" } else { "not below" };
    Some(format!(
        "{} has {metric} {}, {relation} that of the best baseline ({name}, {}).",
        model.method,
        figures(own),
        figures(best)
    ))
}

fn scores(report: &ForecastReport) -> Markup {
    html! {
        section id="scores" aria-labelledby="scores-title" {
            h2 id="scores-title" { "How far off is it?" }
            div.scroll tabindex="0" role="region" aria-label="errors of the model and the baselines" {
                table {
                    thead { tr { th scope="col" { "method" } @for metric in &report.metrics { th scope="col" { (metric) } } } }
                    tbody {
                        @for (position, score) in report.scores.iter().enumerate() {
                            tr { th scope="row" { (score.method) } @for value in &score.values { td.figure.ours[position == 0] { (value.map_or_else(|| "undefined".to_owned(), figures)) } } }
                        }
                    }
                }
            }
        }
    }
}

fn section(id: &str, title: &str, groups: &[Group], note: Option<String>) -> Markup {
    html! {
        section id=(id) aria-labelledby={ (id) "-title" } {
            h2 id={ (id) "-title" } { (title) }
            @if let Some(note) = note { p { (note) } }
            @for group in groups { (figure::figure(&group.title, &group.note, &group.views, None)) }
        }
    }
}

fn more(report: &ForecastReport) -> Option<String> {
    let all = report.series.len();
    (all > CHARTED)
        .then(|| format!("The first {CHARTED} of {all} series are drawn; the scores are those of all of them."))
}

fn method(report: &ForecastReport) -> Markup {
    html! {
        section id="method" aria-labelledby="method-title" {
            h2 id="method-title" { "How it was made" }
            @if !report.command.is_empty() { p { code { (report.command) } } }
            dl { @for (name, value) in &report.facts { dt { (name) } dd { (value) } } }
            (figure::credit())
        }
    }
}

/// Four significant digits.
fn figures(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return format!("{value}");
    }
    let digits = libm::log10(value.abs()).floor() as i32;
    let decimals = (3 - digits).clamp(0, 9) as usize;
    format!("{value:.decimals$}").replace('-', "−")
}

#[cfg(test)]
mod tests {
    use super::figures;

    #[test]
    fn scores_have_four_digits() {
        assert_eq!(
            [5.93789, 0.012345, 12345.6, -1.0, 0.0].map(figures),
            ["5.938", "0.01235", "12346", "−1.000", "0"]
        );
    }
}
