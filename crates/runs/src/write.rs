//! Files that are whole or not there at all, with their folders.

use crate::error::Error;
use recurra_series::write_beside;
use std::{fs, path::Path};

/// Writes `bytes` to `file` as [`write_beside`] does: a reader sees the old content or the new, never half of it, even when the
/// process is killed in between. Folders that are missing are made.
///
/// # Errors
/// If the folder cannot be made, or the file cannot be written or renamed.
pub fn write_file(file: &Path, bytes: &[u8]) -> Result<(), Error> {
    let folder = file.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(|source| Error::io("make the folder", folder, source))?;
    write_beside(file, bytes).map_err(|source| Error::io("write", file, source))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn folders_that_are_missing_are_made() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("deep/result.json");
        write_file(&file, b"one").unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"one");
    }

    #[test]
    fn a_failure_names_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let error = write_file(folder.path(), b"x").unwrap_err().to_string();
        assert!(error.contains(&folder.path().display().to_string()), "{error}");
    }
}
