//! The interactive charts of the reference matrix.

use super::view::{AxisView, Direction, Hue, Line, Mark, Region, Sample, View, Zoom};
use crate::charts::axis::{count, extent};
use crate::charts::curves::OTHERS;
use crate::charts::sweep::{losses, rate};
use crate::charts::{Chart, Kind};
use crate::input::{Curve, Experiment, ReportInput};
use crate::records::SweepPoint;
use crate::stats::Spread;
use crate::sweep::{by_seed, findings, typical};
use crate::table::{self, spread_cell};

/// The views that take the place of a static chart.
pub(crate) fn views(input: &ReportInput, chart: &Chart) -> Vec<View> {
    let experiment = input
        .experiments
        .iter()
        .find(|experiment| chart.experiment.as_ref() == Some(&experiment.id));
    match (chart.kind, experiment) {
        (Kind::Distribution, _) => vec![distribution(input, chart)],
        (Kind::Quantiles, _) => vec![quantiles(input, chart)],
        (Kind::Series, _) => vec![series(input, chart)],
        (Kind::Sweep, Some(_)) => vec![sweep(&input.results.sweep, chart)],
        (Kind::Forecast, Some(experiment)) => vec![forecast(input, chart, experiment)],
        (Kind::Curves, Some(experiment)) => curves(input, chart, experiment, None),
        (Kind::CurvesZoom, Some(experiment)) => curves(input, chart, experiment, experiment.zoom_last),
        _ => Vec::new(),
    }
}

fn view(chart: &Chart, x: AxisView, y: AxisView) -> View {
    View::new(chart.view_id(), &chart.alt, x, y)
}

const VALUE: &str = "value of the series";

