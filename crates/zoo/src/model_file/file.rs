//! Models as files.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use recurra_evaluation::metrics::Level;
use recurra_models::{NamedTensor, NamedTensors, parameters, set_parameters};
use safetensors::SafeTensors;
use safetensors::tensor::{Dtype, TensorView};
use serde::{Deserialize, Serialize};

use super::by_step::{self, RawTensor};
use super::description::DataDescription;
use super::digest::weights_sha256;
use super::error::ModelFileError;
use crate::entry::output_scale;
use crate::forecaster::{Classical, CovariateScaling, FittedNetwork, HoldOut, NetworkSettings, Strategy, Transform};
use crate::{BuildOptions, Entry, Registry, Weights};

/// The layout that this version writes and reads.
pub const FORMAT: u64 = 1;

/// The largest file that is read: far above any model of the zoo.
pub const MOST_BYTES: u64 = 1 << 30;

/// The key of the header's metadata that holds everything but tensors.
const KEY: &str = "recurra";
/// Tensors of weights are called by this and the parameter's name.
const WEIGHTS: &str = "weights/";
/// Residuals `[steps ahead, most residuals of a step]`.
const RESIDUALS: &str = "hold_out/residuals";
/// How far values lay outside a network's own bands of quantiles, in the same form; the level follows.
const OUTSIDE: &str = "hold_out/outside-";

/// What a model file holds of the model itself.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "there is one of them, not thousands")]
pub enum SavedModel {
    /// A trained network.
    Network(FittedNetwork),
    /// A classical method, which is fitted anew on the data that it forecasts from.
    Classical {
        /// The method.
        method: Classical,
        /// Values that it sees, where it looks at a window.
        window: usize,
    },
}

impl SavedModel {
    /// The name of the entry.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Network(fitted) => recurra_evaluation::FittedForecaster::name(fitted),
            Self::Classical { method, .. } => method.name(),
        }
    }
}

/// A model with all that is needed to use it on more of the same data.
///
/// The file is a safetensors file, so it holds data only and nothing in it is ever run: weights and residuals are
/// tensors, the rest is JSON under the key `recurra` of the metadata. The same model gives the same bytes, and a model
/// that was read forecasts the same bits.
#[derive(Debug)]
pub struct ModelFile {
    /// The version of Recurra that made the model.
    pub version: String,
    /// The model.
    pub model: SavedModel,
    /// Its data.
    pub data: DataDescription,
    /// Its errors on held-out data, from a fit without them; nothing if it was fitted without validation.
    pub hold_out: Option<HoldOut>,
    /// Whether it was fitted on the held-out part too, after it was measured there.
    pub refitted: bool,
    /// How its trainings went, in their order, for reports; nothing of a method that is not trained.
    pub losses: Vec<LossCurve>,
}

/// The losses of one training, epoch by epoch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LossCurve {
    /// Which training and which loss, such as "training loss, first fit".
    pub name: String,
    /// One value an epoch; nothing where it was not finite.
    pub values: Vec<Option<f64>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    format: u64,
    version: String,
    model: ModelHeader,
    data: DataDescription,
    hold_out: Option<HoldOut>,
    refitted: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    losses: Vec<LossCurve>,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
#[expect(clippy::large_enum_variant, reason = "there is one of them, not thousands")]
enum ModelHeader {
    Network {
        architecture: String,
        outputs: usize,
        /// The constant that the network's outputs are multiplied by.
        #[serde(default = "unscaled")]
        output_scale: f32,
        settings: NetworkSettings,
        transforms: BTreeMap<String, Transform>,
        covariates: CovariateScaling,
        weights_sha256: String,
    },
    Classical {
        method: String,
        window: usize,
    },
}

impl ModelFile {
    /// The file's bytes.
    ///
    /// # Errors
    /// If the parts do not make a safetensors file.
    pub fn to_bytes(&self) -> Result<Vec<u8>, ModelFileError> {
        let header = Header {
            format: FORMAT,
            version: self.version.clone(),
            model: match &self.model {
                SavedModel::Network(fitted) => ModelHeader::Network {
                    architecture: self.model.name().to_owned(),
                    outputs: fitted.network().outputs(),
                    // It is no parameter, so it stands here.
                    output_scale: output_scale(fitted.network()),
                    settings: fitted.settings().clone(),
                    transforms: fitted.transforms().clone(),
                    covariates: fitted.covariates().clone(),
                    weights_sha256: weights_sha256(fitted.network()),
                },
                SavedModel::Classical { method, window } => ModelHeader::Classical {
                    method: method.name().to_owned(),
                    window: *window,
                },
            },
            data: self.data.clone(),
            hold_out: self.hold_out.clone(),
            refitted: self.refitted,
            losses: self.losses.clone(),
        };
        let header = serde_json::to_string(&header).map_err(|error| ModelFileError::Header(error.to_string()))?;
        let mut tensors: Vec<RawTensor> = Vec::new();
        if let SavedModel::Network(fitted) = &self.model {
            for (name, NamedTensor { shape, values }) in parameters(fitted.network()) {
                let bytes = values.iter().flat_map(|value| value.to_le_bytes()).collect();
                tensors.push((format!("{WEIGHTS}{name}"), Dtype::F32, shape, bytes));
            }
        }
        if let Some(hold_out) = &self.hold_out {
            tensors.push(by_step::write(RESIDUALS.to_owned(), &hold_out.residuals));
            for (level, outside) in hold_out.quantile_levels.iter().zip(&hold_out.outside) {
                tensors.push(by_step::write(format!("{OUTSIDE}{level}"), outside));
            }
        }
        let views = tensors
            .iter()
            .map(|(name, dtype, shape, bytes)| Ok((name, TensorView::new(*dtype, shape.clone(), bytes)?)))
            .collect::<Result<Vec<_>, safetensors::SafeTensorError>>()?;
        let metadata = HashMap::from([(KEY.to_owned(), header)]);
        Ok(safetensors::serialize(views, Some(metadata))?)
    }

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

    /// Writes the file beside its place and renames it.
    ///
    /// # Errors
    /// If it cannot be written; what stood there before is then still there.
    pub fn write(&self, path: &Path) -> Result<(), ModelFileError> {
        Ok(recurra_series::write_beside(path, &self.to_bytes()?)?)
    }

    /// Reads a file.
    ///
    /// # Errors
    /// If it cannot be read, and as [`ModelFile::from_bytes`].
    pub fn read(path: &Path, registry: &Registry) -> Result<Self, ModelFileError> {
        let metadata = std::fs::metadata(path)?;
        if metadata.is_dir() {
            return Err(std::io::Error::from(std::io::ErrorKind::IsADirectory).into());
        }
        if metadata.len() > MOST_BYTES {
            return Err(ModelFileError::TooLarge {
                found: metadata.len(),
                most: MOST_BYTES,
            });
        }
        Self::from_bytes(&std::fs::read(path)?, registry)
    }
}

/// The longest window and horizon that a file may ask for.
const MOST_STEPS: usize = 1_000_000;

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
        weights: Weights::Any,
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

/// The scale of a network that was trained on scaled data, as all but imported ones are.
fn unscaled() -> f32 {
    1.0
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
            weights: Weights::Any,
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
