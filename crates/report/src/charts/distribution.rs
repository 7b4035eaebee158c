//! The errors of all experiments over seeds, Keras' beside ours.

use super::axis::{Axis, extent};
use super::canvas::{Area, Drawn, Heading, Ink, Picture, drawn, px, render, stroke, text};
use super::colour;
use super::plot::{Frame, Plot, curve, place, plot};
use crate::ReportError;
use crate::input::ReportInput;
use crate::stats::{Spread, quantile};
use crate::table::{self, Reference, Row, spread_cell};
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

/// Units between one experiment's row and the next.
const PITCH: f64 = 74.0;

/// Draws one dot per run, a box from quartile to quartile and a bar at the median, with the reference lines across;
/// `None` without a run.
pub(crate) fn chart(input: &ReportInput) -> Option<Result<Picture, ReportError>> {
    let rows: Vec<Row> = table::rows(input)
        .into_iter()
        .filter(|row| row.ours.is_some() || row.keras.is_some())
        .collect();
    let x = axis(input, &rows)?;
    let beyond = all_errors(input, &rows).iter().any(|error| *error > x.range.1);
    let note = if beyond {
        " (triangle: beyond the axis or diverged)"
    } else {
        ""
    };
    let heading = Heading {
        title: "Validation MAE over seeds, beside Keras and the lines to beat".to_owned(),
        subtitle: format!("a dot per seed{note}, box: quartiles, bar: median; at the right: median [quartiles], seeds"),
    };
    let height = 104.0 + PITCH * rows.len() as f64 + 56.0;
    Some(render(heading, height, |area| {
        let frame = Frame {
            left: names_width(&rows),
            top: 104.0,
            right: 690.0,
            bottom: height - 56.0,
        };
        let count = rows.len() as f64;
        let ticks = rows
            .iter()
            .enumerate()
            .map(|(k, row)| (count - 0.5 - k as f64, row.id.clone()))
            .collect();
        let y = Axis {
            range: (0.0, count),
            ticks,
        };
        let name = "validation MAE, in units of the series";
        let mut plot = plot(area, frame, (&x, name), (&y, ""), true)?;
        lines(area, &mut plot, &table::references(input), count)?;
        for (row, (middle, _)) in rows.iter().zip(&y.ticks) {
            let keras: Vec<Option<f64>> = table::keras_errors(input, &row.id).into_iter().map(Some).collect();
            let ours = table::errors(input, &row.id);
            // One sample alone lies beside the row's name.
            let apart = if row.keras.is_some() && row.ours.is_some() {
                0.2
            } else {
                0.0
            };
            for (name, errors, spread, height, hue) in [
                ("Keras", keras, row.keras, middle + apart, colour::VERMILION),
                ("ours", ours, row.ours, middle - apart, colour::BLUE),
            ] {
                let Some(spread) = spread else { continue };
                let band = Band { middle: height, hue };
                band.draw(&mut plot, &errors, spread)?;
                let at = place(&plot, (x.range.1, height));
                let ink = Ink {
                    size: 12.5,
                    colour: hue,
                    ..Ink::default()
                };
                text(area, (at.0 + 12.0, at.1), name, &Ink { bold: true, ..ink })?;
                text(area, (at.0 + 54.0, at.1), &spread_cell(Some(spread)), &ink)?;
            }
        }
        Ok(())
    }))
}

/// Room for the longest name left of the plot, at most a third of the picture.
fn names_width(rows: &[Row]) -> f64 {
    let longest = rows.iter().map(|row| row.id.chars().count()).max().unwrap_or(0);
    (7.2 * longest as f64 + 24.0).clamp(92.0, 300.0)
}

/// The range of errors shown.
pub(crate) fn range(input: &ReportInput) -> Option<(f64, f64)> {
    axis(input, &table::rows(input)).map(|axis| axis.range)
}