fn series(input: &ReportInput, chart: &Chart) -> View {
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

fn forecast(input: &ReportInput, chart: &Chart, experiment: &Experiment) -> View {
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

fn curves(input: &ReportInput, chart: &Chart, experiment: &Experiment, last: Option<usize>) -> Vec<View> {
    let curves: Vec<&Curve> = input
        .curves
        .iter()
        .filter(|curve| curve.experiment == experiment.id)
        .take(1 + OTHERS)
        .collect();
    let epochs = curves.first().map_or(0, |curve| curve.loss.len().max(curve.mae.len()));
    let side = |part: &str, name: &str, hue: Hue, values: fn(&Curve) -> &[Option<f64>]| {
        let mut view = view(chart, AxisView::named("epoch"), AxisView::named(name).switchable());
        view.id = format!("{}.{part}", view.id);
        view.alt = format!("{}: {name}", view.alt);
        for (position, curve) in curves.iter().enumerate() {
            let (name, hue) = (
                format!("seed {}", curve.seed),
                if position == 0 { hue } else { Hue::Grey },
            );
            let line = Line::new(name, hue, 0.0, values(curve).iter().copied());
            view.lines.push(if position == 0 {
                line
            } else {
                line.grouped("other seeds")
            });
        }
        let end = epochs.saturating_sub(1) as f64;
        let span = last.unwrap_or(100).min(epochs);
        if span < epochs {
            view.zooms
                .push(Zoom::new(format!("last {span} epochs"), (epochs - span) as f64, end));
        }
        if epochs > 10 {
            view.zooms.push(Zoom::new("without the first 10", 10.0, end));
        }
        view.start = last.map(|last| [epochs.saturating_sub(last) as f64, end]);
        view
    };
    vec![
        side("loss", "training loss", Hue::Blue, |curve| &curve.loss),
        side("mae", "training MAE, in units of the series", Hue::Vermilion, |curve| {
            &curve.mae
        }),
    ]
}

fn sweep(points: &[SweepPoint], chart: &Chart) -> View {
    let (x, y) = (AxisView::named("learning rate"), AxisView::named("training loss"));
    let mut view = view(chart, x.logarithmic(), y.logarithmic());
    let seeds: Vec<(u64, Vec<&SweepPoint>)> = by_seed(points).into_iter().take(1 + OTHERS).collect();
    for (position, (seed, points)) in seeds.iter().enumerate() {
        let hue = if position == 0 { Hue::Blue } else { Hue::Grey };
        let mut line = Line::new(format!("seed {seed}"), hue, 0.0, points.iter().map(|point| point.loss));
        line.xs = points.iter().map(|point| super::view::brief(point.lr)).collect();
        view.lines.push(if position == 0 {
            line
        } else {
            line.grouped("other seeds")
        });
    }
    let Some(found) = findings(points) else { return view };
    let Some((_, first)) = seeds.first() else { return view };
    if seeds.len() > 1 {
        let curve = typical(points);
        let losses = curve.iter().map(|(_, loss)| Some(*loss));
        let mut line =
            Line::new("median of all, averaged over five epochs", Hue::Green, 0.0, losses).labelled("median");
        line.xs = curve.iter().map(|(rate, _)| super::view::brief(*rate)).collect();
        view.lines.insert(1, line);
    }
    let label = format!("best region: {} to {}", rate(found.region.0), rate(found.region.1));
    view.regions.push(Region {
        axis: Direction::X,
        from: found.region.0,
        to: found.region.1,
        label,
        hue: Hue::Green,
    });
    if let Some(at) = found.diverges {
        view.marks.push(Mark {
            axis: Direction::X,
            at,
            label: format!("diverges past {}", rate(at)),
        });
    }
    let (low, high) = losses(first, &found);
    view.y.range = Some([low, high].map(super::view::brief));
    let (low, high) = extent(first.iter().map(|point| point.lr)).unwrap_or(found.region);
    view.zooms.push(Zoom::new(
        "best region",
        (found.region.0 / 4.0).max(low),
        (found.region.1 * 4.0).min(high),
    ));
    view.zooms.push(Zoom::new(
        "10⁻⁶ to 10⁻⁵, as the tutorial says",
        1e-6_f64.max(low),
        1e-5_f64.min(high),
    ));
    view
}

fn quantiles(input: &ReportInput, chart: &Chart) -> View {
    let (x, y) = (AxisView::named("Keras' MAE"), AxisView::named("our MAE"));
    let mut view = view(chart, x, y);
    let pairs = crate::charts::quantiles::pairs(input);
    let hues = [Hue::Blue, Hue::Vermilion, Hue::Green, Hue::Purple, Hue::Ink];
    for (position, pairs) in pairs.iter().enumerate() {
        let ours = pairs.points.iter().map(|(_, ours)| Some(*ours));
        let mut line = Line::new(&pairs.experiment, hues[position % hues.len()], 0.0, ours)
            .dotted()
            .labelled(&pairs.experiment);
        line.xs = pairs
            .points
            .iter()
            .map(|(keras, _)| super::view::brief(*keras))
            .collect();
        view.lines.push(line);
    }
    if let Some((low, high)) = extent(
        pairs
            .iter()
            .flat_map(|pairs| pairs.points.iter().flat_map(|(a, b)| [*a, *b])),
    ) {
        let mut line = Line::new("equal", Hue::Grey, 0.0, [Some(low), Some(high)]).labelled("equal");
        line.xs = line.ys.iter().flatten().copied().collect();
        view.lines.push(line);
    }
    view
}

fn distribution(input: &ReportInput, chart: &Chart) -> View {
    let axis = AxisView::named("validation MAE, in units of the series");
    let mut view = view(chart, axis, AxisView::named("experiment"));
    view.x.range = crate::charts::distribution::range(input).map(|(low, high)| [low, high].map(super::view::brief));
    for row in table::rows(input) {
        let keras: Vec<_> = input
            .keras
            .iter()
            .filter(|k| k.experiment == row.id)
            .map(|k| (k.seed, Some(k.val_mae)))
            .collect();
        let ours = input
            .results
            .runs
            .iter()
            .filter(|run| run.experiment == row.id)
            .map(|run| (run.seed, run.val_mae))
            .collect();
        view.samples.extend(
            row.keras
                .map(|spread| sample(&row.id, "Keras", Hue::Vermilion, keras, spread)),
        );
        view.samples
            .extend(row.ours.map(|spread| sample(&row.id, "ours", Hue::Blue, ours, spread)));
    }
    let mark = |line: table::Reference| Mark {
        axis: Direction::X,
        at: line.mae,
        label: format!("{} {:.2}", line.short_name(), line.mae),
    };
    view.marks = table::references(input).into_iter().map(mark).collect();
    view
}

fn sample(row: &str, name: &str, hue: Hue, runs: Vec<(u64, Option<f64>)>, spread: Spread) -> Sample {
    let (seeds, values) = runs.into_iter().unzip();
    let quartiles =
        [spread.lower, spread.median, spread.upper].map(|value| Some(value).filter(|value| value.is_finite()));
    Sample {
        row: row.to_owned(),
        name: name.to_owned(),
        hue,
        seeds,
        values,
        quartiles,
        label: spread_cell(Some(spread)),
    }
}
