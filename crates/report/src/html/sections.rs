//! The page's parts, from the answer to the machine.

use super::figure::{credit, figure};
use super::view::View;
use crate::charts::{Chart, Kind};
use crate::input::{Experiment, ReportInput};
use crate::records::Source;
use crate::stats::Spread;
use crate::table::{self, HEADINGS, Row, number, spread_cell};
use crate::{claims, distributions, method};
use maud::{Markup, html};

/// The title and the way to each part.
pub(crate) fn header(input: &ReportInput, charts: &[Chart]) -> Markup {
    html! {
        header {
            h1 { "Recurrent networks on the reference series" }
            p { "Every experiment of the tutorial, trained again over several seeds, beside Keras, naive, the best classical method and the noise." }
            button #theme type="button" hidden {}
            nav aria-label="parts of the report" {
                a href="#answer" { "answer" }
                @for experiment in &input.experiments { a href={ "#" (experiment.id) } { (experiment.id) } }
                @if !input.results.claims.is_empty() { a href="#claims" { "claims" } }
                @if !input.results.distributions.is_empty() { a href="#distributions" { "as Keras" } }
                a href="#method" { "method" }
            }
            (pictures(input, charts))
        }
    }
}

/// The way to every picture of the tutorial, by what it shows.
fn pictures(input: &ReportInput, charts: &[Chart]) -> Markup {
    let link = |chart: &Chart| {
        let words = match chart.kind {
            Kind::Series => "the series",
            Kind::RateSweep => "loss against learning rate",
            Kind::Forecast => "forecast",
            Kind::Curves => "loss and MAE",
            Kind::CurvesZoom => "loss and MAE enlarged",
            Kind::Distribution | Kind::Quantiles => return None,
        };
        let id = chart.view_id().replacen("view", "chart", 1);
        Some(html! { " " a href={ "#" (id) } { (words) } })
    };
    let of = |experiment: Option<&str>| {
        let own = charts.iter().filter(|chart| chart.experiment.as_deref() == experiment);
        own.filter_map(link).collect::<Vec<_>>()
    };
    let tutorial = input
        .experiments
        .iter()
        .filter(|experiment| experiment.source == Source::Tutorial);
    html! {
        nav.pictures aria-label="the tutorial's pictures" {
            b { "The tutorial's pictures" }
            @for link in of(None) { span { (link) } }
            @for experiment in tutorial {
                @let links = of(Some(&experiment.id));
                @if !links.is_empty() { span { (experiment.title) ":" @for link in links { (link) } } }
            }
        }
    }
}

/// The table and the charts that belong to no single experiment.
pub(crate) fn answer(input: &ReportInput, charts: &[Chart], views: &[View]) -> Markup {
    html! {
        section id="answer" aria-labelledby="answer-title" {
            h2 id="answer-title" { "How far off are they?" }
            @if let Some(verdict) = method::verdict(input) { p.verdict-line { (verdict) } }
            p { "Mean absolute error on the validation part, one step ahead: median [quartiles] over n seeds. Lower is better." }
            (answer_table(input))
            @for chart in charts.iter().filter(|chart| chart.experiment.is_none()) { (chart_figure(chart, views)) }
        }
    }
}

fn answer_table(input: &ReportInput) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label="errors of all experiments" {
            table {
                thead { tr { @for heading in HEADINGS { th scope="col" { (heading) } } } }
                tbody { @for row in table::rows(input) { (answer_row(&row)) } }
                tfoot {
                    @for line in table::references(input) {
                        tr { th scope="row" { (line.name()) } td {} td {} td.figure { b { (number(line.mae)) } } td {} }
                    }
                }
            }
        }
    }
}

fn answer_row(row: &Row) -> Markup {
    let [id, tutorial, _, _, share] = table::cells(row);
    html! {
        tr data-experiment=(row.id) {
            th scope="row" { a href={ "#" (row.id) } { (id) } @if row.source == Source::Ours { span.tag { "ours" } } }
            td { (tutorial) }
            td.figure { (spread(row.keras)) }
            td.figure.ours { (spread(row.ours)) }
            td.figure { (share) }
        }
    }
}

