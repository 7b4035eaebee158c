//! `recurra summary`: what a model file holds.

use std::path::PathBuf;

use recurra_models::Summary;
use recurra_zoo::Registry;
use recurra_zoo::forecaster::NetworkSettings;
use recurra_zoo::model_file::{DataDescription, FORMAT, ModelFile, SavedModel, weights_sha256};
use serde::Serialize;

use crate::epochs_trained::epochs_trained;
use crate::failure::Failure;
use crate::model_path;
use crate::terminal::Terminal;
use crate::text::figure;

/// Show what a model file holds: layers, settings, data, errors
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  recurra summary reference.safetensors
  recurra summary reference.safetensors --json | jq -r .weights_sha256")]
pub(crate) struct Arguments {
    /// A model file that `recurra fit` wrote
    model: PathBuf,
}

#[derive(Serialize)]
struct Described<'a> {
    model: &'a str,
    version: &'a str,
    format: u64,
    parameters: usize,
    weights_sha256: Option<String>,
    layers: Vec<Layer>,
    settings: Option<&'a NetworkSettings>,
    data: &'a DataDescription,
    hold_out: Option<Errors>,
    refitted: bool,
}

#[derive(Serialize)]
struct Layer {
    name: String,
    class: &'static str,
    parameters: usize,
}

#[derive(Serialize)]
struct Errors {
    horizon: usize,
    points: usize,
    mae: f64,
    naive_mae: f64,
}

pub(crate) fn run(arguments: &Arguments, registry: &Registry, terminal: &Terminal) -> Result<(), Failure> {
    let file = model_path::read(&arguments.model, registry)?;
    if terminal.json {
        terminal.json(&described(&file))
    } else {
        terminal.words(&text(&file))
    }
}

fn described(file: &ModelFile) -> Described<'_> {
    let network = match &file.model {
        SavedModel::Network(fitted) => Some(fitted),
        SavedModel::Classical { .. } => None,
    };
    let layers = network.map_or_else(Vec::new, |fitted| fitted.network().layers());
    Described {
        model: file.model.name(),
        version: &file.version,
        format: FORMAT,
        parameters: network.map_or(0, |fitted| fitted.network().parameter_count()),
        weights_sha256: network.map(|fitted| weights_sha256(fitted.network())),
        layers: layers
            .into_iter()
            .map(|layer| Layer {
                name: layer.name,
                class: layer.description.class_name(),
                parameters: layer.parameters,
            })
            .collect(),
        settings: network.map(|fitted| fitted.settings()),
        data: &file.data,
        hold_out: file.hold_out.as_ref().map(|part| Errors {
            horizon: part.horizon,
            points: part.points,
            mae: part.mae,
            naive_mae: part.naive_mae,
        }),
        refitted: file.refitted,
    }
}

fn text(file: &ModelFile) -> String {
    let mut text = format!("{} (Recurra {}, format {FORMAT})\n", file.model.name(), file.version);
    match &file.model {
        SavedModel::Network(fitted) => {
            let NetworkSettings {
                window,
                strategy,
                scale,
                difference,
                training,
                early_stop,
            } = fitted.settings();
            text += &format!("\n{}\n", Summary::of(fitted.network()));
            let difference = if *difference > 0 {
                format!(", difference over {difference}")
            } else {
                String::new()
            };
            text += &format!("window     {window}, {strategy}, {scale} scale{difference}\n");
            if training.epochs == 0 {
                text += "training   none here: the network came from Keras\n";
            } else {
                let patience = early_stop.map_or_else(String::new, |stop| format!(", patience {}", stop.patience));
                text += &format!(
                    "training   {}{patience}, batches of {}, learning rate {}, seed {}\n",
                    epochs_trained(file, training.epochs),
                    training.batch_size,
                    training.optimizer.learning_rate(),
                    training.seed
                );
            }
            text += &format!("weights    sha256 {}\n", weights_sha256(fitted.network()));
        }
        SavedModel::Classical { method, .. } => text += &format!("{}\n\n", method.description()),
    }
    let DataDescription {
        time,
        value,
        unique_id,
        past,
        future,
        calendar,
        frequency,
        series,
        points,
        ..
    } = &file.data;
    let columns = [Some(time), Some(value), unique_id.as_ref()]
        .into_iter()
        .flatten()
        .chain(past)
        .chain(future);
    let names: Vec<String> = columns.map(|name| format!("`{name}`")).collect();
    let calendar = if *calendar { " and the calendar" } else { "" };
    text += &format!("columns    {}{calendar}\n", names.join(", "));
    let frequency = frequency.map_or_else(|| "no frequency".to_owned(), |frequency| frequency.to_string());
    if *points == 0 {
        text += &format!("data       unknown, {frequency}\n");
    } else {
        text += &format!(
            "data       {series} series, {points} values, {frequency}, {} to {}\n",
            file.data.first, file.data.last
        );
    }
    match &file.hold_out {
        Some(part) => {
            text += &format!(
                "held out   MAE {}, naive {} (1 to {} steps ahead, {} forecasts){}\n",
                figure(part.mae),
                figure(part.naive_mae),
                part.horizon,
                part.points,
                if file.refitted { "; then fitted on all data" } else { "" }
            );
        }
        None => text += "held out   nothing\n",
    }
    text
}
