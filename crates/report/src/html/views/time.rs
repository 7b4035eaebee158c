//! The series and the forecasts, day by day.

use super::view;
use crate::charts::Chart;
use crate::charts::curves::OTHERS;
use crate::html::view::{AxisView, Direction, Hue, Line, Mark, View, Zoom};
use crate::input::{Experiment, ReportInput};
use crate::numbers::count;

const VALUE: &str = "value of the series";

pub(super) fn series(input: &ReportInput, chart: &Chart) -> View {
    let (values, split) = (&input.series.values, input.series.split);
    let (train, validation) = values.split_at(split);
    let mut view = view(chart, AxisView::named("day"), AxisView::named(VALUE));
    let days = |name, part: &[f64]| format!("{name}, {} days", count(part.len()));
    view.lines = vec![
        Line::new(days("training", train), Hue::Blue, 0.0, train.iter().copied().map(Some)),
        Line::new(
            days("validation", validation),
            Hue::Vermilion,
            split as f64,
            validation.iter().copied().map(Some),
        ),
    ];
    view.marks = vec![Mark {
        axis: Direction::X,
        at: split as f64,
        label: format!("split at day {}", count(split)),
    }];
    let last = values.len().saturating_sub(1) as f64;
    view.zooms = vec![
        Zoom::new("first year", 0.0, 364.0_f64.min(last)),
        Zoom::new(
            "around the split",
            (split as f64 - 100.0).max(0.0),
            (split as f64 + 100.0).min(last),
        ),
        Zoom::new("validation part", split as f64, last),
    ];
    view
}

pub(super) fn forecast(input: &ReportInput, chart: &Chart, experiment: &Experiment) -> View {
    let split = input.series.split;
    let (start, actual) = (split as f64, &input.series.values[split..]);
    let mut view = view(chart, AxisView::named("day"), AxisView::named(VALUE));
    view.lines
        .push(Line::new("actual", Hue::Grey, start, actual.iter().copied().map(Some)).labelled("actual"));
    let own = input.forecasts.iter().filter(|trace| trace.experiment == experiment.id);
    for (position, trace) in own.take(1 + OTHERS).enumerate() {
        let values = trace.values.iter().copied().map(Some);
        let name = format!("forecast, seed {}", trace.seed);
        view.lines.push(match position {
            0 => Line::new(name, Hue::Blue, start, values).labelled("forecast"),
            _ => Line::new(name, Hue::Purple, start, values)
                .grouped("other seeds")
                .hidden(),
        });
    }
    if let Some(before) = split.checked_sub(1) {
        let naive = &input.series.values[before..input.series.values.len() - 1];
        view.lines.push(
            Line::new(
                "naive: the day before",
                Hue::Vermilion,
                start,
                naive.iter().copied().map(Some),
            )
            .labelled("naive")
            .hidden(),
        );
    }
    let last = start + actual.len().saturating_sub(1) as f64;
    if let Some(spike) = largest_rise(actual) {
        let at = start + spike as f64;
        view.zooms.push(Zoom::new(
            "the large spike",
            (at - 25.0).max(start),
            (at + 95.0).min(last),
        ));
    }
    view.zooms
        .push(Zoom::new("first 100 days", start, (start + 100.0).min(last)));
    view.zooms
        .push(Zoom::new("last 100 days", (last - 100.0).max(start), last));
    view
}

/// Where the values of the ten days from a day on lie highest above those of the ten days before it.
fn largest_rise(values: &[f64]) -> Option<usize> {
    let mean = |part: &[f64]| part.iter().sum::<f64>() / part.len() as f64;
    let rise = |at: usize| mean(&values[at..at + 10]) - mean(&values[at - 10..at]);
    (10..values.len().checked_sub(9)?).max_by(|a, b| rise(*a).total_cmp(&rise(*b)))
}
