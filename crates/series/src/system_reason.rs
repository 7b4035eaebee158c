//! Why a file could not be read or written, for people.

use std::io::{self, ErrorKind};

/// The system's reason in plain words, without "(os error 2)".
///
/// ```
/// let error = std::fs::read("no/such/file").unwrap_err();
/// assert_eq!(recurra_series::system_reason(&error), "there is no such file or folder");
/// ```
#[must_use]
pub fn system_reason(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "there is no such file or folder".into(),
        ErrorKind::PermissionDenied => "permission denied".into(),
        ErrorKind::IsADirectory => "it is a folder".into(),
        ErrorKind::NotADirectory => "a part of the path is a file, not a folder".into(),
        ErrorKind::StorageFull => "the disk is full".into(),
        ErrorKind::ReadOnlyFilesystem => "the file system is read-only".into(),
        _ => {
            let text = error.to_string();
            text.split(" (os error").next().unwrap_or(&text).to_owned()
        }
    }
}
