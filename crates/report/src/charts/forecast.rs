//! The forecast over the validation part against what happened.

use super::axis::Axis;
use super::canvas::{Heading, Ink, Picture, render, stroke, text};
use super::colour;
use super::plot::{Frame, curve, place, plot, spread_apart};
use crate::ReportError;
use crate::input::{Experiment, ForecastTrace, ReportInput};
use crate::table::number;

/// Draws one run's one-step-ahead forecasts over the actual values.
pub(crate) fn chart(
    input: &ReportInput,
    experiment: &Experiment,
    trace: &ForecastTrace,
) -> Result<Picture, ReportError> {
    let start = input.series.split;
    let actual = input.series.values.get(start..).unwrap_or_default();
    let heading = Heading {
        title: format!("{}: forecast over the validation part", experiment.title),
        subtitle: subtitle(input, trace),
    };
    render(heading, 370.0, |area| {
        let frame = Frame {
            left: 56.0,
            top: 88.0,
            right: 800.0,
            bottom: 314.0,
        };
        let days = |values: &[f64]| -> Vec<(f64, Option<f64>)> {
            values
                .iter()
                .enumerate()
                .map(|(t, value)| ((start + t) as f64, Some(*value)))
                .collect()
        };
        let x = Axis::linear(start as f64, (start + actual.len().max(2) - 1) as f64, 8);
        let y =
            Axis::around(actual.iter().chain(&trace.values).copied(), 5).unwrap_or_else(|| Axis::linear(0.0, 1.0, 5));
        let mut plot = plot(area, frame, (&x, "day"), (&y, "value of the series"), false)?;
        curve(&mut plot, days(actual), stroke(colour::GREY, 1.0, 1.2))?;
        curve(&mut plot, days(&trace.values), stroke(colour::BLUE, 1.0, 1.4))?;
        let ends = [actual, &trace.values].map(|values| {
            values
                .last()
                .copied()
                .filter(|end| end.is_finite())
                .unwrap_or(y.range.0)
        });
        let heights = spread_apart(&ends.map(|end| place(&plot, (x.range.1, end)).1), 17.0);
        let names = [("actual", colour::MUTED), ("forecast", colour::BLUE)];
        for ((name, colour), height) in names.into_iter().zip(heights) {
            text(
                area,
                (frame.right + 8.0, height),
                name,
                &Ink {
                    size: 13.0,
                    bold: true,
                    colour,
                    ..Ink::default()
                },
            )?;
        }
        Ok(())
    })
}

fn subtitle(input: &ReportInput, trace: &ForecastTrace) -> String {
    let run = input
        .results
        .runs
        .iter()
        .find(|run| run.experiment == trace.experiment && run.seed == trace.seed);
    let mae = run
        .and_then(|run| run.val_mae)
        .map_or_else(String::new, |mae| format!(", MAE {}", number(mae)));
    let bias = run
        .and_then(|run| run.val_bias)
        .map_or_else(String::new, |bias| format!(", bias {bias:+.2}").replace('-', "−"));
    let naive = input
        .results
        .baselines
        .get("naive")
        .map_or_else(String::new, |naive| format!(" (naive: {})", number(naive.mae)));
    format!("one step ahead, seed {}{mae}{naive}{bias}", trace.seed)
}
