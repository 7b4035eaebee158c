//! Quantiles of our errors against Keras': on the diagonal where the two distributions agree.

use super::axis::{Axis, extent};
use super::canvas::{Area, Drawn, Heading, Ink, Picture, drawn, render, stroke, text};
use super::colour;
use super::plot::{Frame, curve, plot};
use crate::ReportError;
use crate::input::ReportInput;
use crate::stats::quantile;
use crate::table;
use plotters::prelude::*;

/// Fewer runs than this have no quantiles worth a chart.
const LEAST: usize = 5;

/// An experiment with the pairs (Keras' quantile, ours) at the same probabilities.
pub(crate) struct Pairs {
    pub(crate) experiment: String,
    pub(crate) points: Vec<(f64, f64)>,
}

/// The pairs of every experiment that both have at least five runs of, diverged ones left out.
///
/// The probabilities are those of the smaller sample's values, (k + ½)/n.
pub(crate) fn pairs(input: &ReportInput) -> Vec<Pairs> {
    let pairs = input.experiments.iter().filter_map(|experiment| {
        let ascending = |mut errors: Vec<f64>| {
            errors.retain(|error| error.is_finite());
            errors.sort_by(f64::total_cmp);
            errors
        };
        let keras = ascending(table::keras_errors(input, &experiment.id));
        let ours = ascending(table::errors(input, &experiment.id).into_iter().flatten().collect());
        let n = keras.len().min(ours.len());
        let probabilities = (0..n).map(|k| (k as f64 + 0.5) / n as f64);
        let points = probabilities
            .filter_map(|p| Some((quantile(&keras, p)?, quantile(&ours, p)?)))
            .collect();
        (n >= LEAST).then(|| Pairs {
            experiment: experiment.id.clone(),
            points,
        })
    });
    pairs.collect()
}

/// Draws one panel per experiment; `None` where no experiment has enough runs.
pub(crate) fn chart(input: &ReportInput) -> Option<Result<Picture, ReportError>> {
    let all = pairs(input);
    let (low, high) = extent(
        all.iter()
            .flat_map(|pairs| pairs.points.iter().flat_map(|(a, b)| [*a, *b])),
    )?;
    let margin = (high - low).max(0.1) / 20.0;
    let axis = Axis::linear(low - margin, high + margin, 4);
    let heading = Heading {
        title: "Quantiles of validation MAE, ours against Keras'".to_owned(),
        subtitle: "on the diagonal where both errors have the same distribution, above it where ours are larger"
            .to_owned(),
    };
    let columns = all.len().min(5);
    let width = 830.0 / columns as f64;
    let side = (width - 34.0).min(230.0);
    let rows = all.len().div_ceil(columns);
    let pitch = side + 84.0;
    Some(render(heading, 70.0 + pitch * rows as f64, |area| {
        for (position, pairs) in all.iter().enumerate() {
            let left = 50.0 + width * (position % columns) as f64;
            let top = 104.0 + pitch * (position / columns) as f64;
            let frame = Frame {
                left,
                top,
                right: left + side,
                bottom: top + side,
            };
            panel(area, frame, pairs, &axis)?;
        }
        Ok(())
    }))
}

fn panel(area: &Area<'_>, frame: Frame, pairs: &Pairs, axis: &Axis) -> Drawn {
    let mut plot = plot(area, frame, (axis, "Keras' MAE"), (axis, "our MAE"), false)?;
    let diagonal = [(axis.range.0, Some(axis.range.0)), (axis.range.1, Some(axis.range.1))];
    curve(&mut plot, diagonal, stroke(colour::GREY, 1.0, 1.2))?;
    let dots = pairs
        .points
        .iter()
        .map(|point| Circle::new(*point, super::canvas::px(2.6), colour::BLUE.mix(0.75).filled()));
    drawn(plot.draw_series(dots))?;
    let name = Ink {
        size: 13.0,
        bold: true,
        ..Ink::default()
    };
    text(area, (frame.left, frame.top - 29.0), &pairs.experiment, &name)
}
