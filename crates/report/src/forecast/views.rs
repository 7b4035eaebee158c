//! The charts of one model's report.

use super::residuals::{autocorrelation, histogram, residuals};
use super::{Earlier, ForecastReport, SeriesReport};
use crate::html::view::{Area, AxisView, Bars, Direction, Hue, Line, Mark, Region, View, Zoom, brief};

/// A group of charts that stand and zoom together, with its heading.
pub(crate) struct Group {
    pub(crate) title: String,
    pub(crate) note: String,
    pub(crate) views: Vec<View>,
}

/// The training curves, if there are any of two epochs or more.
pub(crate) fn training(report: &ForecastReport) -> Option<Group> {
    let epochs = report
        .curves
        .iter()
        .map(|(_, values)| values.len())
        .max()
        .filter(|epochs| *epochs > 1)?;
    let axis = AxisView::named("loss").switchable();
    let mut view = View::new(
        "view-training",
        "training curves by epoch",
        AxisView::named("epoch"),
        axis,
    );
    let hues = [Hue::Blue, Hue::Vermilion, Hue::Green, Hue::Purple];
    view.lines = report
        .curves
        .iter()
        .enumerate()
        .map(|(k, (name, values))| {
            let line = Line::new(name, hues[k % hues.len()], 0.0, values.iter().copied());
            // What tells a line from the others is beside it, such as "validation"; the button has all of its name.
            line.labelled(
                name.split_once("loss, ")
                    .map_or(name.replace(" loss", ""), |(_, part)| part.to_owned()),
            )
        })
        .collect();
    if epochs > 40 {
        let end = (epochs - 1) as f64;
        view.zooms = vec![
            Zoom::new("last quarter", (epochs - epochs / 4) as f64, end),
            Zoom::new("without the first 10", 10.0, end),
        ];
    }
    let note = format!("{epochs} epochs");
    Some(Group {
        title: "Loss by epoch".to_owned(),
        note,
        views: vec![view],
    })
}

/// A series with its split, forecasts and intervals; `id` tells it from the others.
pub(crate) fn data(series: &SeriesReport, id: &str, value_name: &str) -> Group {
    let mut view = View::new(
        format!("view-series-{id}"),
        format!("{}: values and forecasts", series.unique_id),
        time(series),
        AxisView::named(value_name),
    );
    view.lines
        .push(Line::new("actual", Hue::Grey, 0.0, series.values.iter().copied()).labelled("actual"));
    // One line for all segments, broken between them where they neither touch nor overlap.
    let mut line = Line::new("forecast", Hue::Blue, 0.0, []).labelled("forecast");
    for segment in &series.forecasts {
        if line.xs.last().is_some_and(|last| *last + 1.0 < segment.start as f64) {
            line.xs.push(segment.start as f64 - 0.5);
            line.ys.push(None);
        }
        line.xs
            .extend((0..segment.mean.len()).map(|step| (segment.start + step) as f64));
        line.ys.extend(
            segment
                .mean
                .iter()
                .map(|mean| Some(brief(*mean)).filter(|mean| mean.is_finite())),
        );
        for interval in &segment.intervals {
            let ends = |ends: &[f64]| ends.iter().copied().map(brief).collect();
            view.areas.push(Area {
                name: format!("{} % interval", interval.level),
                hue: Hue::Blue,
                x0: segment.start as f64,
                lower: ends(&interval.lower),
                upper: ends(&interval.upper),
            });
        }
    }
    let start = series.forecasts.iter().map(|segment| segment.start).min();
    let end = series.times.len().saturating_sub(1) as f64;
    if !line.xs.is_empty() {
        view.lines.push(line);
    }
    if let Some(split) = series.split.filter(|split| *split < series.times.len()) {
        view.marks.push(Mark {
            axis: Direction::X,
            at: split as f64,
            label: "held out from here".to_owned(),
        });
    }
    if let Some(start) = start {
        let length = end - start as f64 + 1.0;
        // Where the future is all there is, with enough of the past to judge it by, and from the start if it is short.
        let future = start >= series.values.len();
        let before = if future { 8.0 * length } else { length };
        let from = (start as f64 - before).max(0.0);
        view.zooms.push(Zoom::new("forecasts", from, end));
        view.start = (future && 2.0 * from > end).then_some([from, end]);
    }
    if let Some(last) = series.forecasts.iter().map(|segment| segment.start).max()
        && start.is_some_and(|start| start < last)
    {
        let length = end - last as f64 + 1.0;
        view.zooms
            .push(Zoom::new("last forecast", (last as f64 - 3.0 * length).max(0.0), end));
    }
    Group {
        title: series.unique_id.clone(),
        note: note(series),
        views: vec![view],
    }
}

