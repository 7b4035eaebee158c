//! The layers of a file that holds weights alone, from their names and shapes.

use recurra_models::CellKind;

use crate::config::{Kind, Layer, Recurrent};
use crate::error::ImportError;
use crate::names::numbered;
use crate::weight_file::WeightFile;

/// Classes of layers with weights that are understood, in the order in which they stand in a model.
const STEMS: [&str; 4] = ["bidirectional", "simple_rnn", "lstm", "gru"];
/// Classes without weights that change nothing.
const PASSIVE: [&str; 4] = ["input_layer", "dropout", "spatial_dropout1d", "gaussian_noise"];

/// The layers, in an order that Keras could have saved them from: files do not keep the order of different classes.
pub(crate) fn layers(file: &WeightFile, output_scale: Option<f32>) -> Result<Vec<Layer>, ImportError> {
    let names = file.layers()?;
    for name in &names {
        let stem = stem(name);
        let known = STEMS.contains(&stem) || PASSIVE.contains(&stem) || stem == "dense";
        if matches!(stem, "rescaling" | "lambda") {
            // Its constant is no weight, so it is not in the file.
            if output_scale.is_none() {
                return Err(ImportError::ScaleNeeded { layer: name.clone() });
            }
        } else if !known {
            return Err(ImportError::Layer {
                layer: name.clone(),
                class: stem.to_owned(),
            });
        }
    }
    let mut layers = Vec::new();
    for class in STEMS {
        let count = names.iter().filter(|name| stem(name) == class).count();
        for index in 0..count {
            let name = numbered(class, index);
            // Only the last one gives its last state alone; that is decided when all are known.
            let kind = Kind::Recurrent(recurrent(file, &name, class)?);
            layers.push(Layer { name, kind });
        }
    }
    for index in 0..names.iter().filter(|name| stem(name) == "dense").count() {
        let name = numbered("dense", index);
        let bias = file.tensor(&format!("layers/{name}/vars/1"), &name, "bias")?;
        layers.push(Layer {
            kind: Kind::Dense {
                units: bias.values.len(),
            },
            name,
        });
    }
    Ok(layers)
}

/// `lstm` of `lstm_2`.
fn stem(name: &str) -> &str {
    match name.rsplit_once('_') {
        Some((stem, number)) if !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) => stem,
        _ => name,
    }
}

fn recurrent(file: &WeightFile, name: &str, class: &str) -> Result<Recurrent, ImportError> {
    let bidirectional = class == "bidirectional";
    let way = if bidirectional { "/forward_layer" } else { "" };
    let get = |index: usize, variable| file.tensor(&format!("layers/{name}{way}/cell/vars/{index}"), name, variable);
    let (weights, bias) = (get(1, "recurrent_kernel")?, get(2, "bias")?);
    let shape = |expected: Vec<usize>| ImportError::Shape {
        layer: name.to_owned(),
        variable: "recurrent_kernel".to_owned(),
        expected,
        found: weights.shape.clone(),
    };
    let [units, width] = weights.shape[..] else {
        return Err(shape(vec![0, 0]));
    };
    if units == 0 {
        return Err(shape(vec![1, 1]));
    }
    let cell = match (width / units, bias.shape.len()) {
        (1, 1) => CellKind::SimpleRnn,
        (4, 1) => CellKind::Lstm,
        (3, 2) => CellKind::Gru,
        (3, 1) => CellKind::GruResetBefore,
        _ => return Err(shape(vec![units, 4 * units])),
    };
    if !bidirectional && cell.name_stem() != class {
        let gates = [("simple_rnn", 1), ("lstm", 4), ("gru", 3)]
            .into_iter()
            .find(|(stem, _)| *stem == class);
        return Err(shape(vec![units, gates.map_or(1, |(_, gates)| gates) * units]));
    }
    Ok(Recurrent {
        cell,
        units,
        bidirectional,
        return_sequences: None,
    })
}
