//! Training loss and MAE, epoch by epoch.

use super::axis::{Axis, extent};
use super::canvas::{Area, Drawn, Heading, Picture, render, stroke};
use super::colour;
use super::plot::{Frame, curve, plot};
use crate::ReportError;
use crate::input::{Curve, Experiment};

/// How many seeds are drawn behind the first: more would be one grey area, and megabytes.
pub(crate) const OTHERS: usize = 24;

/// Draws the first seed's loss and MAE side by side over the other seeds', for the last `last` epochs or all of them.
pub(crate) fn chart(
    experiment: &Experiment,
    curves: &[&Curve],
    last: Option<usize>,
) -> Option<Result<Picture, ReportError>> {
    let (first, rest) = curves.split_first()?;
    let rest = &rest[..rest.len().min(OTHERS)];
    let epochs = first.loss.len().max(first.mae.len());
    let from = last.map_or(0, |last| epochs.saturating_sub(last));
    let what = last.map_or_else(
        || "training loss and MAE".to_owned(),
        |last| format!("loss and MAE, last {last} epochs enlarged"),
    );
    let others = match rest.len() {
        0 => String::new(),
        1 => ", one other seed in grey".to_owned(),
        n => format!(", {n} other seeds in grey"),
    };
    let heading = Heading {
        title: format!("{}: {what}", experiment.title),
        subtitle: format!("running means over each epoch; seed {} in colour{others}", first.seed),
    };
    Some(render(heading, 350.0, |area| {
        let sides = [(56.0, 435.0), (500.0, 880.0)];
        let frames = sides.map(|(left, right)| Frame {
            left,
            top: 88.0,
            right,
            bottom: 294.0,
        });
        let losses = |curve: &Curve| curve.loss.clone();
        let maes = |curve: &Curve| curve.mae.clone();
        panel(
            area,
            frames[0],
            "training loss",
            first,
            rest,
            from,
            losses,
            colour::BLUE,
        )?;
        panel(
            area,
            frames[1],
            "training MAE, in units of the series",
            first,
            rest,
            from,
            maes,
            colour::VERMILION,
        )
    }))
}

#[expect(
    clippy::too_many_arguments,
    reason = "one call site, each argument one line of the picture"
)]
fn panel(
    area: &Area<'_>,
    frame: Frame,
    name: &str,
    first: &Curve,
    rest: &[&Curve],
    from: usize,
    values: impl Fn(&Curve) -> Vec<Option<f64>>,
    hue: plotters::style::RGBColor,
) -> Drawn {
    let points = |curve: &Curve| -> Vec<(f64, Option<f64>)> {
        values(curve)
            .into_iter()
            .enumerate()
            .skip(from)
            .map(|(epoch, value)| (epoch as f64, value))
            .collect()
    };
    let main = points(first);
    let last = main.last().map_or(1.0, |point| point.0);
    let x = Axis::linear(from as f64, last, 5);
    let y = range(&main, from == 0);
    let mut plot = plot(area, frame, (&x, "epoch"), (&y, name), false)?;
    for other in rest {
        curve(&mut plot, points(other), stroke(colour::FAINT, 0.6, 0.8))?;
    }
    curve(&mut plot, main, stroke(hue, 1.0, 1.8))
}

/// From the lowest to the highest value; when all epochs are shown, nothing above the first epoch's counts, so that a
/// run that explodes does not flatten its own history.
fn range(points: &[(f64, Option<f64>)], whole: bool) -> Axis {
    let values = || points.iter().filter_map(|point| point.1);
    let axis = if whole {
        let start = values().next().unwrap_or(1.0);
        extent(values()).map(|(low, high)| Axis::linear(0.0_f64.min(low), high.min(1.5 * start) * 1.03, 5))
    } else {
        Axis::around(values(), 5)
    };
    axis.unwrap_or_else(|| Axis::linear(0.0, 1.0, 5))
}