/// From below the lowest line to nineteen in twenty of all runs and a little more: a few wild runs are shown at the edge.
fn axis(input: &ReportInput, rows: &[Row]) -> Option<Axis> {
    let mut values = all_errors(input, rows);
    values.retain(|value| value.is_finite());
    values.sort_by(f64::total_cmp);
    let references = table::references(input).into_iter().map(|line| line.mae);
    let (low, _) = extent(values.iter().copied().chain(references.clone()))?;
    let (_, lines) = extent(references).unwrap_or((low, low));
    let most = quantile(&values, 0.95).unwrap_or(lines).max(lines);
    let margin = (most - low).max(0.2) / 20.0;
    Some(Axis::linear(low - margin, most + 3.0 * margin, 8))
}

/// Every run's MAE, Keras' as well; infinite where a run diverged.
fn all_errors(input: &ReportInput, rows: &[Row]) -> Vec<f64> {
    let ours = |row: &Row| {
        table::errors(input, &row.id)
            .into_iter()
            .map(|error| error.unwrap_or(f64::INFINITY))
    };
    rows.iter()
        .flat_map(|row| ours(row).chain(table::keras_errors(input, &row.id)))
        .collect()
}

/// The reference lines from top to bottom, named above the plot; close ones on two levels.
fn lines(area: &Area<'_>, plot: &mut Plot<'_, '_>, references: &[Reference], count: f64) -> Drawn {
    let mut ascending: Vec<&Reference> = references.iter().collect();
    ascending.sort_by(|a, b| a.mae.total_cmp(&b.mae));
    let mut free_from = f64::NEG_INFINITY;
    for line in ascending {
        curve(
            plot,
            [(line.mae, Some(0.0)), (line.mae, Some(count))],
            stroke(colour::INK, 1.0, 1.2),
        )?;
        let at = place(plot, (line.mae, count));
        let words = format!("{} {:.2}", line.short_name(), line.mae);
        let half = 3.4 * words.chars().count() as f64;
        let raised = at.0 - half < free_from;
        if !raised {
            free_from = at.0 + half + 6.0;
        }
        let height = at.1 - if raised { 28.0 } else { 11.0 };
        let ink = Ink {
            size: 12.5,
            bold: true,
            side: HPos::Center,
            ..Ink::default()
        };
        text(area, (at.0, height), &words, &ink)?;
    }
    Ok(())
}

/// One sample's place among the rows.
struct Band {
    middle: f64,
    hue: RGBColor,
}

impl Band {
    fn draw(&self, plot: &mut Plot<'_, '_>, errors: &[Option<f64>], spread: Spread) -> Drawn {
        let range = plot.x_range();
        let (low, high) = (range.start, range.end);
        let within = |value: f64| value.clamp(low, high);
        let corners = [
            (within(spread.lower), self.middle - 0.15),
            (within(spread.upper), self.middle + 0.15),
        ];
        drawn(plot.draw_series([Rectangle::new(corners, self.hue.mix(0.2).filled())]))?;
        for (position, error) in errors.iter().enumerate() {
            let value = error.filter(|error| error.is_finite()).unwrap_or(f64::INFINITY);
            let at = (within(value), self.middle + jitter(position));
            if value > high {
                drawn(plot.draw_series([TriangleMarker::new(at, px(4.0), self.hue.mix(0.8).filled())]))?;
            } else {
                drawn(plot.draw_series([Circle::new(at, px(2.6), self.hue.mix(0.55).filled())]))?;
            }
        }
        if spread.median <= high {
            let bar = [
                (spread.median, Some(self.middle - 0.17)),
                (spread.median, Some(self.middle + 0.17)),
            ];
            curve(plot, bar, stroke(self.hue, 1.0, 3.0))?;
        }
        Ok(())
    }
}

/// A fixed scatter of heights between −0.11 and 0.11: the multiples of the golden ratio, which fill an interval evenly.
fn jitter(position: usize) -> f64 {
    let golden = 0.618_033_988_749_895;
    ((position as f64 + 1.0) * golden).fract() * 0.22 - 0.11
}
