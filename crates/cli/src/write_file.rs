//! Files are written beside their place and renamed, so that nobody ever reads half of one.

use std::path::Path;

use recurra_series::write_beside;

use crate::failure::Failure;

/// Writes `bytes` to `path`: the whole file or nothing.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    write_beside(path, bytes).map_err(|error| Failure::file("write", path, &error))
}

/// Refuses an output that is one of the inputs, under whatever name.
pub(crate) fn check_apart<'a>(output: &Path, inputs: impl IntoIterator<Item = &'a Path>) -> Result<(), Failure> {
    let Ok(place) = output.canonicalize() else {
        return Ok(());
    };
    // A terminal or a pipe may well be both.
    let same = |input: &&Path| place.is_file() && input.canonicalize().is_ok_and(|input| input == place);
    match inputs.into_iter().find(same) {
        Some(_) => Err(Failure::Input(format!(
            "{}: it is one of the inputs and would be overwritten; choose another name for the output",
            output.display()
        ))),
        None => Ok(()),
    }
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
