//! A plot on the surface: axes with a grid, and lines in data units.

use super::axis::Axis;
use super::canvas::{Area, Drawn, Ink, SCALE, drawn, px, stroke, text};
use super::clip::{Window, clip};
use super::colour;
use plotters::coord::combinators::WithKeyPoints;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

/// A plot with its two axes.
pub(crate) type Plot<'a, 'b> =
    ChartContext<'a, SVGBackend<'b>, Cartesian2d<WithKeyPoints<RangedCoordf64>, WithKeyPoints<RangedCoordf64>>>;

/// Where a plot lies on the surface, in units: its axes' corner points.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) right: f64,
    pub(crate) bottom: f64,
}

/// Sets up a plot with a grid, tick labels and the axes' names: y's above the axis, x's below it on the right.
pub(crate) fn plot<'a, 'b>(
    area: &'a Area<'b>,
    frame: Frame,
    x: (&Axis, &str),
    y: (&Axis, &str),
    rows: bool,
) -> Drawn<Plot<'a, 'b>> {
    let (width, height) = area.dim_in_pixel();
    let ranged =
        |axis: &Axis| (axis.range.0..axis.range.1).with_key_points(axis.ticks.iter().map(|tick| tick.0).collect());
    let mut builder = ChartBuilder::on(area);
    builder
        .margin_left(px(frame.left))
        .margin_top(px(frame.top))
        .margin_right(width as i32 - px(frame.right))
        .margin_bottom(height as i32 - px(frame.bottom));
    let plot = drawn(builder.build_cartesian_2d(ranged(x.0), ranged(y.0)))?;
    grid(area, frame, x.0, y.0, rows)?;
    let name = Ink {
        colour: colour::MUTED,
        ..Ink::default()
    };
    text(area, (frame.left, frame.top - 12.0), y.1, &name)?;
    text(
        area,
        (frame.right, frame.bottom + 36.0),
        x.1,
        &Ink {
            side: HPos::Right,
            ..name
        },
    )?;
    Ok(plot)
}

/// Faint lines at the ticks of the axis that carries the values (y, or x when the rows are categories), and all labels.
fn grid(area: &Area<'_>, frame: Frame, x: &Axis, y: &Axis, rows: bool) -> Drawn {
    let across = |axis: &Axis, value: f64| (value - axis.range.0) / (axis.range.1 - axis.range.0);
    let label = Ink {
        colour: colour::MUTED,
        ..Ink::default()
    };
    let line = |from: (f64, f64), to: (f64, f64), colour: RGBColor| {
        let points = vec![(px(from.0), px(from.1)), (px(to.0), px(to.1))];
        drawn(area.draw(&PathElement::new(points, stroke(colour, 1.0, 1.0))))
    };
    for (value, words) in &y.ticks {
        let height = frame.bottom - across(y, *value) * (frame.bottom - frame.top);
        if !rows {
            line((frame.left, height), (frame.right, height), colour::GRID)?;
        }
        let ink = if rows {
            Ink {
                size: 13.0,
                bold: true,
                ..Ink::default()
            }
        } else {
            label
        };
        text(
            area,
            (frame.left - 8.0, height),
            words,
            &Ink {
                side: HPos::Right,
                ..ink
            },
        )?;
    }
    for (value, words) in &x.ticks {
        let place = frame.left + across(x, *value) * (frame.right - frame.left);
        let from = if rows { frame.top } else { frame.bottom };
        line(
            (place, from),
            (place, frame.bottom + 5.0),
            if rows { colour::GRID } else { colour::FAINT },
        )?;
        text(
            area,
            (place, frame.bottom + 16.0),
            words,
            &Ink {
                side: HPos::Center,
                ..label
            },
        )?;
    }
    line((frame.left, frame.bottom), (frame.right, frame.bottom), colour::FAINT)
}

/// Draws a line through the points, cut at the plot's edges and broken at missing values.
pub(crate) fn curve(
    plot: &mut Plot<'_, '_>,
    points: impl IntoIterator<Item = (f64, Option<f64>)>,
    style: ShapeStyle,
) -> Drawn {
    let window = window(plot);
    for part in clip(points, window) {
        drawn(plot.draw_series(std::iter::once(PathElement::new(part, style))))?;
    }
    Ok(())
}

/// The plot's ranges.
pub(crate) fn window(plot: &Plot<'_, '_>) -> Window {
    let (x, y) = (plot.x_range(), plot.y_range());
    Window {
        x: (x.start, x.end),
        y: (y.start, y.end),
    }
}

/// Where a point of the plot lies on the surface, in units.
pub(crate) fn place(plot: &Plot<'_, '_>, point: (f64, f64)) -> (f64, f64) {
    let (x, y) = plot.backend_coord(&point);
    (f64::from(x) / SCALE, f64::from(y) / SCALE)
}

/// Heights moved apart until neighbours are at least `gap` away from each other, in the order given.
pub(crate) fn spread_apart(heights: &[f64], gap: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..heights.len()).collect();
    order.sort_by(|a, b| heights[*a].total_cmp(&heights[*b]));
    let mut moved = heights.to_vec();
    for pair in 1..order.len() {
        let (above, below) = (order[pair - 1], order[pair]);
        let lack = gap - (moved[below] - moved[above]);
        if lack > 0.0 {
            for earlier in &order[..pair] {
                moved[*earlier] -= lack / 2.0;
            }
            moved[below] += lack / 2.0;
        }
    }
    moved
}
