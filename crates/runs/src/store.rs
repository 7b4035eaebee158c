//! Finished runs, one file each, by the content key of what decides them.

use crate::{
    digest::digest_json,
    error::RunError,
    files::{Disk, Files},
    key::Key,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::{
    io,
    marker::PhantomData,
    path::{Path, PathBuf},
};

/// The version of a run's file.
const SCHEMA: u32 = 2;

/// The finished runs of one output folder, in `cells/`. A second start takes up what it finds there, and folders of several
/// machines are gathered from there.
///
/// ```
/// use recurra_runs::{Key, Lookup, Store};
///
/// let folder = tempfile::tempdir()?;
/// let store: Store<f64> = Store::new(folder.path());
/// let key = Key::of(&("gru-1x32", 51));
/// store.keep("gru-1x32, seed 51", "gru-1x32-51", &key, &4.25)?;
/// assert!(matches!(store.find("gru-1x32, seed 51", "gru-1x32-51", &key)?, Lookup::Found(4.25)));
/// // The first result stays: another one under the same key is a conflict.
/// assert!(store.keep("gru-1x32, seed 51", "gru-1x32-51", &key, &4.5).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Store<T> {
    folder: PathBuf,
    files: &'static dyn Files,
    value: PhantomData<fn() -> T>,
}

/// What looking for a run finds.
#[derive(Debug)]
pub enum Lookup<T> {
    /// A whole file with the run's key.
    Found(T),
    /// No file.
    Missing,
    /// A file that must not be used: damaged, or of another key.
    Unusable {
        /// The file.
        file: PathBuf,
        /// Why.
        reason: String,
    },
}

/// One run's file. The digest tells a file that was cut short or edited from one that was written here.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RunFile<T> {
    schema: u32,
    cell: String,
    key: Key,
    outcome_digest: String,
    outcome: T,
}

impl<T: Serialize + DeserializeOwned + PartialEq> Store<T> {
    /// The runs below the output folder `out`.
    #[must_use]
    pub fn new(out: &Path) -> Self {
        Self::among(&Disk, out)
    }

    /// The runs below the folder `out` of `files`, which need not be on a disk.
    #[must_use]
    pub fn among(files: &'static dyn Files, out: &Path) -> Self {
        Self {
            folder: out.join("cells"),
            files,
            value: PhantomData,
        }
    }

    /// Where a run is kept. The name holds the key, so that another configuration, data or code is another file and nothing is
    /// overwritten by something else. `stem` is for people: letters, digits and dashes.
    #[must_use]
    pub fn file(&self, stem: &str, key: &Key) -> PathBuf {
        self.folder.join(format!("{stem}-{}.json", key.short()))
    }

