//! Files are written beside their place and renamed, so that nobody ever reads half of one.

use std::io::Write;
use std::path::Path;

/// Writes `bytes` to `path`: the whole file or nothing. What is no plain file (`/dev/stdout`, a pipe) is written to
/// directly.
///
/// # Errors
/// If it cannot be written; what stood there before is then still there.
pub fn write_beside(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    match std::fs::metadata(path) {
        Ok(found) if found.is_dir() => return Err(std::io::ErrorKind::IsADirectory.into()),
        Ok(found) if !found.is_file() => return std::fs::write(path, bytes),
        _ => {}
    }
    let name = path.file_name().ok_or(std::io::ErrorKind::IsADirectory)?;
    let mut beside = std::ffi::OsString::from(".");
    beside.push(name);
    beside.push(format!(".{}.part", std::process::id()));
    let beside = path.with_file_name(beside);
    let written = std::fs::File::create(&beside).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    written.and_then(|()| std::fs::rename(&beside, path)).inspect_err(|_| {
        // What went wrong first is what is said; the leftover may not even exist.
        drop(std::fs::remove_file(&beside));
    })
}
