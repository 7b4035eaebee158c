//! A network's weights as a file for `keras.Model.load_weights`.

use std::collections::BTreeMap;

use hdf5_pure::FileBuilder;
use recurra_models::{LayerDescription, NamedTensor, Network, parameters};

use crate::error::ExportError;
use crate::names::keras_path;

/// A group, or the tensor in it.
enum Node {
    Group(BTreeMap<String, Node>),
    Tensor(NamedTensor),
}

/// The bytes of a `.weights.h5` file with the weights of `network`, for a Keras model of the same layers. A constant
/// output scale is no weight: the model needs its `Rescaling` (or `Lambda`) itself. Nor are layers' options (`go_backwards`, `stateful`) and
/// the states that they carry: Keras keeps neither in such a file.
///
/// # Errors
/// If the network has a parameter that Keras' layers have not.
pub fn weights_h5(network: &dyn Network) -> Result<Vec<u8>, ExportError> {
    let mut root = BTreeMap::new();
    insert(&mut root, "vars", Node::Group(BTreeMap::new()));
    for layer in network.layers() {
        // Keras looks for a group of every layer, whether or not it has weights.
        let name = match layer.description {
            // A model without a constant has no such layer in Keras.
            LayerDescription::Scale { factor: 1.0 } => continue,
            LayerDescription::Scale { .. } => layer.name.replacen("scale", "rescaling", 1),
            _ => layer.name,
        };
        insert(&mut root, &format!("layers/{name}/vars"), Node::Group(BTreeMap::new()));
    }
    for (name, tensor) in parameters(network) {
        let path = keras_path(&name).ok_or(ExportError::NoPlace { name })?;
        insert(&mut root, &path, Node::Tensor(tensor));
    }
    let mut builder = FileBuilder::new();
    for (name, node) in root {
        if let Node::Group(children) = node {
            let mut group = builder.create_group(&name);
            fill(&mut group, children);
            builder.add_group(group.finish());
        }
    }
    builder.finish().map_err(|error| ExportError::Hdf5(error.into()))
}

fn insert(group: &mut BTreeMap<String, Node>, path: &str, node: Node) {
    match path.split_once('/') {
        Some((first, rest)) => {
            let child = group
                .entry(first.to_owned())
                .or_insert_with(|| Node::Group(BTreeMap::new()));
            if let Node::Group(children) = child {
                insert(children, rest, node);
            }
        }
        None => {
            group.entry(path.to_owned()).or_insert(node);
        }
    }
}

fn fill(group: &mut hdf5_pure::GroupBuilder, children: BTreeMap<String, Node>) {
    for (name, node) in children {
        match node {
            Node::Group(children) => {
                let mut inner = group.create_group(&name);
                fill(&mut inner, children);
                group.add_group(inner.finish());
            }
            Node::Tensor(tensor) => {
                let shape: Vec<u64> = tensor.shape.iter().map(|&extent| extent as u64).collect();
                group
                    .create_dataset(&name)
                    .with_f32_data(&tensor.values)
                    .with_shape(&shape);
            }
        }
    }
}
