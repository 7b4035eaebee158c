//! The interactive charts of the reference matrix.

mod errors;
mod time;
mod training;

use super::view::{AxisView, View};
use crate::charts::{Chart, Kind};
use crate::input::ReportInput;

/// The views that take the place of a static chart.
pub(crate) fn views(input: &ReportInput, chart: &Chart) -> Vec<View> {
    let experiment = input
        .experiments
        .iter()
        .find(|experiment| chart.experiment.as_ref() == Some(&experiment.id));
    match (chart.kind, experiment) {
        (Kind::Distribution, _) => vec![errors::distribution(input, chart)],
        (Kind::Quantiles, _) => vec![errors::quantiles(input, chart)],
        (Kind::Series, _) => vec![time::series(input, chart)],
        (Kind::RateSweep, Some(_)) => vec![training::rate_sweep(&input.results.rate_sweep, chart)],
        (Kind::Forecast, Some(experiment)) => vec![time::forecast(input, chart, experiment)],
        (Kind::Curves, Some(experiment)) => training::curves(input, chart, experiment, None),
        (Kind::CurvesZoom, Some(experiment)) => training::curves(input, chart, experiment, experiment.zoom_last),
        _ => Vec::new(),
    }
}

fn view(chart: &Chart, x: AxisView, y: AxisView) -> View {
    View::new(chart.view_id(), &chart.alt, x, y)
}
