//! `report.html`: one file that needs nothing beside it.

pub(crate) mod embed;
pub(crate) mod figure;
mod sections;
pub(crate) mod view;
mod views;

use crate::ReportError;
use crate::charts::Chart;
use crate::input::ReportInput;
use maud::html;
use view::View;

/// The whole page.
pub(crate) fn page(input: &ReportInput, charts: &[Chart]) -> Result<String, ReportError> {
    let views: Vec<View> = charts.iter().flat_map(|chart| views::views(input, chart)).collect();
    let body = html! {
        (sections::header(input, charts))
        main {
            (sections::answer(input, charts, &views))
            @for experiment in &input.experiments { (sections::experiment(experiment, charts, &views)) }
            (sections::claims(input))
            (sections::distributions(input))
            (sections::method(input))
        }
    };
    embed::document("Recurra: the reference experiments", &body, views, &[])
}
