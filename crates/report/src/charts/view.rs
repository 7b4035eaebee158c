//! Interactive charts as still pictures: what stands in for them where scripts are off, and what `recurra plot` draws.

use super::axis::{Axis, extent};
use super::canvas::{Area, Drawn, Heading, Ink, Picture, WIDTH, drawn, px, render, stroke, text};
use super::colour;
use super::plot::{Frame, Plot, curve, place, plot, spread_apart};
use crate::ReportError;
use crate::html::view::{AxisView, Direction, Hue, Line, Mark, Region, View};
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

/// The height of a row of panels, its axis names included.
const ROW: f64 = 290.0;
/// What the heading takes above the first row.
const HEAD: f64 = 58.0;
/// How wide a letter of an axis' label is, about.
const LETTER: f64 = 6.6;

/// Draws views as panels: every row is as wide as the picture and shares it among its views.
pub(crate) fn picture(heading: Heading, rows: &[Vec<&View>]) -> Result<Picture, ReportError> {
    render(heading, HEAD + ROW * rows.len() as f64, |area| {
        for (row, views) in rows.iter().enumerate() {
            let share = WIDTH / views.len().max(1) as f64;
            let top = HEAD + ROW * row as f64;
            for (column, view) in views.iter().enumerate() {
                let left = share * column as f64;
                panel(area, (left, left + share), top, view)?;
            }
        }
        Ok(())
    })
}

fn panel(area: &Area<'_>, (left, right): (f64, f64), top: f64, view: &View) -> Drawn {
    let y = y_axis(view);
    let widest =
        |words: &mut dyn Iterator<Item = &str>| words.map(|words| words.chars().count()).max().unwrap_or(0) as f64;
    let ticks = widest(&mut y.ticks.iter().map(|tick| tick.1.as_str()));
    let names = widest(&mut labelled(view).map(|(label, _)| label));
    let frame = Frame {
        left: left + (ticks * LETTER + 20.0).max(48.0),
        right: right - if names > 0.0 { names * 7.6 + 18.0 } else { 20.0 },
        top: top + 34.0,
        bottom: top + ROW - 56.0,
    };
    let x = x_axis(view, frame.right - frame.left);
    let (x_name, y_name) = (view.x.name.as_str(), view.y.name.as_str());
    let mut plot = plot(area, frame, (&x, x_name), (&y, y_name), false)?;
    for region in &view.regions {
        shade(area, &mut plot, region)?;
    }
    for band in &view.areas {
        let place = |step: usize| band.x0 + step as f64;
        let upper = band.upper.iter().enumerate().map(|(step, value)| (place(step), *value));
        let lower = band
            .lower
            .iter()
            .enumerate()
            .rev()
            .map(|(step, value)| (place(step), *value));
        let corners: Vec<_> = upper.chain(lower).filter(|corner| corner.1.is_finite()).collect();
        drawn(plot.draw_series([Polygon::new(corners, rgb(band.hue).mix(0.2))]))?;
    }
    for bars in &view.bars {
        let half = bars.width / 2.0;
        let bar = |(x, y): (&f64, &f64)| Rectangle::new([(x - half, 0.0), (x + half, *y)], rgb(bars.hue).filled());
        drawn(plot.draw_series(bars.xs.iter().zip(&bars.ys).map(bar)))?;
    }
    for mark in &view.marks {
        line_across(area, &mut plot, mark)?;
    }
    for line in view.lines.iter().filter(|line| !line.hidden) {
        trace(&mut plot, line)?;
    }
    ends(area, &plot, view)
}

/// A line, or its points alone.
fn trace(plot: &mut Plot<'_, '_>, line: &Line) -> Drawn {
    let hue = rgb(line.hue);
    if line.scattered {
        let dots = points(line).filter_map(|(x, y)| Some(Circle::new((x, y?), px(3.0), hue.mix(0.7).filled())));
        drawn(plot.draw_series(dots))?;
        return Ok(());
    }
    let (opacity, width) = if line.group.is_some() { (0.5, 0.8) } else { (1.0, 1.5) };
    curve(plot, points(line), stroke(hue, opacity, width))
}

fn shade(area: &Area<'_>, plot: &mut Plot<'_, '_>, region: &Region) -> Drawn {
    let (x, y) = (plot.x_range(), plot.y_range());
    let corners = match region.axis {
        Direction::X => [(region.from, y.start), (region.to, y.end)],
        Direction::Y => [(x.start, region.from), (x.end, region.to)],
    };
    drawn(plot.draw_series([Rectangle::new(corners, rgb(region.hue).mix(0.15).filled())]))?;
    let at = place(plot, (corners[0].0, corners[1].1));
    let ink = Ink {
        colour: rgb(region.hue),
        bold: true,
        ..Ink::default()
    };
    text(area, (at.0 + 6.0, at.1 + 10.0), &region.label, &ink)
}

/// A labelled line across the whole plot; a label that would leave it stands on the line's other side.
fn line_across(area: &Area<'_>, plot: &mut Plot<'_, '_>, mark: &Mark) -> Drawn {
    let (x, y) = (plot.x_range(), plot.y_range());
    let ends = match mark.axis {
        Direction::X => [(mark.at, Some(y.start)), (mark.at, Some(y.end))],
        Direction::Y => [(x.start, Some(mark.at)), (x.end, Some(mark.at))],
    };
    curve(plot, ends, stroke(colour::INK, 1.0, 1.2))?;
    let right = place(plot, (x.end, y.end)).0;
    let (at, side) = match mark.axis {
        Direction::X => {
            let at = place(plot, (mark.at, y.end));
            let fits = at.0 + mark.label.chars().count() as f64 * 7.2 < right;
            ((at.0, at.1 - 12.0), if fits { HPos::Left } else { HPos::Right })
        }
        Direction::Y => ((right, place(plot, (x.start, mark.at)).1 - 8.0), HPos::Right),
    };
    text(
        area,
        at,
        &mark.label,
        &Ink {
            bold: true,
            side,
            ..Ink::default()
        },
    )
}

