//! The series with its split.

use super::axis::Axis;
use super::canvas::{Drawn, Heading, Ink, Picture, render, stroke, text};
use super::colour;
use super::plot::{Frame, curve, place, plot};
use crate::ReportError;
use crate::input::ReferenceSeries;
use crate::numbers::count;
use plotters::style::text_anchor::HPos;

/// Draws the training part and the validation part in two colours, with the split between them.
pub(crate) fn chart(series: &ReferenceSeries) -> Result<Picture, ReportError> {
    let points = series.values.len();
    let heading = Heading {
        title: "The series and its split".to_owned(),
        subtitle: format!(
            "{} daily values: networks learn from the days before {}, errors are measured from there on",
            count(points),
            count(series.split)
        ),
    };
    render(heading, 370.0, |area| {
        let frame = Frame {
            left: 56.0,
            top: 88.0,
            right: 880.0,
            bottom: 314.0,
        };
        let x = Axis::linear(0.0, points.saturating_sub(1).max(1) as f64, 8);
        let y = Axis::around(series.values.iter().copied(), 5).unwrap_or_else(|| Axis::linear(0.0, 1.0, 5));
        let mut plot = plot(area, frame, (&x, "day"), (&y, "value of the series"), false)?;
        let at = |range: std::ops::Range<usize>| {
            range.filter_map(|t| series.values.get(t).map(|value| (t as f64, Some(*value))))
        };
        curve(&mut plot, at(0..series.split), stroke(colour::BLUE, 1.0, 1.0))?;
        curve(&mut plot, at(series.split..points), stroke(colour::VERMILION, 1.0, 1.0))?;
        let split = series.split as f64;
        curve(
            &mut plot,
            [(split, Some(y.range.0)), (split, Some(y.range.1))],
            stroke(colour::MUTED, 1.0, 1.0),
        )?;
        parts(area, place(&plot, (split, y.range.1)), series)
    })
}

/// Names the two parts on both sides of the split, above the plot.
fn parts(area: &super::canvas::Area<'_>, split: (f64, f64), series: &ReferenceSeries) -> Drawn {
    let (train, validation) = (series.split, series.values.len().saturating_sub(series.split));
    let above = split.1 - 12.0;
    let left = Ink {
        size: 13.0,
        bold: true,
        colour: colour::BLUE,
        side: HPos::Right,
    };
    text(
        area,
        (split.0 - 10.0, above),
        &format!("training, {} days", count(train)),
        &left,
    )?;
    let right = Ink {
        colour: colour::VERMILION,
        side: HPos::Left,
        ..left
    };
    text(
        area,
        (split.0 + 10.0, above),
        &format!("validation, {} days", count(validation)),
        &right,
    )
}
