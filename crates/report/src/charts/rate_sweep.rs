//! Loss against learning rate.

use super::axis::{Axis, extent};
use super::canvas::{Area, Drawn, Heading, Ink, Picture, drawn, render, stroke, text};
use super::colour;
use super::curves::OTHERS;
use super::plot::{Frame, Plot, curve, place, plot};
use crate::ReportError;
use crate::numbers::rate;
use crate::rate_sweep::{Findings, by_seed, findings, typical};
use crate::records::RateSweepPoint;
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

/// Draws the first seed's sweep over the other seeds', both axes logarithmic, the best region shaded; `None` without a
/// finite loss.
pub(crate) fn chart(title: &str, sweep: &[RateSweepPoint]) -> Option<Result<Picture, ReportError>> {
    let seeds = by_seed(sweep);
    let (first, rest) = seeds.split_first()?;
    let rest = &rest[..rest.len().min(OTHERS)];
    let found = findings(sweep)?;
    let heading = Heading {
        title: format!("{title}: loss against learning rate"),
        subtitle: subtitle(&found, first.0, rest.len()),
    };
    Some(render(heading, 410.0, |area| {
        let frame = Frame {
            left: 56.0,
            top: 88.0,
            right: 880.0,
            bottom: 354.0,
        };
        let (x, y) = axes(&first.1, &found);
        let mut plot = plot(
            area,
            frame,
            (&x, "learning rate (log scale)"),
            (&y, "training loss (log scale)"),
            false,
        )?;
        region(&mut plot, &found, &y)?;
        for (_, points) in rest {
            curve(&mut plot, logs(points), stroke(colour::FAINT, 0.8, 1.0))?;
        }
        curve(&mut plot, logs(&first.1), stroke(colour::BLUE, 1.0, 1.8))?;
        if !rest.is_empty() {
            let typical = typical(sweep)
                .into_iter()
                .map(|(lr, loss)| (libm::log10(lr), Some(libm::log10(loss))));
            curve(&mut plot, typical, stroke(colour::GREEN, 1.0, 2.4))?;
        }
        labels(area, &plot, &found, &y)
    }))
}

fn subtitle(found: &Findings, seed: u64, others: usize) -> String {
    let best = rate(found.best.0);
    match others {
        0 => format!("seed {seed}; best, averaged over five epochs, at learning rate {best}"),
        others => {
            let seeds = if others == 1 {
                "one other seed"
            } else {
                &format!("{others} other seeds")
            };
            format!(
                "seed {seed} in blue, {seeds} in grey; green: the median of all, averaged over five epochs, best at {best}"
            )
        }
    }
}

/// The whole range of rates; losses from the lowest to the highest, but not above ten times the first: beyond that all
/// is lost anyway.
fn axes(points: &[&RateSweepPoint], found: &Findings) -> (Axis, Axis) {
    let rates = extent(points.iter().map(|point| point.lr)).unwrap_or((1e-8, 1e-3));
    let (low, high) = losses(points, found);
    (
        Axis::decades(rates.0, rates.1.max(1.01 * rates.0)),
        Axis::logarithmic(low, high),
    )
}

/// The range of losses shown of one seed.
pub(crate) fn losses(points: &[&RateSweepPoint], found: &Findings) -> (f64, f64) {
    let (lowest, highest) =
        extent(points.iter().filter_map(|point| point.loss)).unwrap_or((found.best.1, found.best.1));
    let start = points.iter().find_map(|point| point.loss).unwrap_or(found.best.1);
    let low = lowest.min(found.best.1);
    (0.85 * low, (10.0 * start).min(1.15 * highest).max(1.5 * low))
}

fn logs(points: &[&RateSweepPoint]) -> Vec<(f64, Option<f64>)> {
    points
        .iter()
        .map(|point| (libm::log10(point.lr), point.loss.map(libm::log10)))
        .collect()
}

/// Shades the best region and draws a line where training is lost.
fn region(plot: &mut Plot<'_, '_>, found: &Findings, y: &Axis) -> Drawn {
    let (low, high) = (libm::log10(found.region.0), libm::log10(found.region.1));
    drawn(plot.draw_series([Rectangle::new(
        [(low, y.range.0), (high, y.range.1)],
        colour::GREEN.mix(0.15).filled(),
    )]))?;
    if let Some(rate) = found.diverges {
        let at = libm::log10(rate);
        curve(
            plot,
            [(at, Some(y.range.0)), (at, Some(y.range.1))],
            stroke(colour::VERMILION, 1.0, 1.2),
        )?;
    }
    Ok(())
}

fn labels(area: &Area<'_>, plot: &Plot<'_, '_>, found: &Findings, y: &Axis) -> Drawn {
    let left = place(plot, (libm::log10(found.region.0), y.range.1));
    let bold = Ink {
        size: 13.0,
        bold: true,
        colour: colour::GREEN,
        side: HPos::Right,
    };
    let plain = Ink {
        bold: false,
        size: 12.0,
        ..bold
    };
    text(area, (left.0 - 10.0, left.1 + 18.0), "best region", &bold)?;
    let range = format!("{} to {}", rate(found.region.0), rate(found.region.1));
    text(area, (left.0 - 10.0, left.1 + 35.0), &range, &plain)?;
    text(
        area,
        (left.0 - 10.0, left.1 + 51.0),
        "within 10 % of the lowest loss",
        &plain,
    )?;
    if let Some(diverges) = found.diverges {
        // Low down, because the curves are high up there, and on the side that has room.
        let at = place(plot, (libm::log10(diverges), y.range.0));
        let near_the_end = libm::log10(diverges) > plot.x_range().end - 0.6;
        let (side, gap) = if near_the_end {
            (HPos::Right, -9.0)
        } else {
            (HPos::Left, 9.0)
        };
        let ink = Ink {
            colour: colour::VERMILION,
            side,
            ..bold
        };
        let plain = Ink {
            bold: false,
            size: 12.0,
            ..ink
        };
        text(area, (at.0 + gap, at.1 - 57.0), "diverges", &ink)?;
        text(
            area,
            (at.0 + gap, at.1 - 40.0),
            &format!("past {}", rate(diverges)),
            &plain,
        )?;
    }
    Ok(())
}