/// The names of the lines beside their ends.
fn ends(area: &Area<'_>, plot: &Plot<'_, '_>, view: &View) -> Drawn {
    let last = |line: &Line| points(line).filter_map(|(x, y)| Some((x, y?))).last();
    let found: Vec<_> = labelled(view)
        .filter_map(|(label, line)| Some((label, line, last(line)?)))
        .collect();
    let heights: Vec<f64> = found.iter().map(|(_, _, end)| place(plot, *end).1).collect();
    let right = place(plot, (plot.x_range().end, plot.y_range().start)).0;
    for ((label, line, _), height) in found.iter().zip(spread_apart(&heights, 16.0)) {
        let hue = if line.hue == Hue::Grey {
            colour::MUTED
        } else {
            rgb(line.hue)
        };
        let ink = Ink {
            size: 12.5,
            bold: true,
            colour: hue,
            ..Ink::default()
        };
        text(area, (right + 8.0, height), label, &ink)?;
    }
    Ok(())
}

fn labelled(view: &View) -> impl Iterator<Item = (&str, &Line)> {
    let shown = view.lines.iter().filter(|line| !line.hidden);
    shown.filter_map(|line| Some((line.label.as_deref()?, line)))
}

fn points(line: &Line) -> impl Iterator<Item = (f64, Option<f64>)> + '_ {
    let x = |step: usize| line.xs.get(step).copied().unwrap_or(line.x0 + step as f64);
    line.ys.iter().enumerate().map(move |(step, y)| (x(step), *y))
}

fn y_axis(view: &View) -> Axis {
    let shown = view.lines.iter().filter(|line| !line.hidden);
    let values = shown.flat_map(|line| line.ys.iter().flatten().copied());
    let bands = view
        .areas
        .iter()
        .flat_map(|band| band.lower.iter().chain(&band.upper).copied());
    let bars = view.bars.iter().flat_map(|bars| bars.ys.iter().copied().chain([0.0]));
    let marks = view
        .marks
        .iter()
        .filter(|mark| mark.axis == Direction::Y)
        .map(|mark| mark.at);
    let regions = view.regions.iter().filter(|region| region.axis == Direction::Y);
    let all = values
        .chain(bands)
        .chain(bars)
        .chain(marks)
        .chain(regions.flat_map(|region| [region.from, region.to]));
    Axis::around(all, 5).unwrap_or_else(|| Axis::linear(0.0, 1.0, 5))
}

fn x_axis(view: &View, width: f64) -> Axis {
    let lines = view.lines.iter().flat_map(|line| points(line).map(|(x, _)| x));
    let bands = view
        .areas
        .iter()
        .flat_map(|band| [band.x0, band.x0 + band.upper.len().max(1) as f64 - 1.0]);
    let bars = view.bars.iter().flat_map(|bars| {
        let half = bars.width / 2.0;
        bars.xs.iter().flat_map(move |x| [x - half, x + half])
    });
    let (low, high) = extent(lines.chain(bands).chain(bars)).unwrap_or((0.0, 1.0));
    // No tick between whole numbers, such as epochs.
    let whole = lines_are_whole(view);
    let kept = |mut axis: Axis| {
        axis.ticks.retain(|(at, _)| !whole || at.fract() == 0.0);
        axis
    };
    if view.x.labels.is_empty() {
        kept(Axis::linear(low, high, (width / 70.0) as usize))
    } else {
        worded(&view.x, low, high, width)
    }
}

fn lines_are_whole(view: &View) -> bool {
    !view.lines.is_empty()
        && view
            .lines
            .iter()
            .all(|line| points(line).all(|(x, y)| y.is_none() || x.fract() == 0.0))
}

/// An axis with words at round places, as many as fit; none that would leave the plot on the right.
fn worded(axis: &AxisView, low: f64, high: f64, width: f64) -> Axis {
    let longest = axis.labels.iter().map(|label| label.chars().count()).max().unwrap_or(1);
    let room = longest as f64 * LETTER + 18.0;
    let Axis { range, ticks } = Axis::linear(low, high, ((width / room) as usize).clamp(1, 8));
    let per_step = width / (range.1 - range.0);
    let mut free_from = f64::NEG_INFINITY;
    let ticks = ticks.into_iter().filter_map(|(at, _)| {
        let at = at.round();
        let words = axis
            .labels
            .get(at as usize)
            .filter(|_| at >= range.0 && at <= range.1)?;
        let middle = (at - range.0) * per_step;
        let half = words.chars().count() as f64 * LETTER / 2.0;
        if middle - half < free_from || middle + half > width + 20.0 {
            return None;
        }
        free_from = middle + half + 12.0;
        Some((at, words.clone()))
    });
    Axis {
        range,
        ticks: ticks.collect(),
    }
}

fn rgb(hue: Hue) -> RGBColor {
    match hue {
        Hue::Blue => colour::BLUE,
        Hue::Vermilion => colour::VERMILION,
        Hue::Green => colour::GREEN,
        Hue::Purple => colour::PURPLE,
        Hue::Grey => colour::GREY,
        Hue::Ink => colour::INK,
    }
}