/// How much of a series there is.
pub(crate) fn note(series: &SeriesReport) -> String {
    let values = series.values.len();
    match series.forecasts.iter().map(|segment| segment.mean.len()).sum::<usize>() {
        0 => format!("{values} values"),
        forecasts => format!("{values} values, {forecasts} forecasts"),
    }
}

fn time(series: &SeriesReport) -> AxisView {
    AxisView {
        labels: series.times.clone(),
        ..AxisView::named("time")
    }
}

/// The residuals of a series over time, as a histogram and as autocorrelations; `None` where there are fewer than eight.
pub(crate) fn left_over(series: &SeriesReport, id: &str, value_name: &str) -> Option<Group> {
    let pairs = residuals(series);
    analysis(&series.unique_id, id, time(series), &pairs, value_name)
}

/// The same for residuals that a model brought along.
pub(crate) fn earlier(earlier: &Earlier) -> Option<Group> {
    let pairs: Vec<(usize, f64)> = earlier.residuals.iter().copied().enumerate().collect();
    let x = AxisView::named("forecast of the held-out part, in order");
    let mut group = analysis("when the model was fitted", "earlier", x, &pairs, &earlier.unit)?;
    group.title = "Residuals one step ahead, when the model was measured".to_owned();
    Some(group)
}

fn analysis(name: &str, id: &str, x: AxisView, pairs: &[(usize, f64)], unit: &str) -> Option<Group> {
    let sample: Vec<f64> = pairs.iter().map(|(_, residual)| *residual).collect();
    let mean = sample.iter().sum::<f64>() / sample.len().max(1) as f64;
    if sample.len() < 8 {
        return None;
    }
    let residual = format!("actual − forecast, in units of {unit}");
    let mut time = View::new(
        format!("view-residuals-{id}.time"),
        format!("{name}: residuals over time"),
        x,
        AxisView::named(&residual),
    );
    let mut line = Line::new("residual", Hue::Blue, 0.0, sample.iter().copied().map(Some));
    line.xs = pairs.iter().map(|(position, _)| *position as f64).collect();
    time.lines.push(line);
    time.marks.push(Mark {
        axis: Direction::Y,
        at: 0.0,
        label: String::new(),
    });
    let mut views = vec![time];
    if let Some(found) = histogram(&sample) {
        let mut view = View::new(
            format!("view-residuals-{id}.histogram"),
            format!("{name}: histogram of residuals"),
            AxisView::named(&residual),
            AxisView::named("number of forecasts"),
        );
        view.bars.push(Bars {
            name: "forecasts".to_owned(),
            hue: Hue::Blue,
            xs: found.middles.into_iter().map(brief).collect(),
            ys: found.counts.iter().map(|count| *count as f64).collect(),
            width: brief(found.width),
        });
        views.push(view);
    }
    let lags = autocorrelation(&sample, (sample.len() / 4).min(40));
    if !lags.is_empty() {
        let mut view = View::new(
            format!("view-residuals-{id}.lags"),
            format!("{name}: autocorrelation of residuals"),
            AxisView::named("lag, in residuals"),
            AxisView::named("autocorrelation"),
        );
        // Of white noise, 95 % of the autocorrelations lie within ±1.96/√n.
        let bound = 1.96 / (sample.len() as f64).sqrt();
        view.regions.push(Region {
            axis: Direction::Y,
            from: -bound,
            to: bound,
            label: String::new(),
            hue: Hue::Green,
        });
        view.bars.push(Bars {
            name: "autocorrelation".to_owned(),
            hue: Hue::Blue,
            xs: (1..=lags.len()).map(|lag| lag as f64).collect(),
            ys: lags.into_iter().map(brief).collect(),
            width: 0.6,
        });
        views.push(view);
    }
    let note = format!(
        "{} residuals, mean {}; shaded: where 95 % of the autocorrelations of white noise lie",
        sample.len(),
        figures(mean)
    );
    Some(Group {
        title: format!("{name}: residuals"),
        note,
        views,
    })
}

/// Four significant digits.
pub(crate) fn figures(value: f64) -> String {
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
