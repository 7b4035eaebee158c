//! From the bytes of a file to the model: nothing in them is believed before it is checked.

use recurra_evaluation::metrics::Level;
use recurra_models::{NamedTensor, NamedTensors, set_parameters};
use safetensors::SafeTensors;
use safetensors::tensor::Dtype;
use serde::Deserialize;

use super::by_step;
use super::description::DataDescription;
use super::digest::weights_sha256;
use super::error::ModelFileError;
use super::file::{ModelFile, SavedModel};
use super::header::{FORMAT, Header, KEY, ModelHeader, OUTSIDE, RESIDUALS, WEIGHTS};
use crate::forecaster::{Classical, FittedNetwork, HoldOut, Strategy, Transform};
use crate::{BuildOptions, Entry, InitialWeights, Registry};

/// The longest window and horizon that a file may ask for.
const MOST_STEPS: usize = 1_000_000;

impl ModelFile {
    /// The model of a file's bytes. Its architecture is looked for in `registry`.
    ///
    /// # Errors
    /// If the bytes are no model file that this version reads. Nothing larger than a small multiple of the bytes is ever
    /// allocated, whatever they say.
    pub fn from_bytes(bytes: &[u8], registry: &Registry) -> Result<Self, ModelFileError> {
        let (_, metadata) = SafeTensors::read_metadata(bytes)?;
        let header = metadata.metadata().as_ref().and_then(|metadata| metadata.get(KEY));
        let header = read_header(header.ok_or(ModelFileError::NotAModel)?)?;
        let tensors = SafeTensors::deserialize(bytes)?;
        check_data(&header.data)?;
        let model = match header.model {
            ModelHeader::Classical { method, window } => {
                let known = || Classical::ALL.map(Classical::name).join(", ");
                let method = method.parse().map_err(|_| ModelFileError::Field {
                    field: "method",
                    value: format!("`{method}` (there are {})", known()),
                })?;
                SavedModel::Classical {
                    method,
                    window: bounded("window", window, MOST_STEPS)?,
                }
            }
            model @ ModelHeader::Network { .. } => SavedModel::Network(read_network(model, &tensors, registry)?),
        };
        let hold_out = match header.hold_out {
            Some(hold_out) => Some(read_hold_out(hold_out, &tensors)?),
            None => None,
        };
        if let Some(scale) = hold_out
            .iter()
            .flat_map(|part| part.scales.values())
            .find(|scale| scale.is_nan() || **scale <= 0.0)
        {
            return Err(ModelFileError::Field {
                field: "scales",
                value: scale.to_string(),
            });
        }
        Ok(Self {
            version: header.version,
            model,
            data: header.data,
            hold_out,
            refitted: header.refitted,
            losses: header.losses,
        })
    }
}

fn read_header(text: &str) -> Result<Header, ModelFileError> {
    let damaged = |error: serde_json::Error| ModelFileError::Header(error.to_string());
    // The format first: the fields of another one would only give a puzzling message.
    #[derive(Deserialize)]
    struct Version {
        format: u64,
        version: String,
    }
    let Version { format, version } = serde_json::from_str(text).map_err(damaged)?;
    if format != FORMAT {
        return Err(ModelFileError::Format {
            version,
            found: format,
            known: FORMAT,
        });
    }
    serde_json::from_str(text).map_err(damaged)
}

fn bounded(field: &'static str, value: usize, most: usize) -> Result<usize, ModelFileError> {
    if (1..=most).contains(&value) {
        Ok(value)
    } else {
        Err(ModelFileError::Field {
            field,
            value: value.to_string(),
        })
    }
}

fn check_data(data: &DataDescription) -> Result<(), ModelFileError> {
    bounded("season", data.season, MOST_STEPS)?;
    // As text, so that every rule about frequencies stands in one place.
    if let Some(frequency) = data.frequency
        && frequency.to_string().parse::<recurra_series::Frequency>().is_err()
    {
        return Err(ModelFileError::Field {
            field: "frequency",
            value: frequency.to_string(),
        });
    }
    Ok(())
}

