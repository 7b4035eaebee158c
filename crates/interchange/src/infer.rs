//! The layers of a file that holds weights alone, from their names and shapes.

use recurra_models::CellKind;

use crate::config::{Kind, Layer, Recurrent};
use crate::error::ImportError;
use crate::names::numbered;
use crate::weight_file::WeightFile;

/// Classes of recurrent layers, as Keras names layers by them.
const RECURRENT: [&str; 4] = ["bidirectional", "simple_rnn", "lstm", "gru"];
/// Classes without weights that change nothing.
const PASSIVE: [&str; 4] = ["input_layer", "dropout", "spatial_dropout1d", "gaussian_noise"];

/// The layers, in an order that Keras could have saved them from: files do not keep the order of different classes.
pub(crate) fn layers(file: &WeightFile, output_scale: Option<f32>) -> Result<Vec<Layer>, ImportError> {
    let names = file.layers()?;
    for name in &names {
        let stem = stem(name);
        let known = RECURRENT.contains(&stem) || PASSIVE.contains(&stem) || stem == "dense";
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
    for class in RECURRENT {
        let count = names.iter().filter(|name| stem(name) == class).count();
        for index in 0..count {
            let name = numbered(class, index);
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
    let of_no_cell = || {
        ImportError::Hdf5(format!(
            "layer `{name}` has a recurrent kernel of shape {:?} and a bias of shape {:?}, as no SimpleRNN, LSTM or GRU has them",
            weights.shape, bias.shape
        ))
    };
    let [units, width] = weights.shape[..] else {
        return Err(of_no_cell());
    };
    if units == 0 {
        return Err(of_no_cell());
    }
    let cell = match (width / units, bias.shape.len()) {
        (1, 1) => CellKind::SimpleRnn,
        (4, 1) => CellKind::Lstm,
        (3, 2) => CellKind::Gru,
        (3, 1) => CellKind::GruResetBefore,
        _ => return Err(of_no_cell()),
    };
    let named = [CellKind::SimpleRnn, CellKind::Lstm, CellKind::Gru]
        .into_iter()
        .find(|cell| cell.name_stem() == class);
    if let Some(named) = named.filter(|named| named.name_stem() != cell.name_stem()) {
        return Err(ImportError::Shape {
            layer: name.to_owned(),
            variable: "recurrent_kernel".to_owned(),
            expected: vec![units, named.gates().saturating_mul(units)],
            found: weights.shape,
        });
    }
    Ok(Recurrent {
        cell,
        units,
        bidirectional,
        return_sequences: None,
    })
}
