//! The charts of one model's report.

use super::residuals::{autocorrelation, histogram, residuals};
use super::{ForecastReport, SeriesReport};
use crate::html::view::{Area, AxisView, Bars, Direction, Hue, Line, Mark, Region, View, Zoom};

/// A group of charts that stand and zoom together, with its heading.
pub(crate) struct Group {
    pub(crate) title: String,
    pub(crate) note: String,
    pub(crate) views: Vec<View>,
}

/// The training curves, if there are any.
pub(crate) fn training(report: &ForecastReport) -> Option<Group> {
    let epochs = report
        .curves
        .iter()
        .map(|(_, values)| values.len())
        .max()
        .filter(|epochs| *epochs > 0)?;
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
        .map(|(k, (name, values))| Line::new(name, hues[k % hues.len()], 0.0, values.iter().copied()))
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

/// A series with its split, forecasts and intervals.
pub(crate) fn data(series: &SeriesReport, number: usize) -> Group {
    let id = format!("view-series-{number}");
    let x = AxisView {
        labels: series.times.clone(),
        ..AxisView::named("time")
    };
    let mut view = View::new(
        id,
        format!("{}: values and forecasts", series.unique_id),
        x,
        AxisView::named("value"),
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
                .map(|mean| Some(*mean).filter(|mean| mean.is_finite())),
        );
        for interval in &segment.intervals {
            let (lower, upper) = (interval.lower.clone(), interval.upper.clone());
            view.areas.push(Area {
                name: format!("{} % interval", interval.level),
                hue: Hue::Blue,
                x0: segment.start as f64,
                lower,
                upper,
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
            label: "held back from here".to_owned(),
        });
    }
    if let Some(start) = start {
        let length = end - start as f64 + 1.0;
        view.zooms
            .push(Zoom::new("forecast", (start as f64 - length).max(0.0), end));
    }
    let note = format!(
        "{} values, {} forecasts",
        series.values.len(),
        series.forecasts.iter().map(|s| s.mean.len()).sum::<usize>()
    );
    Group {
        title: series.unique_id.clone(),
        note,
        views: vec![view],
    }
}

/// The residuals of a series over time, as a histogram and as autocorrelations; `None` where there are fewer than eight.
pub(crate) fn left_over(series: &SeriesReport, number: usize) -> Option<Group> {
    let pairs = residuals(series);
    let sample: Vec<f64> = pairs.iter().map(|(_, residual)| *residual).collect();
    let mean = sample.iter().sum::<f64>() / sample.len().max(1) as f64;
    if sample.len() < 8 {
        return None;
    }
    let name = "residual (actual − forecast)";
    let x = AxisView {
        labels: series.times.clone(),
        ..AxisView::named("time")
    };
    let mut time = View::new(
        format!("view-residuals-{number}.time"),
        format!("{}: residuals over time", series.unique_id),
        x,
        AxisView::named(name),
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
            format!("view-residuals-{number}.histogram"),
            format!("{}: histogram of residuals", series.unique_id),
            AxisView::named(name),
            AxisView::named("forecasts"),
        );
        view.bars.push(Bars {
            name: "forecasts".to_owned(),
            hue: Hue::Blue,
            xs: found.middles,
            ys: found.counts.iter().map(|count| *count as f64).collect(),
            width: found.width,
        });
        views.push(view);
    }
    let lags = autocorrelation(&sample, (sample.len() / 4).min(40));
    if !lags.is_empty() {
        let mut view = View::new(
            format!("view-residuals-{number}.lags"),
            format!("{}: autocorrelation of residuals", series.unique_id),
            AxisView::named("lag"),
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
            ys: lags,
            width: 0.6,
        });
        views.push(view);
    }
    let note = format!(
        "{} residuals, mean {mean:+.4}; shaded: where 95 % of the autocorrelations of white noise lie",
        sample.len()
    )
    .replace('-', "−");
    Some(Group {
        title: format!("{}: residuals", series.unique_id),
        note,
        views,
    })
}
