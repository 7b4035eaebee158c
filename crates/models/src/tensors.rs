//! A network's parameters as a plain map of named tensors, and as a safetensors file.

use std::collections::{BTreeMap, HashMap};

use safetensors::SafeTensors;
use safetensors::tensor::{Dtype, TensorView};

use crate::error::ModelError;
use crate::network::Network;

/// One tensor without a type: its shape and its values, row-major.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedTensor {
    /// The shape, in Keras' layout.
    pub shape: Vec<usize>,
    /// The values, row-major.
    pub values: Vec<f32>,
}

/// Named tensors: parameters by their names, such as `bidirectional/forward_lstm/kernel`.
pub type NamedTensors = BTreeMap<String, NamedTensor>;

/// A copy of every parameter of `network`.
#[must_use]
pub fn parameters(network: &dyn Network) -> NamedTensors {
    let mut tensors = NamedTensors::new();
    network.visit_parameters(&mut |view| {
        let tensor = NamedTensor {
            shape: view.shape.to_vec(),
            values: view.values.to_vec(),
        };
        tensors.insert(view.name.to_owned(), tensor);
    });
    tensors
}

/// Gives `network` the parameters `tensors`: every parameter and nothing else.
///
/// # Errors
/// If a parameter is missing, a tensor belongs to no parameter, or a shape differs. The network is then unchanged.
pub fn set_parameters(network: &mut dyn Network, tensors: &NamedTensors) -> Result<(), ModelError> {
    let mut known = 0;
    let mut problem = None;
    network.visit_parameters(&mut |view| match tensors.get(view.name) {
        None => {
            problem.get_or_insert(ModelError::MissingParameter {
                name: view.name.to_owned(),
            });
        }
        Some(tensor) if tensor.shape != view.shape || tensor.values.len() != view.values.len() => {
            problem.get_or_insert(ModelError::ShapeMismatch {
                name: view.name.to_owned(),
                expected: view.shape.to_vec(),
                found: tensor.shape.clone(),
            });
        }
        Some(_) => known += 1,
    });
    if let Some(problem) = problem {
        return Err(problem);
    }
    if known < tensors.len() {
        let present = parameters(network);
        if let Some(name) = tensors.keys().find(|name| !present.contains_key(*name)) {
            return Err(ModelError::UnknownParameter { name: name.clone() });
        }
    }
    network.visit_parameters_mut(&mut |view| {
        if let Some(tensor) = tensors.get(view.name) {
            view.values.copy_from_slice(&tensor.values);
        }
    });
    Ok(())
}

/// The bytes of a safetensors file with `tensors` as F32, and `metadata` in its header.
///
/// # Errors
/// If a tensor's values do not fit its shape.
pub fn to_safetensors(
    tensors: &NamedTensors,
    metadata: Option<HashMap<String, String>>,
) -> Result<Vec<u8>, ModelError> {
    let bytes: Vec<(&str, &[usize], Vec<u8>)> = tensors
        .iter()
        .map(|(name, tensor)| {
            let bytes = tensor.values.iter().flat_map(|value| value.to_le_bytes()).collect();
            (name.as_str(), tensor.shape.as_slice(), bytes)
        })
        .collect();
    let views = bytes
        .iter()
        .map(|(name, shape, bytes)| Ok((*name, TensorView::new(Dtype::F32, shape.to_vec(), bytes)?)))
        .collect::<Result<Vec<_>, _>>();
    views
        .and_then(|views| safetensors::serialize(views, metadata))
        .map_err(|error| ModelError::SafeTensors(error.into()))
}

/// The tensors of a safetensors file.
///
/// # Errors
/// If `bytes` is no safetensors file, or a tensor does not hold F32.
pub fn from_safetensors(bytes: &[u8]) -> Result<NamedTensors, ModelError> {
    let mut tensors = NamedTensors::new();
    let file = SafeTensors::deserialize(bytes).map_err(|error| ModelError::SafeTensors(error.into()))?;
    for (name, view) in file.tensors() {
        if view.dtype() != Dtype::F32 {
            return Err(ModelError::NotFloat32 {
                name,
                found: format!("{:?}", view.dtype()),
            });
        }
        let (values, _) = view.data().as_chunks::<4>();
        let values = values.iter().map(|&value| f32::from_le_bytes(value)).collect();
        tensors.insert(
            name,
            NamedTensor {
                shape: view.shape().to_vec(),
                values,
            },
        );
    }
    Ok(tensors)
}
