//! By what a checkpoint knows its training again.

use recurra_models::{LayerDescription, Network};
use serde::{Deserialize, Serialize};

use crate::data::{DataIdentity, FitData};
use crate::options::FitOptions;

/// What must be the same for a training to go on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Identity {
    pub(crate) options: FitOptions,
    network: NetworkIdentity,
    data: DataIdentity,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct NetworkIdentity {
    columns: usize,
    outputs: usize,
    layers: Vec<LayerDescription>,
}

impl Identity {
    pub(crate) fn new(options: &FitOptions, network: &dyn Network, data: FitData<'_>) -> Self {
        Self {
            options: options.clone(),
            network: NetworkIdentity {
                columns: network.columns(),
                outputs: network.outputs(),
                layers: network.layers().into_iter().map(|layer| layer.description).collect(),
            },
            data: data.identity(),
        }
    }
}
