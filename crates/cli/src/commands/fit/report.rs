//! What `recurra fit` says at its end.

use recurra_zoo::forecaster::{FittedNetwork, HoldOut};
use recurra_zoo::model_file::{ModelFile, SavedModel, weights_sha256};
use serde::Serialize;

use super::job::Job;
use super::{Arguments, next, scored};
use crate::epochs_trained::epochs_trained;
use crate::failure::Failure;
use crate::held_out_intervals::has_quantiles;
use crate::terminal::Terminal;
use crate::text::{counted, figure};

#[derive(Serialize)]
struct Fit<'a> {
    model: &'a str,
    parameters: usize,
    window: usize,
    horizon: usize,
    series: usize,
    points: usize,
    hold_out: Option<Scores>,
    refitted: bool,
    weights_sha256: Option<String>,
    output: String,
}

#[derive(Serialize)]
pub(super) struct Scores {
    points: usize,
    mae: f64,
    naive_mae: f64,
}

impl Scores {
    pub(super) fn of(part: &HoldOut) -> Self {
        Self {
            points: part.points,
            mae: part.mae,
            naive_mae: part.naive_mae,
        }
    }
}

pub(super) fn report(
    file: &ModelFile,
    job: &Job<'_>,
    arguments: &Arguments,
    terminal: &Terminal,
) -> Result<(), Failure> {
    let (parameters, window, sha256) = match &file.model {
        SavedModel::Network(fitted) => {
            let network = fitted.network();
            (
                network.parameter_count(),
                fitted.settings().window,
                Some(weights_sha256(network)),
            )
        }
        SavedModel::Classical { window, .. } => (0, *window, None),
    };
    let output = arguments.output.display().to_string();
    if terminal.json {
        return terminal.json(&Fit {
            model: file.model.name(),
            parameters,
            window,
            horizon: job.horizon,
            series: file.data.series,
            points: file.data.points,
            hold_out: file.hold_out.as_ref().map(Scores::of),
            refitted: file.refitted,
            weights_sha256: sha256,
            output,
        });
    }
    if terminal.quiet {
        return Ok(());
    }
    terminal.words(&text(file, job, &output, arguments))
}

fn text(file: &ModelFile, job: &Job<'_>, output: &str, arguments: &Arguments) -> String {
    let mut text = String::new();
    let mut line = |line: String| text += &(line + "\n");
    match &file.model {
        SavedModel::Network(fitted) => {
            line(network(file, fitted));
        }
        SavedModel::Classical { method, .. } => line(format!("{method}: {}", method.description())),
    }
    let mut next = next::forecast(file, job, output, arguments);
    match scored(file) {
        Some(part) => {
            for measured in measured(part) {
                line(measured);
            }
            if part.mae >= part.naive_mae {
                next = next::backtest(file, job, arguments);
            }
        }
        None => line(not_measured(file).to_owned()),
    }
    line(format!("wrote {output}, fitted on {}", fitted_on(file)));
    line(format!("next: {next}"));
    text
}

/// The network in a line: its size, how it forecasts, how long it was trained.
pub(super) fn network(file: &ModelFile, fitted: &FittedNetwork) -> String {
    let settings = fitted.settings();
    format!(
        "{}: {}, window {}, {} forecasts, {} scale, {}",
        file.model.name(),
        counted(fitted.network().parameter_count(), "parameter"),
        settings.window,
        settings.strategy,
        settings.scale,
        epochs_trained(file, settings.training.epochs)
    )
}

/// What is said of a model without a hold-out.
pub(super) fn not_measured(file: &ModelFile) -> &'static str {
    if has_quantiles(file) {
        "not measured: nothing was held out, so forecasts have its quantiles as they are for intervals"
    } else {
        "not measured: nothing was held out, so there are no prediction intervals"
    }
}

/// The errors on held-out data beside those of the naive forecast, and what the model's own quantiles hold, in lines.
pub(super) fn measured(part: &HoldOut) -> Vec<String> {
    let steps = if part.horizon == 1 {
        "1 step ahead".to_owned()
    } else {
        format!("1 to {} steps ahead", part.horizon)
    };
    let mut lines = vec![format!(
        "MAE on held-out data {}, naive {} ({steps}): {}",
        figure(part.mae),
        figure(part.naive_mae),
        verdict(part.mae, part.naive_mae)
    )];
    let held = part
        .quantile_levels
        .iter()
        .filter_map(|level| Some(format!("{:.1} % at {level} %", part.covered(*level)? * 100.0)));
    let held: Vec<String> = held.collect();
    if !held.is_empty() {
        lines.push(format!(
            "held-out values inside its own quantiles: {}; forecasts have them widened or narrowed accordingly",
            held.join(", ")
        ));
    }
    lines
}

/// Which part of the data the model of a file was fitted on.
pub(super) fn fitted_on(file: &ModelFile) -> &'static str {
    if file.hold_out.is_none() || file.refitted {
        "all data"
    } else {
        "the part before the held-out one"
    }
}

/// How a model stands to the naive forecast.
fn verdict(mae: f64, naive: f64) -> String {
    if naive == 0.0 {
        return if mae == 0.0 {
            "both are perfect".to_owned()
        } else {
            "naive is perfect".to_owned()
        };
    }
    let percent = (1.0 - mae / naive) * 100.0;
    if percent >= 0.5 {
        format!("{percent:.0} % better than naive")
    } else if percent <= -0.5 {
        format!("{:.0} % worse than naive", -percent)
    } else {
        "no better than naive".to_owned()
    }
}
