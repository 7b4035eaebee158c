//! Static charts as SVG text: the same bytes for the same records.

pub(crate) mod axis;
pub(crate) mod canvas;
mod clip;
pub(crate) mod colour;
pub(crate) mod curves;
pub(crate) mod distribution;
mod forecast;
pub(crate) mod plot;
pub(crate) mod quantiles;
pub(crate) mod rate_sweep;
mod series;
pub(crate) mod view;

use crate::ReportError;
use crate::input::{Experiment, ReportInput};
use canvas::Picture;

/// One chart: the name of its file without the ending, and the SVG document.
#[derive(Debug, Clone)]
pub(crate) struct Chart {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    /// The experiment it belongs to, if it belongs to one.
    pub(crate) experiment: Option<String>,
    /// What it shows, in a sentence, for those who cannot see it.
    pub(crate) alt: String,
    pub(crate) picture: Picture,
}

impl Chart {
    /// The id of its interactive twin; the panels of a chart with several add a dot and a name.
    pub(crate) fn view_id(&self) -> String {
        format!("view-{}", self.name)
    }
}

/// What a chart shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Series,
    RateSweep,
    Forecast,
    Curves,
    CurvesZoom,
    Distribution,
    Quantiles,
}

/// All charts that the records have data for, in the order of the report.
pub(crate) fn all(input: &ReportInput) -> Result<Vec<Chart>, ReportError> {
    let mut charts = Vec::new();
    let mut add = |kind, experiment: Option<&Experiment>, suffix: &str, alt: String, picture: Picture| {
        let name = experiment.map_or_else(|| suffix.to_owned(), |experiment| format!("{}-{suffix}", experiment.id));
        charts.push(Chart {
            name,
            kind,
            experiment: experiment.map(|experiment| experiment.id.clone()),
            alt,
            picture,
        });
    };
    if let Some(svg) = distribution::chart(input) {
        let alt = "validation MAE of every experiment over seeds, ours beside Keras', with naive, the classical best and the noise floor";
        add(Kind::Distribution, None, "distribution", alt.to_owned(), svg?);
    }
    let alt = format!(
        "the series of {} days, split at day {}",
        input.series.values.len(),
        input.series.split
    );
    add(Kind::Series, None, "series", alt, series::chart(&input.series)?);
    if let Some(picture) = quantiles::chart(input) {
        let alt = "quantiles of our validation MAEs against Keras' for every experiment, beside the diagonal";
        add(Kind::Quantiles, None, "quantiles", alt.to_owned(), picture?);
    }
    for experiment in &input.experiments {
        let title = &experiment.title;
        if experiment.rate_sweep {
            if let Some(svg) = rate_sweep::chart(title, &input.results.rate_sweep) {
                add(
                    Kind::RateSweep,
                    Some(experiment),
                    "loss",
                    format!("{title}: loss against learning rate, both axes logarithmic"),
                    svg?,
                );
            }
            continue;
        }
        if let Some(trace) = input.forecasts.iter().find(|trace| trace.experiment == experiment.id) {
            let alt = format!("{title}: forecast and actual values over the validation part");
            add(
                Kind::Forecast,
                Some(experiment),
                "forecast",
                alt,
                forecast::chart(input, experiment, trace)?,
            );
        }
        let curves: Vec<_> = input
            .curves
            .iter()
            .filter(|curve| curve.experiment == experiment.id)
            .collect();
        if let Some(svg) = curves::chart(experiment, &curves, None) {
            add(
                Kind::Curves,
                Some(experiment),
                "training",
                format!("{title}: training loss and MAE by epoch"),
                svg?,
            );
        }
        if let Some(last) = experiment.zoom_last
            && let Some(svg) = curves::chart(experiment, &curves, Some(last))
        {
            let alt = format!("{title}: training loss and MAE over the last {last} epochs, enlarged");
            add(Kind::CurvesZoom, Some(experiment), "training-zoom", alt, svg?);
        }
    }
    Ok(charts)
}
