//! The page of one model's report.

use super::selection::{EACH, Selection, select, worst_first};
use super::views::{self, Group, figures};
use super::{ForecastReport, SeriesReport, across, still};
use crate::ReportError;
use crate::html::embed::{self, Pick};
use crate::html::figure;
use crate::html::view::View;
use maud::{Markup, PreEscaped, html};

/// Rows of the table of series; of more series, the worst and the best half of so many.
const ROWS: usize = 500;

/// The whole page: the answer (scores), the data with its forecasts, training, residuals, how it was made.
pub(crate) fn page(report: &ForecastReport) -> Result<String, ReportError> {
    let selection = select(report);
    let name = &report.value_name;
    let charts = |(position, series): &(usize, SeriesReport)| {
        let id = position.to_string();
        (views::data(series, &id, name), views::left_over(series, &id, name))
    };
    let (data, residuals): (Vec<Group>, Vec<Option<Group>>) = selection.shown.iter().map(charts).unzip();
    let training: Vec<Group> = views::training(report).into_iter().collect();
    let earlier: Vec<Group> = report.earlier.as_ref().and_then(views::earlier).into_iter().collect();
    let all: Vec<Group> = [across::by_series(report), across::by_step(report)]
        .into_iter()
        .flatten()
        .collect();
    let many = report.series.len() > EACH;
    let picks = if many {
        picks(report, &selection, &data, &residuals)
    } else {
        Vec::new()
    };
    let residuals: Vec<Group> = residuals.into_iter().flatten().collect();
    let note = shortened(&selection);
    let body = html! {
        header {
            h1 { (report.title) }
            @if let Some(best) = verdict(report) { p.verdict-line { (best) } }
            button #theme type="button" hidden {}
            (parts(report, many, !all.is_empty(), !training.is_empty(), !residuals.is_empty() || !earlier.is_empty()))
        }
        main {
            @if !report.scores.is_empty() { (scores(report)) }
            @if many {
                @if !all.is_empty() { (section("all", "All series", &all, None, &table(report, &selection))?) }
                (one(&selection, report, &data, note.as_deref())?)
            } @else {
                (section("data", "Data and forecasts", &data, note, &html! {})?)
                @if !all.is_empty() { (section("all", "All forecasts", &all, None, &html! {})?) }
            }
            @if !training.is_empty() { (section("training", "Training", &training, None, &html! {})?) }
            @if !many && !residuals.is_empty() { (section("residuals", "Residuals", &residuals, None, &html! {})?) }
            @if !earlier.is_empty() { (section("residuals", "Residuals", &earlier, None, &html! {})?) }
            (method(report))
        }
    };
    let groups = [data, all, training, residuals, earlier].into_iter().flatten();
    let views: Vec<View> = groups.flat_map(|group| group.views).collect();
    embed::document(&report.title, &body, views, &picks)
}

/// The way to each part.
fn parts(report: &ForecastReport, many: bool, all: bool, training: bool, residuals: bool) -> Markup {
    let one = if many {
        ("one", "one series")
    } else {
        ("data", "data and forecasts")
    };
    let all_words = if many { "all series" } else { "all forecasts" };
    let links = [
        (!report.scores.is_empty(), ("scores", "errors")),
        (all && many, ("all", all_words)),
        (true, one),
        (all && !many, ("all", all_words)),
        (training, ("training", "training")),
        (residuals && !many, ("residuals", "residuals")),
        (true, ("method", "how it was made")),
    ];
    html! {
        nav aria-label="parts of the report" {
            @for (_, (id, words)) in links.iter().filter(|(there, _)| *there) { a href={ "#" (id) } { (words) } }
        }
    }
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
                            tr { th scope="row" { (score.method) } @for value in &score.values { td.figure.ours[position == 0] { (cell(*value)) } } }
                        }
                    }
                }
            }
            p.said { "In units of " (report.value_name) " unless the metric has none. Lower is better; a bias is best near 0." }
            @for (level, share, count) in across::coverage(report) {
                p { "The " (level) " % intervals held " (format!("{share:.1}")) " % of " (count) " values." }
            }
        }
    }
}

fn cell(value: Option<f64>) -> String {
    value.map_or_else(|| "undefined".to_owned(), figures)
}

fn section(
    id: &str,
    title: &str,
    groups: &[Group],
    note: Option<String>,
    more: &Markup,
) -> Result<Markup, ReportError> {
    let stills = groups.iter().map(still::group).collect::<Result<Vec<_>, _>>()?;
    Ok(html! {
        section id=(id) aria-labelledby={ (id) "-title" } {
            h2 id={ (id) "-title" } { (title) }
            @if let Some(note) = note { p { (note) } }
            @for (group, still) in groups.iter().zip(&stills) { (figure::figure(&group.title, &group.note, &group.views, Some(still))) }
            (more)
        }
    })
}

