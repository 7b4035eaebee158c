//! Model files by their path.

use std::path::Path;

use recurra_series::system_reason;
use recurra_zoo::Registry;
use recurra_zoo::model_file::{MOST_BYTES, ModelFile, ModelFileError};

use crate::failure::Failure;
use crate::files::object;

/// Reads a model file; messages name it.
pub(crate) fn read(path: &Path, registry: &Registry) -> Result<ModelFile, Failure> {
    let file = match object(path)? {
        Some(object) => ModelFile::from_bytes(&object.get_at_most(MOST_BYTES).map_err(Failure::input)?, registry),
        None => ModelFile::read(path, registry),
    };
    file.map_err(|error| {
        let why = match &error {
            ModelFileError::File(error) => system_reason(error),
            ModelFileError::UnknownModel(unknown) => format!(
                "this version has no model called `{}`; use the version that wrote the file, or fit the model again",
                unknown.name()
            ),
            other => other.to_string(),
        };
        Failure::Input(format!("{}: {why}", path.display()))
    })
}