/// The median, and the rest smaller: below it where room is short.
fn spread(spread: Option<Spread>) -> Markup {
    let words = spread_cell(spread);
    let (median, rest) = words.split_once(' ').unwrap_or((&words, ""));
    html! { (median) @if !rest.is_empty() { " " span.rest { (rest) } } }
}

/// An experiment with its method and charts.
pub(crate) fn experiment(experiment: &Experiment, charts: &[Chart], views: &[View]) -> Markup {
    html! {
        section id=(experiment.id) aria-labelledby={ (experiment.id) "-title" } {
            h2 id={ (experiment.id) "-title" } { (experiment.title) }
            p { (experiment.description) }
            @if !experiment.tutorial.is_empty() { p.said { "The tutorial says: " (experiment.tutorial) "." } }
            @for chart in charts.iter().filter(|chart| chart.experiment.as_deref() == Some(&experiment.id)) { (chart_figure(chart, views)) }
        }
    }
}

/// A chart: its interactive panels, and the static picture for a browser without scripts.
fn chart_figure(chart: &Chart, views: &[View]) -> Markup {
    let id = chart.view_id();
    let own: Vec<View> = views
        .iter()
        .filter(|view| view.id.split('.').next() == Some(&id))
        .cloned()
        .collect();
    let heading = &chart.picture.heading;
    figure(&heading.title, &heading.subtitle, &own, Some(&chart.picture.svg))
}

/// The claims with their verdicts, if there are any.
pub(crate) fn claims(input: &ReportInput) -> Markup {
    let rows = &input.results.claims;
    html! {
        @if !rows.is_empty() {
            section id="claims" aria-labelledby="claims-title" {
                h2 id="claims-title" { "Claims, put to the test" }
                div.scroll tabindex="0" role="region" aria-label="claims and verdicts" {
                    table {
                        thead { tr { @for heading in claims::HEADINGS { th scope="col" { (heading) } } } }
                        tbody {
                            @for row in rows {
                                @let [claim, source, verdict, effect, interval, n] = claims::cells(row);
                                tr id={ "claim-" (row.id) } {
                                    th scope="row" { (claim) }
                                    td { (source) }
                                    td.verdict data-verdict=(verdict) { (verdict) }
                                    td.figure { (effect) } td.figure { (interval) } td.figure { (n) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The tests of our errors over seeds against Keras', if there are any.
pub(crate) fn distributions(input: &ReportInput) -> Markup {
    let rows = &input.results.distributions;
    html! {
        @if !rows.is_empty() {
            section id="distributions" aria-labelledby="distributions-title" {
                h2 id="distributions-title" { "The same as Keras?" }
                p { (distributions::ABOUT) }
                div.scroll tabindex="0" role="region" aria-label="tests against Keras" {
                    table {
                        thead { tr { @for heading in distributions::HEADINGS { th scope="col" { (heading) } } } }
                        tbody {
                            @for row in rows {
                                @let [experiment, figures @ ..] = distributions::cells(row);
                                tr data-distribution=(row.experiment) {
                                    th scope="row" { a href={ "#" (row.experiment) } { (experiment) } }
                                    @for figure in figures { td.figure { (figure) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// How it was measured, on what, and how to do it again.
pub(crate) fn method(input: &ReportInput) -> Markup {
    html! {
        section id="method" aria-labelledby="method-title" {
            h2 id="method-title" { "How it was measured" }
            ul { @for line in method::sentences(input) { li { (line) } } }
            @if !input.provenance.command.is_empty() {
                p { "Repeat it with " code { (input.provenance.command) } "." }
            }
            dl { @for (name, value) in method::facts(input) { dt { (name) } dd { (value) } } }
            (credit())
        }
    }
}
