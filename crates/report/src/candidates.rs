//! A chart of candidates beside each other: a row each, with its error beside naive's and the interval of that.

use crate::ReportError;
use crate::charts::axis::{Axis, extent};
use crate::charts::canvas::{Heading, Ink, drawn, px, render, stroke, text};
use crate::charts::colour;
use crate::charts::plot::{Frame, curve, place, plot};
use plotters::prelude::*;

/// A candidate.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// What people call it.
    pub name: String,
    /// Its error over that of the naive forecast; above 0.
    pub value: f64,
    /// The ends of an interval of that.
    pub interval: Option<(f64, f64)>,
}

/// Units between one row and the next.
const PITCH: f64 = 26.0;
/// Units that a character of a name takes, at most.
const CHARACTER: f64 = 7.0;
/// Characters of a name that are shown.
const NAME: usize = 60;

/// The chart as an SVG document: the rows from top to bottom on a logarithmic axis, with a line at 1. The same bytes for the same rows.
///
/// ```
/// use recurra_report::candidates::{Row, chart};
///
/// let row = |name: &str, value| Row { name: name.into(), value, interval: Some((0.9 * value, 1.1 * value)) };
/// let svg = chart("The best candidates", "error over naive's", &[row("gru-1x32", 0.8), row("theta", 0.9)])?;
/// assert!(svg.contains("gru-1x32"));
/// # Ok::<(), recurra_report::ReportError>(())
/// ```
///
/// # Errors
/// If the drawing library refuses.
pub fn chart(title: &str, subtitle: &str, rows: &[Row]) -> Result<String, ReportError> {
    let names: Vec<String> = rows.iter().map(|row| shortened(&row.name)).collect();
    let longest = names.iter().map(|name| name.chars().count()).max().unwrap_or(0);
    let left = (longest as f64 * CHARACTER + 20.0).clamp(120.0, 440.0);
    let ends = rows.iter().flat_map(|row| {
        let (low, high) = row.interval.unwrap_or((row.value, row.value));
        [low, row.value, high]
    });
    let positive = ends.filter(|end| *end > 0.0 && end.is_finite());
    let (low, high) = extent(positive).unwrap_or((0.5, 2.0));
    let (low, high) = ((low / 1.1).min(0.9), (high * 1.1).max(1.1));
    let count = rows.len().max(1) as f64;
    let heading = Heading {
        title: title.to_owned(),
        subtitle: subtitle.to_owned(),
    };
    let height = 76.0 + PITCH * count + 52.0;
    let picture = render(heading, height, |area| {
        let frame = Frame {
            left,
            top: 76.0,
            right: 760.0,
            bottom: height - 52.0,
        };
        let ticks = names.iter().enumerate();
        let y = Axis {
            range: (0.0, count),
            ticks: ticks
                .map(|(row, name)| (count - 0.5 - row as f64, name.clone()))
                .collect(),
        };
        let x = Axis::logarithmic(low, high);
        let mut plot = plot(area, frame, (&x, "error over naive's, logarithmic"), (&y, ""), true)?;
        curve(
            &mut plot,
            [(0.0, Some(0.0)), (0.0, Some(count))],
            stroke(colour::INK, 1.0, 1.2),
        )?;
        for (row, (height, _)) in rows.iter().zip(&y.ticks) {
            if let Some((from, to)) = row.interval {
                let bar = [(libm::log10(from), Some(*height)), (libm::log10(to), Some(*height))];
                curve(&mut plot, bar, stroke(colour::BLUE, 0.35, 5.0))?;
            }
            let at = (libm::log10(row.value), *height);
            drawn(plot.draw_series([Circle::new(at, px(4.0), colour::BLUE.filled())]))?;
            let edge = place(&plot, (x.range.1, *height));
            text(
                area,
                (edge.0 + 10.0, edge.1),
                &format!("{:.3}", row.value),
                &Ink::default(),
            )?;
        }
        Ok(())
    })?;
    Ok(picture.svg)
}

fn shortened(name: &str) -> String {
    if name.chars().count() <= NAME {
        return name.to_owned();
    }
    name.chars().take(NAME - 1).chain(['…']).collect()
}
