//! A figure: the places that the script draws into, and what stands there for a browser without scripts.

use super::view::View;
use maud::{Markup, PreEscaped, html};

/// A figure with its heading, its buttons' place and one panel per view; `fallback` is an SVG document.
pub(crate) fn figure(title: &str, note: &str, views: &[View], fallback: Option<&str>) -> Markup {
    let id = views.first().map(|view| {
        view.id
            .split('.')
            .next()
            .unwrap_or_default()
            .replacen("view", "chart", 1)
    });
    html! {
        figure id=[id] data-interactive {
            figcaption { h3 { (title) } p { (note) } }
            div.controls role="toolbar" aria-label={ "controls of the chart: " (title) } {}
            div.panels {
                @for view in views {
                    div.plot id=(view.id) role="img" tabindex="0" aria-label={ (view.alt) (KEYS) } data-tall[!view.samples.is_empty()] {}
                }
            }
            p.unseen aria-live="polite" {}
            noscript {
                @match fallback {
                    Some(svg) => { (PreEscaped(svg)) }
                    None => { p { "This chart needs scripts." } }
                }
            }
        }
    }
}

/// A figure whose views are chosen by the reader; the script fills it.
pub(crate) fn picked(part: &str) -> Markup {
    html! {
        figure id={ "picked-" (part) } hidden {
            figcaption { h3 {} p {} }
            div.controls role="toolbar" {}
            div.panels {}
            p.unseen aria-live="polite" {}
        }
    }
}

const KEYS: &str = "; plus and minus zoom, arrows move, Home shows all; the values stand in the table below";

/// Whose charting library the page holds, and under which licence.
pub(crate) fn credit() -> Markup {
    html! {
        p.said {
            "The charts are drawn by " a href="https://echarts.apache.org" { "Apache ECharts 6.1.0" }
            " (Apache License 2.0), which is part of this file. The page loads nothing from the network."
        }
    }
}
