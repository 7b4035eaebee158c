//! Settings that stand in a file.

use crate::{error::RunError, problems::MatrixProblem};
use std::{fs, path::Path};

/// What `parse` makes of the text of `file`.
///
/// # Errors
/// If the file cannot be read, or `parse` refuses it: the error names the file.
pub(crate) fn read_settings<T>(file: &Path, parse: impl Fn(&str) -> Result<T, MatrixProblem>) -> Result<T, RunError> {
    let text = fs::read_to_string(file).map_err(|source| RunError::io("read", file, source))?;
    parse(&text).map_err(|problem| RunError::Matrix {
        file: file.to_path_buf(),
        problem,
    })
}
