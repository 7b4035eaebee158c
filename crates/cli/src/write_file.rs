//! Files are written beside their place and renamed, so that nobody ever reads half of one.

use std::fs;
use std::io::Write;
use std::path::Path;

use crate::failure::Failure;

/// Writes `bytes` to `path`: the whole file or nothing. What is no plain file (`/dev/stdout`, a pipe) is written to
/// directly.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::file("write", path, &error);
    match fs::metadata(path) {
        Ok(found) if found.is_dir() => return Err(failed(std::io::ErrorKind::IsADirectory.into())),
        Ok(found) if !found.is_file() => return fs::write(path, bytes).map_err(failed),
        _ => {}
    }
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let beside = path.with_file_name(name);
    let written = fs::File::create(&beside).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    written.and_then(|()| fs::rename(&beside, path)).map_err(|error| {
        drop(fs::remove_file(&beside));
        failed(error)
    })
}
