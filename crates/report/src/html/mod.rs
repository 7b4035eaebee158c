//! `report.html`: one file that needs nothing beside it.

mod sections;

use crate::ReportError;
use crate::charts::Chart;
use crate::input::ReportInput;
use maud::{DOCTYPE, PreEscaped, html};

const STYLE: &str = include_str!("report.css");

/// The whole page.
pub(crate) fn page(input: &ReportInput, charts: &[Chart]) -> Result<String, ReportError> {
    let markup = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { "Recurra: the reference experiments" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                (sections::header(input))
                main id="content" {
                    (sections::answer(input, charts))
                    @for experiment in &input.experiments { (sections::experiment(experiment, charts)) }
                    (sections::claims(input))
                    (sections::method(input))
                }
            }
        }
    };
    Ok(markup.into_string())
}
