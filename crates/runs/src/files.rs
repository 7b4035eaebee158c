//! Where files are kept: on a disk, or wherever else there are files with names.

use crate::error::RunError;
use recurra_series::write_beside;
use std::{fmt, fs, io, path::Path};

/// Files by their path. A program that keeps its runs elsewhere than on a disk implements it.
pub trait Files: fmt::Debug + Sync {
    /// The whole file.
    ///
    /// # Errors
    /// If it cannot be read; [`io::ErrorKind::NotFound`] if there is none.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// Writes the file unless there is one, whole or not at all, and says whether it did.
    ///
    /// # Errors
    /// If it cannot be written.
    fn create(&self, path: &Path, bytes: &[u8]) -> io::Result<bool>;

    /// Writes the file, whole or not at all, in place of one that is there.
    ///
    /// # Errors
    /// If it cannot be written.
    fn replace(&self, path: &Path, bytes: &[u8]) -> io::Result<()>;
}

/// The disk. Folders that are missing are made.
#[derive(Debug, Clone, Copy)]
pub struct Disk;

impl Files for Disk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        fs::read(path)
    }

    /// Two processes that create one file in the same moment both do, and one of them is last: a rename asks no questions.
    fn create(&self, path: &Path, bytes: &[u8]) -> io::Result<bool> {
        if path.try_exists()? {
            return Ok(false);
        }
        self.replace(path, bytes).map(|()| true)
    }

    fn replace(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let folder = path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder).map_err(|error| {
            let text = format!("could not make the folder {}: {error}", folder.display());
            io::Error::new(error.kind(), text)
        })?;
        write_beside(path, bytes)
    }
}

/// Writes `bytes` to `file` as [`write_beside`] does: a reader sees the old content or the new, never half of it, even when the
/// process is killed in between. Folders that are missing are made. It is [`Disk`]'s `replace` with an error that names the file.
///
/// # Errors
/// If a folder cannot be made, or the file cannot be written or renamed.
pub fn write_file(file: &Path, bytes: &[u8]) -> Result<(), RunError> {
    Disk.replace(file, bytes)
        .map_err(|source| RunError::io("write", file, source))
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
    fn a_failure_names_the_file_and_a_folder_that_could_not_be_made() {
        let folder = tempfile::tempdir().unwrap();
        let error = write_file(folder.path(), b"x").unwrap_err().to_string();
        assert!(error.contains(&folder.path().display().to_string()), "{error}");
        let (below, file) = (
            folder.path().join("file/deep"),
            folder.path().join("file/deep/result.json"),
        );
        fs::write(folder.path().join("file"), "no folder").unwrap();
        let error = write_file(&file, b"x").unwrap_err().to_string();
        let said = format!(
            "could not write {}: could not make the folder {}: ",
            file.display(),
            below.display()
        );
        assert!(error.starts_with(&said), "{error}");
    }
}
