//! Where files are kept: on a disk, or wherever else there are files with names.

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
        fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
        write_beside(path, bytes)
    }
}
