//! From a model to the bytes of its file.

use std::collections::HashMap;

use recurra_models::{NamedTensor, parameters};
use safetensors::tensor::{Dtype, TensorView};

use super::by_step::{self, RawTensor};
use super::digest::weights_sha256;
use super::error::ModelFileError;
use super::file::{ModelFile, SavedModel};
use super::header::{FORMAT, Header, KEY, ModelHeader, OUTSIDE, RESIDUALS, WEIGHTS};
use crate::entry::output_scale;

impl ModelFile {
    /// The file's bytes.
    ///
    /// # Errors
    /// If the parts do not make a safetensors file, or the errors on the held-out part are not finite: no file of them could be read.
    pub fn to_bytes(&self) -> Result<Vec<u8>, ModelFileError> {
        if self.hold_out.as_ref().is_some_and(|hold_out| !hold_out.is_finite()) {
            return Err(ModelFileError::HoldOut);
        }
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
}
