//! A network as an ONNX model.

mod graph;
mod proto;
mod recurrent;

use prost::Message;
use recurra_models::{ActivationKind, LayerDescription, NamedLayer, Network, parameters};
use recurra_zoo::forecaster::FittedNetwork;

use crate::error::ExportError;
use graph::{Builder, signed};
use proto::{Attribute, Dimension, Model, OperatorSet, ValueInfo};
use recurrent::Recurrent;

/// ONNX's version of the file format and of the operators: of 2022, which every runtime in use reads.
const IR_VERSION: i64 = 8;
const OPERATORS: i64 = 17;

/// `(y − centre) / width`: how values were scaled for the network.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OnnxScaling {
    /// What is subtracted.
    pub centre: f64,
    /// What is divided by.
    pub width: f64,
}

/// What stands around the network in the ONNX model, so that it takes and gives values in their own unit.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OnnxOptions {
    /// The scaling of every input column, in the network's order; empty if the model is to take scaled values.
    pub inputs: Vec<OnnxScaling>,
    /// The scaling that is undone on the forecasts.
    pub output: Option<OnnxScaling>,
}

impl OnnxOptions {
    /// The scalings of a fitted model, so that its ONNX model takes and gives values in their own unit.
    ///
    /// # Errors
    /// If its series are not all scaled the same, or a logarithm or a difference is taken of them.
    pub fn of(fitted: &FittedNetwork) -> Result<Self, ExportError> {
        let mut transforms = fitted.transforms().values();
        let series = transforms.len();
        let Some(first) = transforms.next() else {
            return Ok(Self::default());
        };
        if transforms.any(|other| other != first) {
            return Err(ExportError::ManySeries { series });
        }
        let (centre, width) = first.affine().ok_or(ExportError::NotAffine)?;
        let output = OnnxScaling { centre, width };
        let covariates = fitted.covariates().past.iter().chain(&fitted.covariates().future);
        let scaled = covariates.map(|column| OnnxScaling {
            centre: column.scaler.mean,
            width: column.scaler.deviation,
        });
        Ok(Self {
            inputs: std::iter::once(output).chain(scaled).collect(),
            output: Some(output),
        })
    }
}

/// The bytes of an ONNX model of `network`: `history` `[batch, steps, columns]` in, `forecast` `[batch, outputs]` out,
/// for any batch and any number of steps.
///
/// ```
/// use recurra_interchange::{OnnxOptions, onnx};
/// use recurra_zoo::{BuildOptions, Registry};
///
/// let network = Registry::builtin().find("bilstm-1x8")?.build(&BuildOptions::default())?;
/// let bytes = onnx(&*network, &OnnxOptions::default())?;
/// assert!(bytes.len() > 4 * network.parameter_count());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// If there is not one input scaling for each column, a layer has no counterpart in ONNX, or one carries its state from batch to batch.
pub fn onnx(network: &dyn Network, options: &OnnxOptions) -> Result<Vec<u8>, ExportError> {
    let mut graph = Builder::default();
    let mut value = "history".to_owned();
    if !options.inputs.is_empty() {
        let (found, expected) = (options.inputs.len(), network.columns());
        if found != expected {
            return Err(ExportError::Scalings { found, expected });
        }
        let centres: Vec<f32> = options.inputs.iter().map(|scaling| single(scaling.centre)).collect();
        let widths: Vec<f32> = options.inputs.iter().map(|scaling| single(scaling.width)).collect();
        let centres = graph.floats("input/centre", &[expected], &centres);
        let widths = graph.floats("input/width", &[expected], &widths);
        value = graph.binary("Sub", &value, &centres);
        value = graph.binary("Div", &value, &widths);
    }
    value = graph.unary("Transpose", &value, vec![Attribute::ints("perm", &[1, 0, 2])]);
    let weights = parameters(network);
    for layer in network.layers() {
        let name = layer.name.as_str();
        value = match layer.description {
            LayerDescription::Recurrent {
                cell,
                units,
                return_sequences,
                options,
            } => Recurrent {
                name,
                cell,
                units,
                return_sequences,
                merge: None,
                options,
            }
            .add(&value, &weights, &mut graph)?,
            LayerDescription::Bidirectional {
                cell,
                units,
                return_sequences,
                merge,
                options,
            } => Recurrent {
                name,
                cell,
                units,
                return_sequences,
                merge: Some(merge),
                options,
            }
            .add(&value, &weights, &mut graph)?,
            LayerDescription::Dense { .. } => {
                let mut constant = |variable: &str| {
                    let name = format!("{name}/{variable}");
                    let tensor = weights
                        .get(&name)
                        .ok_or(ExportError::NoParameter { name: name.clone() })?;
                    Ok::<_, ExportError>(graph.floats(&name, &tensor.shape, &tensor.values))
                };
                let (kernel, bias) = (constant("kernel")?, constant("bias")?);
                graph.with("Gemm", &[&value, &kernel, &bias], Vec::new())
            }
            LayerDescription::Scale { factor } => {
                let factor = graph.floats(&format!("{name}/factor"), &[], &[factor]);
                graph.binary("Mul", &value, &factor)
            }
            // It does nothing when a network forecasts.
            LayerDescription::Dropout { .. } => value,
            LayerDescription::Activation { kind } => {
                activation(kind, &value, &mut graph).ok_or_else(|| no_counterpart(&layer))?
            }
            _ => return Err(no_counterpart(&layer)),
        };
    }
    if let Some(OnnxScaling { centre, width }) = options.output {
        let width = graph.floats("output/width", &[], &[single(width)]);
        let centre = graph.floats("output/centre", &[], &[single(centre)]);
        value = graph.binary("Mul", &value, &width);
        value = graph.binary("Add", &value, &centre);
    }
    let fixed = |extent: usize| Dimension::fixed(signed(extent));
    let history = [
        Dimension::free("batch"),
        Dimension::free("steps"),
        fixed(network.columns()),
    ];
    let input = ValueInfo::floats("history", history.into());
    let output = ValueInfo::floats("forecast", vec![Dimension::free("batch"), fixed(network.outputs())]);
    let model = Model {
        ir_version: IR_VERSION,
        producer_name: "recurra".to_owned(),
        producer_version: env!("CARGO_PKG_VERSION").to_owned(),
        graph: Some(graph.finish(&value, input, output)),
        opset_import: vec![OperatorSet {
            domain: String::new(),
            version: OPERATORS,
        }],
    };
    Ok(model.encode_to_vec())
}

fn no_counterpart(layer: &NamedLayer) -> ExportError {
    ExportError::Layer {
        layer: layer.name.clone(),
        class: layer.description.class_name().to_owned(),
    }
}

/// A function of each value of `x`, if ONNX has it.
fn activation(kind: ActivationKind, x: &str, graph: &mut Builder) -> Option<String> {
    let operator = match kind {
        ActivationKind::Linear => return Some(x.to_owned()),
        ActivationKind::Silu => {
            let sigmoid = graph.unary("Sigmoid", x, Vec::new());
            return Some(graph.binary("Mul", x, &sigmoid));
        }
        ActivationKind::Relu => "Relu",
        ActivationKind::Elu => "Elu",
        ActivationKind::Tanh => "Tanh",
        ActivationKind::Sigmoid => "Sigmoid",
        ActivationKind::Softplus => "Softplus",
        _ => return None,
    };
    Some(graph.unary(operator, x, Vec::new()))
}

#[expect(clippy::cast_possible_truncation, reason = "ONNX computes in f32 here")]
fn single(value: f64) -> f32 {
    value as f32
}