fn read_network(
    header: ModelHeader,
    tensors: &SafeTensors<'_>,
    registry: &Registry,
) -> Result<FittedNetwork, ModelFileError> {
    let ModelHeader::Network {
        architecture,
        outputs,
        output_scale,
        settings,
        transforms,
        covariates,
        weights_sha256: digest,
    } = header
    else {
        return Err(ModelFileError::NotAModel);
    };
    bounded("window", settings.window, MOST_STEPS)?;
    if !output_scale.is_finite() || output_scale == 0.0 {
        return Err(ModelFileError::Field {
            field: "output_scale",
            value: output_scale.to_string(),
        });
    }
    if settings.difference > MOST_STEPS {
        return Err(ModelFileError::Field {
            field: "difference",
            value: settings.difference.to_string(),
        });
    }
    if settings.strategy == Strategy::Recursive && outputs != 1 {
        return Err(ModelFileError::Field {
            field: "outputs",
            value: format!("{outputs}, for recursive forecasts"),
        });
    }
    let sound = |transform: &Transform| transform.is_sound() && transform.lag() == settings.difference;
    if let Some((unique_id, _)) = transforms.iter().find(|(_, transform)| !sound(transform)) {
        return Err(ModelFileError::Field {
            field: "transforms",
            value: format!("not usable for series `{unique_id}`"),
        });
    }
    if !outputs.is_multiple_of(settings.training.loss.outputs_per_step()) {
        return Err(ModelFileError::Field {
            field: "outputs",
            value: format!("{outputs}, which is not one for each quantile of each step"),
        });
    }
    let weights = read_weights(tensors)?;
    // The file's size bounds what is built: every column and every output has at least one weight, and all of them
    // together no more than the file holds.
    let values = weights.values().map(|tensor| tensor.values.len()).sum();
    bounded("outputs", outputs, values)?;
    let columns = bounded("covariates", covariates.columns(), values)?;
    let entry = registry.find(&architecture)?;
    let (built, smallest) = built_weights(entry, columns, outputs)?;
    if built > (values as u128).max(smallest) {
        return Err(ModelFileError::Field {
            field: "outputs",
            value: format!("{outputs} with {columns} columns, which take {built} weights, and the file holds {values}"),
        });
    }
    let mut network = entry.build(&BuildOptions {
        columns,
        outputs,
        output_scale,
        seed: 0,
        weights: InitialWeights::Any,
    })?;
    set_parameters(network.as_mut(), &weights)?;
    if weights_sha256(network.as_ref()) != digest {
        return Err(ModelFileError::Field {
            field: "weights_sha256",
            value: "not the digest of the weights".to_owned(),
        });
    }
    Ok(FittedNetwork::from_parts(
        architecture,
        network,
        settings,
        transforms,
        covariates,
    ))
}

/// Weights of the entry's network with so many columns and outputs, and of the smallest one, without building the former.
///
/// Columns meet outputs in products at most, so that the four smallest networks tell the count:
/// `w(c, o) = w₁₁ + (c − 1)·(w₂₁ − w₁₁) + (o − 1)·(w₁₂ − w₁₁) + (c − 1)·(o − 1)·(w₂₂ − w₂₁ − w₁₂ + w₁₁)`.
fn built_weights(entry: &Entry, columns: usize, outputs: usize) -> Result<(u128, u128), ModelFileError> {
    let count = |columns, outputs| -> Result<i128, ModelFileError> {
        let network = entry.build(&BuildOptions {
            columns,
            outputs,
            weights: InitialWeights::Any,
            ..BuildOptions::default()
        })?;
        Ok(network.parameter_count() as i128)
    };
    let (one, column, output, both) = (count(1, 1)?, count(2, 1)?, count(1, 2)?, count(2, 2)?);
    let (more_columns, more_outputs) = (columns as i128 - 1, outputs as i128 - 1);
    let built = one
        + more_columns * (column - one)
        + more_outputs * (output - one)
        + more_columns * more_outputs * (both - column - output + one);
    Ok((built.max(0).unsigned_abs(), one.unsigned_abs()))
}

fn read_weights(tensors: &SafeTensors<'_>) -> Result<NamedTensors, ModelFileError> {
    let mut weights = NamedTensors::new();
    for (name, view) in tensors.tensors() {
        let Some(parameter) = name.strip_prefix(WEIGHTS) else {
            continue;
        };
        if view.dtype() != Dtype::F32 {
            let found = format!("{:?}", view.dtype());
            return Err(recurra_models::ModelError::NotFloat32 { name, found }.into());
        }
        let (chunks, _) = view.data().as_chunks::<4>();
        let values: Vec<f32> = chunks.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
        if values.iter().any(|value| !value.is_finite()) {
            return Err(ModelFileError::NotFinite { name });
        }
        weights.insert(
            parameter.to_owned(),
            NamedTensor {
                shape: view.shape().to_vec(),
                values,
            },
        );
    }
    Ok(weights)
}

/// The hold-out of a header with its tensors.
fn read_hold_out(header: HoldOut, tensors: &SafeTensors<'_>) -> Result<HoldOut, ModelFileError> {
    let rows = |name: &str, most| by_step::read(tensors, name, header.horizon, most);
    // Up to 99 levels share what one may take.
    let level = |level: &Level| rows(&format!("{OUTSIDE}{level}"), MOST_STEPS / 100);
    let outside = header.quantile_levels.iter().map(level);
    // A level that stands there twice would be read twice.
    if let Some(pair) = header.quantile_levels.windows(2).find(|pair| pair[0] >= pair[1]) {
        return Err(ModelFileError::Field {
            field: "quantile_levels",
            value: format!("{} after {}", pair[1], pair[0]),
        });
    }
    Ok(HoldOut {
        residuals: rows(RESIDUALS, MOST_STEPS)?,
        outside: outside.collect::<Result<_, _>>()?,
        ..header
    })
}
