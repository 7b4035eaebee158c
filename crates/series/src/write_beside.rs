//! Files that are there whole or not at all. All crates that depend on this one write files here.

use std::ffi::OsString;
use std::fs::{self, File};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// How the name of a file ends that is not whole yet.
const ENDING: &str = ".partial";

/// Writes `bytes` to a file beside `path`, syncs it, and renames it to `path`: whenever the process dies, or the disk is
/// full, `path` holds either all of the old bytes or all of the new. Any number of threads and processes may write the same file; one
/// of them is last.
///
/// A link is followed, so that it stays a link. What is no plain file (a pipe, anything in `/dev`) is written to directly.
///
/// ```
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("forecast.csv");
/// recurra_series::write_beside(&path, b"ds,yhat\n")?;
/// assert_eq!(std::fs::read(&path)?, b"ds,yhat\n");
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
/// If the file cannot be written, synced or renamed; what stood at `path` is still there then. Only a process that is killed leaves
/// its file beside: [`remove_unfinished`] removes it.
pub fn write_beside(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let Target::Renamed(target) = Target::of(path)? else {
        return fs::write(path, bytes);
    };
    let beside = beside(&target)?;
    let written = || {
        let mut file = File::create(&beside)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&beside, &target)
    };
    written().inspect_err(|_| {
        // What went wrong first is what is said; the leftover may not even exist.
        let _ = fs::remove_file(&beside);
    })?;
    // The new name is on the disk when its folder is. Not every system can sync a folder, and the file is whole anyway.
    if let Ok(folder) = File::open(folder(&target)) {
        let _ = folder.sync_all();
    }
    Ok(())
}

/// Whether [`write_beside`] could begin to write `path` now: for files that are written after hours of work. It makes an empty file beside `path` and removes it.
///
/// # Errors
/// What keeps it from being written: a folder that is not there or is read-only, or a folder in its place.
pub fn check_writable(path: &Path) -> io::Result<()> {
    let Target::Renamed(target) = Target::of(path)? else {
        return Ok(());
    };
    let beside = beside(&target)?;
    File::create(&beside)?;
    fs::remove_file(&beside)
}

/// Removes what [`write_beside`] left beside `path` in processes that were killed. For a file that no other process writes now.
///
/// # Errors
/// If such a file cannot be removed. A folder that cannot be listed holds none.
pub fn remove_unfinished(path: &Path) -> io::Result<()> {
    let (Some(begins), Ok(entries)) = (begins(path), fs::read_dir(folder(path))) else {
        return Ok(());
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.as_encoded_bytes();
        if name.starts_with(begins.as_encoded_bytes()) && name.ends_with(ENDING.as_bytes()) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// How bytes come to a path.
enum Target {
    /// They are written to it: no plain file.
    Direct,
    /// A whole file is renamed to this path, which is no link.
    Renamed(PathBuf),
}

impl Target {
    fn of(path: &Path) -> io::Result<Self> {
        match fs::metadata(path) {
            Ok(found) if found.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
            // `/dev/stdout` is a plain file where a shell sends it to one; renamed over, the shell would never see the bytes.
            Ok(found) if !found.is_file() || path.starts_with("/dev") => Ok(Self::Direct),
            _ if path.is_symlink() => fs::canonicalize(path).map(Self::Renamed),
            _ => Ok(Self::Renamed(path.to_owned())),
        }
    }
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// How the names begin under which `path` is written.
fn begins(path: &Path) -> Option<OsString> {
    let mut name = OsString::from(".");
    name.push(path.file_name()?);
    name.push(".");
    Some(name)
}

/// A name beside `path` that no other thread or process has.
fn beside(path: &Path) -> io::Result<PathBuf> {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    // Processes on different machines, or in different containers, may well have one number; these bits are the system's random ones.
    static PROCESS: OnceLock<u64> = OnceLock::new();
    let process = PROCESS.get_or_init(|| RandomState::new().build_hasher().finish());
    let mut name = begins(path).ok_or(io::ErrorKind::IsADirectory)?;
    let unique = COUNTER.fetch_add(1, Ordering::Relaxed);
    name.push(format!("{process:016x}-{unique}{ENDING}"));
    Ok(path.with_file_name(name))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::{check_writable, remove_unfinished, write_beside};
    use std::fs;
    use std::path::Path;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_replaced_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        write_beside(&path, b"old").unwrap();
        write_beside(&path, b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(names(folder.path()), ["file"]);
    }

    #[test]
    fn what_cannot_be_written_is_an_error_and_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        write_beside(&folder.path().join("missing").join("file"), b"new").unwrap_err();
        let inside = folder.path().join("folder");
        fs::create_dir(&inside).unwrap();
        assert_eq!(
            write_beside(&inside, b"new").unwrap_err().kind(),
            std::io::ErrorKind::IsADirectory
        );
        assert_eq!(names(folder.path()), ["folder"]);
    }

    #[test]
    fn whether_it_could_be_written_is_known_before_and_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        check_writable(&folder.path().join("file")).unwrap();
        assert!(names(folder.path()).is_empty());
        let path = folder.path().join("old");
        write_beside(&path, b"old").unwrap();
        check_writable(&path).unwrap();
        assert_eq!(
            (fs::read(&path).unwrap(), names(folder.path())),
            (b"old".to_vec(), vec!["old".to_owned()])
        );
        let kind = |path: &Path| check_writable(path).unwrap_err().kind();
        assert_eq!(kind(folder.path()), std::io::ErrorKind::IsADirectory);
        assert_eq!(
            kind(&folder.path().join("missing").join("file")),
            std::io::ErrorKind::NotFound
        );
        assert_eq!(kind(&path.join("file")), std::io::ErrorKind::NotADirectory);
    }

    #[test]
    fn many_threads_may_write_one_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::thread::scope(|scope| {
            for letter in b'a'..b'e' {
                let path = &path;
                scope.spawn(move || (0..10).for_each(|_| write_beside(path, &[letter; 10_000]).unwrap()));
            }
        });
        let bytes = fs::read(&path).unwrap();
        assert!(bytes.len() == 10_000 && bytes.iter().all(|byte| *byte == bytes[0]));
        assert_eq!(names(folder.path()), ["file"]);
    }

    #[test]
    fn what_a_killed_process_left_is_removed_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["file", ".file.12-0.partial", ".file2.12-0.partial", ".file.bak"] {
            fs::write(folder.path().join(name), b"half").unwrap();
        }
        remove_unfinished(&folder.path().join("file")).unwrap();
        assert_eq!(names(folder.path()), [".file.bak", ".file2.12-0.partial", "file"]);
        remove_unfinished(&folder.path().join("missing").join("file")).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link_and_a_device_a_device() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        write_beside(&file, b"old").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        write_beside(&link, b"new").unwrap();
        assert!(link.is_symlink());
        assert_eq!(fs::read(&file).unwrap(), b"new");
        write_beside(Path::new("/dev/null"), b"nobody reads this").unwrap();
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
    }
}
