//! Files that are there whole or not at all.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::error::TrainingError;

/// Writes `bytes` to a file beside `path`, syncs it, and renames it to `path`: whenever the process dies, or the disk is
/// full, `path` holds either all of the old bytes or all of the new.
pub(crate) fn write_beside(path: &Path, bytes: &[u8]) -> Result<(), TrainingError> {
    let beside = beside(path);
    let attempt = || {
        let mut file = File::create(&beside)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&beside, path)
    };
    attempt().map_err(|source| {
        // Half a file is of no use to anybody; if it cannot be removed either, the next writing replaces it.
        let _ = fs::remove_file(&beside);
        TrainingError::File {
            action: "write",
            path: path.to_owned(),
            source,
        }
    })?;
    // The new name is on the disk when its folder is. Not every system can sync a folder, and the file is whole anyway.
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty())
        && let Ok(folder) = File::open(folder)
    {
        let _ = folder.sync_all();
    }
    Ok(())
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".partial");
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::write_beside;

    #[test]
    fn a_file_is_replaced_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        write_beside(&path, b"old").unwrap();
        write_beside(&path, b"new").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"new");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_folder_that_is_not_there_is_one_error_with_its_path() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("missing").join("file");
        let message = write_beside(&path, b"new").unwrap_err().to_string();
        assert!(
            message.starts_with("cannot write ") && message.contains("missing"),
            "{message}"
        );
    }

    /// What stands in the way of the file beside is an error that leaves the old file as it was.
    #[test]
    fn a_failed_writing_leaves_the_old_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        write_beside(&path, b"old").unwrap();
        std::fs::create_dir(folder.path().join("file.partial")).unwrap();
        write_beside(&path, b"new").unwrap_err();
        assert_eq!(std::fs::read(&path).unwrap(), b"old");
    }
}
