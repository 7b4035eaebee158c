//! The charts of a leaderboard.

use super::records::{Board, Ranking};
use crate::ReportError;
use crate::charts::axis::{Axis, extent};
use crate::charts::canvas::{Heading, Ink, drawn, px, render, stroke, text};
use crate::charts::colour;
use crate::charts::plot::{Frame, curve, place, plot};
use plotters::prelude::*;

/// A chart as an SVG document.
#[derive(Debug, Clone)]
pub struct Chart {
    /// The name of its file without the ending.
    pub name: &'static str,
    /// What it shows, in a sentence.
    pub alt: String,
    /// The document.
    pub svg: String,
}

/// Units between one row and the next.
const PITCH: f64 = 26.0;

/// The two charts: mean ranks with their critical difference, and errors beside naive's on every data set.
///
/// # Errors
/// If the drawing library refuses.
pub fn charts(board: &Board, ranking: &Ranking) -> Result<[Chart; 2], ReportError> {
    Ok([ranks(ranking)?, errors(board, ranking)?])
}

/// A row for each model: its mean rank, and half the critical difference on both sides.
fn ranks(ranking: &Ranking) -> Result<Chart, ReportError> {
    let half = ranking.critical_difference / 2.0;
    let count = ranking.models.len() as f64;
    let heading = Heading {
        title: format!("Mean ranks over {} data sets", ranking.sets),
        subtitle: format!(
            "1 is best; two models whose bars overlap are not shown to differ (Nemenyi, 95 %, critical difference {:.1}); the line: the end \
             of the best one's bar",
            ranking.critical_difference
        ),
    };
    let height = 76.0 + PITCH * count + 52.0;
    let picture = render(heading, height, |area| {
        let frame = Frame {
            left: 190.0,
            top: 76.0,
            right: 760.0,
            bottom: height - 52.0,
        };
        let rows = ranking.models.iter().enumerate();
        let ticks = rows.map(|(row, model)| (count - 0.5 - row as f64, model.model.clone()));
        let y = Axis {
            range: (0.0, count),
            ticks: ticks.collect(),
        };
        let x = Axis::linear(1.0 - half, count + half, 10);
        let mut plot = plot(area, frame, (&x, "mean rank"), (&y, ""), true)?;
        if let Some(best) = ranking.models.first() {
            let reach = best.mean_rank + half;
            curve(
                &mut plot,
                [(reach, Some(0.0)), (reach, Some(count))],
                stroke(colour::MUTED, 1.0, 1.0),
            )?;
        }
        for (model, (height, _)) in ranking.models.iter().zip(&y.ticks) {
            let hue = if model.network { colour::BLUE } else { colour::VERMILION };
            let bar = [
                (model.mean_rank - half, Some(*height)),
                (model.mean_rank + half, Some(*height)),
            ];
            curve(&mut plot, bar, stroke(hue, 0.35, 5.0))?;
            let at = (model.mean_rank, *height);
            drawn(plot.draw_series([Circle::new(at, px(4.0), hue.filled())]))?;
            let edge = place(&plot, (x.range.1, *height));
            text(
                area,
                (edge.0 + 10.0, edge.1),
                &format!("{:.1}", model.mean_rank),
                &Ink::default(),
            )?;
        }
        legend(area)
    })?;
    Ok(Chart {
        name: "leaderboard-ranks",
        alt: "the mean rank of every model over all data sets, with the critical difference".to_owned(),
        svg: picture.svg,
    })
}

/// A row for each data set: the MASE of every model over naive's.
fn errors(board: &Board, ranking: &Ranking) -> Result<Chart, ReportError> {
    let naive = ranking.models.iter().find(|model| model.model == "naive");
    let ratio = |set: usize, model: usize| {
        let own = ranking.models.get(model)?.mase.get(set).copied().flatten()?;
        let naive = naive?.mase.get(set).copied().flatten()?;
        Some(own / naive).filter(|ratio| *ratio > 0.0 && ratio.is_finite())
    };
    let (sets, models) = (board.sets.len(), ranking.models.len());
    let all = (0..sets).flat_map(|set| (0..models).filter_map(move |model| ratio(set, model)));
    let (low, high) = extent(all).unwrap_or((0.5, 2.0));
    // Beyond four times naive's error there is nothing to learn but that.
    let (low, high) = ((low / 1.1).min(0.9), (high * 1.1).clamp(1.2, 4.0));
    let heading = Heading {
        title: "Errors beside naive's, data set by data set".to_owned(),
        subtitle: "a dot per model: its MASE over that of the naive forecast, networks by the median of their seeds; left of 1 is \
                   better"
            .to_owned(),
    };
    let pitch = 1.3 * PITCH;
    let height = 90.0 + pitch * sets as f64 + 52.0;
    let picture = render(heading, height, |area| {
        let frame = Frame {
            left: 190.0,
            top: 90.0,
            right: 690.0,
            bottom: height - 52.0,
        };
        let count = sets as f64;
        let named = board.sets.iter().enumerate();
        let ticks = named.map(|(row, set)| (count - 0.5 - row as f64, set.name.clone()));
        let y = Axis {
            range: (0.0, count),
            ticks: ticks.collect(),
        };
        let x = Axis::logarithmic(low, high);
        let mut plot = plot(area, frame, (&x, "MASE over naive's, logarithmic"), (&y, ""), true)?;
        curve(
            &mut plot,
            [(0.0, Some(0.0)), (0.0, Some(count))],
            stroke(colour::INK, 1.0, 1.2),
        )?;
        for (set, (height, _)) in y.ticks.iter().enumerate() {
            let mut best: Option<(f64, &str)> = None;
            for (at, model) in ranking.models.iter().enumerate() {
                let Some(ratio) = ratio(set, at) else { continue };
                if best.is_none_or(|(lowest, _)| ratio < lowest) {
                    best = Some((ratio, &model.model));
                }
                let (hue, shift) = if model.network {
                    (colour::BLUE, 0.12)
                } else {
                    (colour::VERMILION, -0.12)
                };
                let spot = (libm::log10(ratio.min(high)), height + shift);
                if ratio > high {
                    drawn(plot.draw_series([TriangleMarker::new(spot, px(4.0), hue.mix(0.8).filled())]))?;
                } else {
                    drawn(plot.draw_series([Circle::new(spot, px(3.4), hue.mix(0.6).filled())]))?;
                }
            }
            if let Some((ratio, name)) = best {
                let edge = place(&plot, (x.range.1, *height));
                text(
                    area,
                    (edge.0 + 12.0, edge.1),
                    &format!("{name} {ratio:.2}"),
                    &Ink::default(),
                )?;
            }
        }
        let edge = place(&plot, (x.range.1, count));
        let muted = Ink {
            colour: colour::MUTED,
            ..Ink::default()
        };
        text(area, (edge.0 + 12.0, edge.1 - 8.0), "best", &muted)?;
        legend(area)
    })?;
    Ok(Chart {
        name: "leaderboard-errors",
        alt: "the MASE of every model over that of the naive forecast, on every data set".to_owned(),
        svg: picture.svg,
    })
}

/// The names of the two colours, at the top.
fn legend(area: &crate::charts::canvas::Area<'_>) -> Result<(), String> {
    for (place, name, colour) in [
        (640.0, "networks", colour::BLUE),
        (730.0, "classical methods", colour::VERMILION),
    ] {
        let ink = Ink {
            colour,
            bold: true,
            size: 12.5,
            ..Ink::default()
        };
        text(area, (place, 22.0), name, &ink)?;
    }
    Ok(())
}
