//! Files of JSON.

use crate::failure::Failure;
use serde::de::DeserializeOwned;
use std::{fs, path::Path};

/// What `file` holds; a failure names it.
pub(crate) fn read<T: DeserializeOwned>(file: &Path) -> Result<T, Failure> {
    let wrong = |error: &dyn std::fmt::Display| Failure::Usage(format!("{}: {error}", file.display()));
    let bytes = fs::read(file).map_err(|error| wrong(&error))?;
    serde_json::from_slice(&bytes).map_err(|error| wrong(&error))
}
