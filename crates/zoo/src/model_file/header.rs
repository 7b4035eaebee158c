//! The layout of a model file: the names of its tensors, and everything but tensors as JSON.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::description::DataDescription;
use super::file::LossCurve;
use crate::forecaster::{CovariateScaling, HoldOut, NetworkSettings, Transform};

/// The layout that this version writes and reads.
pub const FORMAT: u64 = 1;

/// The key of the header's metadata that holds everything but tensors.
pub(super) const KEY: &str = "recurra";
/// Tensors of weights are called by this and the parameter's name.
pub(super) const WEIGHTS: &str = "weights/";
/// Residuals `[steps ahead, most residuals of a step]`.
pub(super) const RESIDUALS: &str = "hold_out/residuals";
/// How far values lay outside a network's own bands of quantiles, in the same form; the level follows.
pub(super) const OUTSIDE: &str = "hold_out/outside-";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    pub(super) format: u64,
    pub(super) version: String,
    pub(super) model: ModelHeader,
    pub(super) data: DataDescription,
    pub(super) hold_out: Option<HoldOut>,
    pub(super) refitted: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) losses: Vec<LossCurve>,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
#[expect(clippy::large_enum_variant, reason = "there is one of them, not thousands")]
pub(super) enum ModelHeader {
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

/// The scale of a network that was trained on scaled data, as all but imported ones are.
fn unscaled() -> f32 {
    1.0
}
