//! Files are written beside their place and renamed, so that nobody ever reads half of one.

use std::path::Path;

use recurra_series::write_beside;

use crate::failure::Failure;

/// Writes `bytes` to `path`: the whole file or nothing.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    write_beside(path, bytes).map_err(|error| Failure::file("write", path, &error))
}

/// Checks, before hours of work, that there is a folder to write `path` into.
pub(crate) fn check(path: &Path) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::file("write", path, &error);
    if path.is_dir() || path.file_name().is_none() {
        return Err(failed(std::io::ErrorKind::IsADirectory.into()));
    }
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let metadata = std::fs::metadata(folder).map_err(failed)?;
    if !metadata.is_dir() {
        return Err(failed(std::io::ErrorKind::NotADirectory.into()));
    }
    if metadata.permissions().readonly() {
        return Err(failed(std::io::ErrorKind::PermissionDenied.into()));
    }
    Ok(())
}
