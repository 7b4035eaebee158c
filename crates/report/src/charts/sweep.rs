//! Loss against learning rate.

use super::axis::{Axis, extent, superscript};
use super::canvas::{
    Area, Drawn, Frame, Heading, Ink, Picture, Plot, colour, curve, drawn, place, plot, render, stroke, text,
};
use super::curves::OTHERS;
use crate::ReportError;
use crate::records::SweepPoint;
use crate::sweep::{Findings, by_seed, findings};
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

/// Draws the first seed's sweep over the other seeds', both axes logarithmic, the best region shaded; `None` without a
/// finite loss.
pub(crate) fn chart(title: &str, sweep: &[SweepPoint]) -> Option<Result<Picture, ReportError>> {
    let seeds = by_seed(sweep);
    let (first, rest) = seeds.split_first()?;
    let rest = &rest[..rest.len().min(OTHERS)];
    let found = findings(&first.1)?;
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
        curve(&mut plot, logs(&first.1), stroke(colour::BLUE, 1.0, 2.2))?;
        labels(area, &plot, &found, &y)
    }))
}

fn subtitle(found: &Findings, seed: u64, others: usize) -> String {
    let others = match others {
        0 => String::new(),
        1 => ", one other seed in grey".to_owned(),
        n => format!(", {n} other seeds in grey"),
    };
    format!(
        "seed {seed} in blue{others}; lowest loss {:.2} at learning rate {}",
        found.best.1,
        rate(found.best.0)
    )
}

/// The whole range of rates; losses from a little under the lowest to ten times the first, beyond which all is divergence.
fn axes(points: &[&SweepPoint], found: &Findings) -> (Axis, Axis) {
    let rates = extent(points.iter().map(|point| point.lr)).unwrap_or((1e-8, 1e-3));
    let start = points.iter().find_map(|point| point.loss).unwrap_or(found.best.1);
    let highest = extent(points.iter().filter_map(|point| point.loss)).map_or(start, |extent| extent.1);
    let top = (10.0 * start).min(1.15 * highest).max(1.5 * found.best.1);
    (
        Axis::decades(rates.0, rates.1.max(1.01 * rates.0)),
        Axis::logarithmic(0.85 * found.best.1, top),
    )
}

fn logs(points: &[&SweepPoint]) -> Vec<(f64, Option<f64>)> {
    points
        .iter()
        .map(|point| (libm::log10(point.lr), point.loss.map(libm::log10)))
        .collect()
}

/// Shades the best region and dots the lowest loss.
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
    let best = place(plot, (libm::log10(found.best.0), libm::log10(found.best.1)));
    let dot = (super::canvas::px(best.0), super::canvas::px(best.1));
    drawn(area.draw(&Circle::new(dot, super::canvas::px(4.5), colour::BLUE.filled())))?;
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
        // Low down, because the curve is high up there.
        let at = place(plot, (libm::log10(diverges), y.range.0));
        let ink = Ink {
            colour: colour::VERMILION,
            side: HPos::Left,
            ..bold
        };
        text(area, (at.0 + 9.0, at.1 - 40.0), "diverges", &ink)?;
        text(
            area,
            (at.0 + 9.0, at.1 - 23.0),
            &format!("past {}", rate(diverges)),
            &Ink {
                bold: false,
                size: 12.0,
                ..ink
            },
        )?;
    }
    Ok(())
}

/// A learning rate as people write it: `4.5·10⁻⁶`.
pub(crate) fn rate(lr: f64) -> String {
    let scientific = format!("{lr:.1e}");
    let (digits, power) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let power = power.parse().unwrap_or(0);
    let digits = digits.trim_end_matches(".0");
    if digits == "1" {
        format!("10{}", superscript(power))
    } else {
        format!("{digits}·10{}", superscript(power))
    }
}

#[cfg(test)]
mod tests {
    use super::rate;

    #[test]
    fn rates_are_written_by_their_power_of_ten() {
        assert_eq!(
            (rate(4.47e-6), rate(1e-8), rate(0.03)),
            ("4.5·10⁻⁶".to_owned(), "10⁻⁸".to_owned(), "3·10⁻²".to_owned())
        );
    }
}
