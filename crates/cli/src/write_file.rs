//! Files are written beside their place and renamed, objects put in one request, so that nobody ever reads half of one.

use std::path::{Path, PathBuf};

use recurra_series::write_beside;

use crate::failure::Failure;
use crate::files::object;
use crate::interrupt;

/// Writes `bytes` to `path`: the whole file or nothing.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    match object(path)? {
        Some(object) => object.put(bytes).map_err(Failure::input)?,
        None => write_beside(path, bytes).map_err(|error| Failure::file("write", path, &error))?,
    }
    interrupt::wrote();
    Ok(())
}

/// Checks, before hours of work, that every output can be written and is neither one of the inputs nor another output, under
/// whatever name.
pub(crate) fn check_outputs<'a>(
    outputs: impl IntoIterator<Item = &'a Path>,
    inputs: impl IntoIterator<Item = &'a Path>,
) -> Result<(), Failure> {
    let inputs: Vec<PathBuf> = inputs.into_iter().filter_map(place).collect();
    let mut others: Vec<PathBuf> = Vec::new();
    for output in outputs {
        check(output)?;
        let Some(place) = place(output) else { continue };
        let wrong = |what: &str| Err(Failure::Input(format!("{}: {what}", output.display())));
        if inputs.contains(&place) {
            return wrong("it is one of the inputs and would be overwritten; choose another name for the output");
        }
        if others.contains(&place) {
            return wrong(
                "two outputs would be written to it, and only the last one kept; choose another name for one of them",
            );
        }
        others.push(place);
    }
    Ok(())
}

/// Where a file or an object is or will be, links, `..` and other names of one bucket resolved; nothing for a terminal, a pipe or a device, which may well be several at once.
fn place(path: &Path) -> Option<PathBuf> {
    if let Ok(Some(object)) = object(path) {
        return Some(object.canonical().into());
    }
    match path.canonicalize() {
        Ok(place) => place.is_file().then_some(place),
        Err(_) => Some(folder(path).canonicalize().ok()?.join(path.file_name()?)),
    }
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Checks that there is a folder to write `path` into.
fn check(path: &Path) -> Result<(), Failure> {
    if let Some(object) = object(path)? {
        return object.check_put().map_err(Failure::input);
    }
    let failed = |error: std::io::Error| Failure::file("write", path, &error);
    if path.is_dir() || path.file_name().is_none() {
        return Err(failed(std::io::ErrorKind::IsADirectory.into()));
    }
    if path.as_os_str() == "-" {
        return Err(Failure::input(
            "-: this cannot go to standard output; give the name of a file",
        ));
    }
    let metadata = std::fs::metadata(folder(path)).map_err(failed)?;
    if !metadata.is_dir() {
        return Err(failed(std::io::ErrorKind::NotADirectory.into()));
    }
    if metadata.permissions().readonly() {
        return Err(failed(std::io::ErrorKind::PermissionDenied.into()));
    }
    Ok(())
}