/// One series at a time, chosen by the reader; without scripts, the worst, the middle and the best.
fn one(
    selection: &Selection,
    report: &ForecastReport,
    data: &[Group],
    note: Option<&str>,
) -> Result<Markup, ReportError> {
    let order = order(selection, report);
    let mut shown = vec![
        order.first(),
        order.get(order.len().saturating_sub(1) / 2),
        order.last(),
    ];
    shown.dedup();
    let stills = shown
        .into_iter()
        .flatten()
        .map(|at| still::group(&data[*at]))
        .collect::<Result<Vec<_>, _>>()?;
    let (held, all) = (selection.shown.len(), report.series.len());
    let (which, errors) = match report.series.iter().any(SeriesReport::is_bare) {
        true => (
            "chosen as it says at its end",
            "the errors above are those of all of them, but for those by steps ahead",
        ),
        false => ("the worst and the best", "the errors above are those of all of them"),
    };
    Ok(html! {
        section id="one" aria-labelledby="one-title" {
            h2 id="one-title" { "One series" }
            @if held < all {
                p { "This page holds " (held) " of " (all) " series, " (which) "; " (errors) "." }
            }
            @if let Some(note) = note { p { (note) } }
            div #picker hidden {
                label for="pick" { "series" }
                input #pick type="search" list="pick-names" autocomplete="off";
                datalist #pick-names {}
                div role="group" aria-label="go to a series" {
                    @for go in ["worst", "worse", "middle", "better", "best"] { button type="button" data-go=(go) { (go) } }
                }
                p aria-live="polite" {}
            }
            (figure::picked("series"))
            (figure::picked("residuals"))
            noscript {
                p { "Without scripts: the worst, the middle and the best series." }
                @for still in &stills { figure { (PreEscaped(still)) } }
            }
        }
    })
}

/// Positions in the selection, from the worst series to the best.
fn order(selection: &Selection, report: &ForecastReport) -> Vec<usize> {
    let place = |position: usize| selection.shown.iter().position(|(shown, _)| *shown == position);
    worst_first(report).into_iter().filter_map(place).collect()
}

fn picks(report: &ForecastReport, selection: &Selection, data: &[Group], residuals: &[Option<Group>]) -> Vec<Pick> {
    let pick = |at: usize| Pick {
        id: selection.shown[at].0.to_string(),
        name: data[at].title.clone(),
        notes: [
            match verdict_of(report, &selection.shown[at].1) {
                Some(verdict) => format!("{}; {verdict}", data[at].note),
                None => data[at].note.clone(),
            },
            residuals[at]
                .as_ref()
                .map_or_else(String::new, |group| group.note.clone()),
        ],
    };
    order(selection, report).into_iter().map(pick).collect()
}

/// The errors of all methods on one series: `MAE: gru-1x32 2.51, naive 5.94`.
fn verdict_of(report: &ForecastReport, series: &SeriesReport) -> Option<String> {
    let metric = report.metrics.first()?;
    let errors = report.scores.iter().zip(&series.errors);
    let words: Vec<String> = errors
        .map(|(score, error)| format!("{} {}", score.method, cell(*error)))
        .collect();
    (!words.is_empty()).then(|| format!("{metric}: {}", words.join(", ")))
}

/// The errors of every series, from the worst to the best; a series that the page holds is a link to its charts.
fn table(report: &ForecastReport, selection: &Selection) -> Markup {
    let order: Vec<usize> = worst_first(report)
        .into_iter()
        .filter(|at| report.series[*at].rank().is_some())
        .collect();
    let left_out = order.len().saturating_sub(ROWS);
    let half = ROWS.min(order.len()) / 2;
    let metric = report.metrics.first().map_or("", String::as_str);
    let held: std::collections::HashSet<usize> = selection.shown.iter().map(|(position, _)| *position).collect();
    html! {
        @if !order.is_empty() {
            details open {
                summary { (metric) " of every series, from the worst to the best beside the baselines" }
                div.scroll.tall tabindex="0" role="region" aria-label="errors of every series" {
                    table {
                        thead { tr { th scope="col" { "series" } @for score in &report.scores { th scope="col" { (score.method) } } } }
                        tbody {
                            @for (row, at) in order.iter().enumerate().filter(|(row, _)| left_out == 0 || *row < half || *row >= half + left_out) {
                                @if left_out > 0 && row == half + left_out { tr { td colspan=(report.scores.len() + 1) { "… " (left_out) " series between …" } } }
                                tr {
                                    th scope="row" {
                                        @if held.contains(at) { a href="#one" data-pick=(at) { (report.series[*at].unique_id) } }
                                        @else { (report.series[*at].unique_id) }
                                    }
                                    @for (method, error) in report.series[*at].errors.iter().enumerate() { td.figure.ours[method == 0] { (cell(*error)) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn shortened(selection: &Selection) -> Option<String> {
    let kept = selection.shortened?;
    Some(format!(
        "To keep this page small, the charts begin {kept} values before the first forecast at most."
    ))
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
