//! Training curves and the learning-rate sweep.

use super::view;
use crate::charts::Chart;
use crate::charts::axis::extent;
use crate::charts::curves::OTHERS;
use crate::charts::rate_sweep::losses;
use crate::html::view::{AxisView, Direction, Hue, Line, Mark, Region, View, Zoom, brief};
use crate::input::{Curve, Experiment, ReportInput};
use crate::numbers::rate;
use crate::rate_sweep::{by_seed, findings, typical};
use crate::records::RateSweepPoint;

pub(super) fn curves(input: &ReportInput, chart: &Chart, experiment: &Experiment, last: Option<usize>) -> Vec<View> {
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

pub(super) fn rate_sweep(points: &[RateSweepPoint], chart: &Chart) -> View {
    let (x, y) = (AxisView::named("learning rate"), AxisView::named("training loss"));
    let mut view = view(chart, x.logarithmic(), y.logarithmic());
    let seeds: Vec<(u64, Vec<&RateSweepPoint>)> = by_seed(points).into_iter().take(1 + OTHERS).collect();
    for (position, (seed, points)) in seeds.iter().enumerate() {
        let hue = if position == 0 { Hue::Blue } else { Hue::Grey };
        let mut line = Line::new(format!("seed {seed}"), hue, 0.0, points.iter().map(|point| point.loss));
        line.xs = points.iter().map(|point| brief(point.lr)).collect();
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
        line.xs = curve.iter().map(|(rate, _)| brief(*rate)).collect();
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
    view.y.range = Some([low, high].map(brief));
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
