//! Model files by their path.

use std::path::Path;

use recurra_zoo::Registry;
use recurra_zoo::model_file::{ModelFile, ModelFileError};

use crate::failure::{Failure, reason};

/// Reads a model file; messages name it.
pub(crate) fn read(path: &Path, registry: &Registry) -> Result<ModelFile, Failure> {
    ModelFile::read(path, registry).map_err(|error| {
        let why = match &error {
            ModelFileError::File(error) => reason(error),
            ModelFileError::UnknownModel(unknown) => format!(
                "this version has no model called `{}`; use the version that wrote the file, or fit the model again",
                unknown.name()
            ),
            other => other.to_string(),
        };
        Failure::Input(format!("{}: {why}", path.display()))
    })
}