    /// Looks for the run `label`, and validates what it finds.
    ///
    /// # Errors
    /// If the file cannot be read, although it may be there.
    pub fn find(&self, label: &str, stem: &str, key: &Key) -> Result<Lookup<T>, RunError> {
        let file = self.file(stem, key);
        let unusable = |reason: String| {
            Ok(Lookup::Unusable {
                file: file.clone(),
                reason,
            })
        };
        let bytes = match self.files.read(&file) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Lookup::Missing),
            Err(error) => return Err(RunError::io("read", &file, error)),
        };
        let found: RunFile<T> = match serde_json::from_slice(&bytes) {
            Ok(found) => found,
            Err(error) => return unusable(error.to_string()),
        };
        if found.schema != SCHEMA {
            unusable(format!("schema {} is not {SCHEMA}", found.schema))
        } else if found.key != *key {
            unusable("it was made by another configuration, data or code".into())
        } else if found.cell != label {
            unusable(format!("it is of another run, {}", found.cell))
        } else if found.outcome_digest != digest_json(&found.outcome) {
            unusable("its digest does not fit its content".into())
        } else {
            Ok(Lookup::Found(found.outcome))
        }
    }

    /// Keeps the outcome of the run `label`. A file that is there already stays; one that is damaged is replaced.
    ///
    /// # Errors
    /// If the file cannot be read or written, or one with another outcome is there.
    pub fn keep(&self, label: &str, stem: &str, key: &Key, outcome: &T) -> Result<(), RunError> {
        let path = self.file(stem, key);
        let is_kept = |before: &T| match before == outcome {
            true => Ok(()),
            false => Err(RunError::Conflict {
                cell: label.to_owned(),
                file: path.clone(),
            }),
        };
        let is_damaged = match self.find(label, stem, key)? {
            Lookup::Found(before) => return is_kept(&before),
            Lookup::Missing => false,
            Lookup::Unusable { .. } => true,
        };
        let file = RunFile {
            schema: SCHEMA,
            cell: label.to_owned(),
            key: key.clone(),
            outcome_digest: digest_json(outcome),
            outcome,
        };
        let failed = |error| RunError::io("write", &path, error);
        let mut bytes = serde_json::to_vec(&file).map_err(|error| failed(error.into()))?;
        bytes.push(b'\n');
        if is_damaged {
            return self.files.replace(&path, &bytes).map_err(failed);
        }
        if self.files.create(&path, &bytes).map_err(failed)? {
            return Ok(());
        }
        // Another process was faster by a moment.
        match self.find(label, stem, key)? {
            Lookup::Found(before) => is_kept(&before),
            Lookup::Missing | Lookup::Unusable { .. } => self.files.replace(&path, &bytes).map_err(failed),
        }
    }

    /// The outcome of the run `label` in whichever of the folders `out` of `files` have it.
    ///
    /// # Errors
    /// A line that says what is wrong: no folder has it, a file is damaged, or two folders have different outcomes.
    pub fn gather(files: &'static dyn Files, out: &[PathBuf], label: &str, stem: &str, key: &Key) -> Result<T, String> {
        let mut found: Option<(T, &PathBuf)> = None;
        for folder in out {
            let here = Self::among(files, folder).find(label, stem, key);
            match (here.map_err(|error| error.to_string())?, &found) {
                (Lookup::Missing, _) => {}
                (Lookup::Unusable { file, reason }, _) => return Err(format!("{}: {reason}", file.display())),
                (Lookup::Found(outcome), None) => found = Some((outcome, folder)),
                (Lookup::Found(outcome), Some((first, _))) if outcome == *first => {}
                (Lookup::Found(_), Some((_, elsewhere))) => {
                    return Err(format!(
                        "different results in {} and {}",
                        elsewhere.display(),
                        folder.display()
                    ));
                }
            }
        }
        found.map(|(outcome, _)| outcome).ok_or_else(|| "missing".to_string())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::{collections::BTreeMap, sync::Mutex};

    /// Files in memory, among which another process puts one just before the first is created.
    #[derive(Debug)]
    struct Raced {
        files: Mutex<BTreeMap<PathBuf, Vec<u8>>>,
        other: Mutex<Option<Vec<u8>>>,
    }

    impl Files for Raced {
        fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
            let found = self.files.lock().unwrap().get(path).cloned();
            found.ok_or_else(|| io::ErrorKind::NotFound.into())
        }

        fn create(&self, path: &Path, bytes: &[u8]) -> io::Result<bool> {
            let mut files = self.files.lock().unwrap();
            if let Some(other) = self.other.lock().unwrap().take() {
                files.insert(path.to_owned(), other);
            }
            let is_new = !files.contains_key(path);
            files.entry(path.to_owned()).or_insert_with(|| bytes.to_vec());
            Ok(is_new)
        }

        fn replace(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
            self.files.lock().unwrap().insert(path.to_owned(), bytes.to_vec());
            Ok(())
        }
    }

    /// The store after 4.25 was kept, while `other` came in between.
    fn raced(other: Option<Vec<u8>>) -> (Result<(), RunError>, f64) {
        let files: &'static Raced = Box::leak(Box::new(Raced {
            files: Mutex::default(),
            other: Mutex::new(other),
        }));
        let store: Store<f64> = Store::among(files, Path::new("out"));
        let key = Key::of(&51);
        let kept = store.keep("cell", "cell", &key, &4.25);
        match store.find("cell", "cell", &key).unwrap() {
            Lookup::Found(value) => (kept, value),
            other => panic!("{other:?}"),
        }
    }

    fn bytes_of(value: f64) -> Vec<u8> {
        let folder = tempfile::tempdir().unwrap();
        let (store, key) = (Store::new(folder.path()), Key::of(&51));
        store.keep("cell", "cell", &key, &value).unwrap();
        std::fs::read(store.file("cell", &key)).unwrap()
    }

    #[test]
    fn of_two_processes_that_keep_one_run_at_once_the_first_stays() {
        let (kept, value) = raced(None);
        assert!(kept.is_ok() && value == 4.25);
        let (kept, value) = raced(Some(bytes_of(4.25)));
        assert!(kept.is_ok() && value == 4.25);
        let (kept, value) = raced(Some(bytes_of(4.5)));
        assert!(matches!(kept, Err(RunError::Conflict { .. })) && value == 4.5);
        // Not even whole: that is no result to keep.
        let (kept, value) = raced(Some(b"{".to_vec()));
        assert!(kept.is_ok() && value == 4.25);
    }

    /// Files of a place that cannot be reached.
    #[derive(Debug)]
    struct Gone;

    impl Files for Gone {
        fn read(&self, _: &Path) -> io::Result<Vec<u8>> {
            Err(io::Error::other("it cannot be reached"))
        }

        fn create(&self, path: &Path, _: &[u8]) -> io::Result<bool> {
            panic!("{} may be there", path.display())
        }

        fn replace(&self, path: &Path, _: &[u8]) -> io::Result<()> {
            panic!("{} may be there", path.display())
        }
    }

    #[test]
    fn a_run_that_cannot_be_looked_for_is_neither_missing_nor_replaced() {
        let store: Store<f64> = Store::among(&Gone, Path::new("out"));
        let (key, said) = (Key::of(&51), "could not read out/cells/cell-");
        let error = store.find("cell", "cell", &key).unwrap_err().to_string();
        assert!(
            error.starts_with(said) && error.ends_with("it cannot be reached"),
            "{error}"
        );
        assert!(store.keep("cell", "cell", &key, &4.25).is_err());
        let error = Store::<f64>::gather(&Gone, &["out".into()], "cell", "cell", &key).unwrap_err();
        assert!(error.starts_with(said), "{error}");
    }
}
