//! Files by what an argument names: a path on a disk, or the URL of an object. Both are read and written as a whole.

use std::io;
use std::path::{Path, PathBuf};

use recurra_objects::{ObjectErrorKind, ObjectUrl};
use recurra_runs::{Disk, Files};

use crate::failure::Failure;

/// The object that a path names, if it is a URL.
pub(crate) fn object(path: &Path) -> Result<Option<ObjectUrl>, Failure> {
    // Paths are put together with the system's sign, URLs with this one.
    let text = path.to_string_lossy();
    let path = match cfg!(windows) && text.contains("://") {
        true => PathBuf::from(text.replace('\\', "/")),
        false => path.to_owned(),
    };
    ObjectUrl::of(&path).map_err(Failure::input)
}

/// The whole file.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    match object(path)? {
        Some(object) => object.get().map_err(Failure::input),
        None => std::fs::read(path).map_err(|error| Failure::file("read", path, &error)),
    }
}

/// The whole file, which has to be text.
pub(crate) fn read_text(path: &Path) -> Result<String, Failure> {
    String::from_utf8(read(path)?).map_err(|_| Failure::Input(format!("{}: it is no text in UTF-8", path.display())))
}

/// The files of a folder, in no order.
pub(crate) fn list(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    if let Some(object) = object(folder)? {
        let found = object.list().map_err(Failure::input)?;
        return Ok(found.iter().map(ObjectUrl::to_path).collect());
    }
    let failed = |error: io::Error| Failure::file("read", folder, &error);
    let entries = std::fs::read_dir(folder).map_err(failed)?;
    entries.map(|entry| Ok(entry.map_err(failed)?.path())).collect()
}

/// Whether a path is that of a folder. A URL is one of a folder if it ends so.
pub(crate) fn is_folder(path: &Path) -> bool {
    match object(path) {
        Ok(Some(object)) => object.is_folder(),
        Ok(None) => path.is_dir(),
        Err(_) => false,
    }
}

/// Makes a folder and those that it lies in. Objects need none.
pub(crate) fn make_folder(folder: &Path) -> Result<(), Failure> {
    match object(folder)? {
        Some(object) => object.check_folder().map_err(Failure::input),
        None => std::fs::create_dir_all(folder).map_err(|error| Failure::file("make the folder", folder, &error)),
    }
}

/// Refuses a URL for what has to lie on a disk.
pub(crate) fn on_a_disk(flag: &str, path: &Path) -> Result<(), Failure> {
    match object(path)? {
        Some(url) => Err(Failure::Input(format!(
            "{flag} {url}: this has to lie on a disk; name a folder or file there"
        ))),
        None => Ok(()),
    }
}

/// What `name` means in a file that lies in `folder`.
pub(crate) fn seen_from(folder: &Path, name: &str) -> Result<PathBuf, Failure> {
    let named = Path::new(name);
    Ok(match object(named)? {
        Some(_) => named.to_owned(),
        None => folder.join(named),
    })
}

/// Disks and object stores as one.
#[derive(Debug)]
pub(crate) struct Anywhere;

impl Anywhere {
    /// Does the one to an object, the other to a file.
    fn at<T>(
        path: &Path,
        object: impl FnOnce(ObjectUrl) -> Result<T, recurra_objects::ObjectError>,
        file: impl FnOnce(Disk) -> io::Result<T>,
    ) -> io::Result<T> {
        match self::object(path).map_err(|failure| io::Error::other(failure.into_parts().1.unwrap_or_default()))? {
            // Whoever asked names the file.
            Some(url) => object(url).map_err(|error| match error.kind {
                ObjectErrorKind::NoObject => io::Error::new(io::ErrorKind::NotFound, error.kind),
                kind => io::Error::other(kind),
            }),
            None => file(Disk),
        }
    }
}

impl Files for Anywhere {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        Self::at(path, |object| object.get(), |disk| disk.read(path))
    }

    fn create(&self, path: &Path, bytes: &[u8]) -> io::Result<bool> {
        Self::at(path, |object| object.put_new(bytes), |disk| disk.create(path, bytes))
    }

    fn replace(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        Self::at(path, |object| object.put(bytes), |disk| disk.replace(path, bytes))
    }
}
