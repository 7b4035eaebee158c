//! Finished runs, one file each, by the content key of what decides them.

use crate::{
    error::Error,
    key::{Key, digest_json},
    write::write_file,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::{
    fs, io,
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
/// assert!(matches!(store.find("gru-1x32, seed 51", "gru-1x32-51", &key), Lookup::Found(4.25)));
/// // The first result stays: another one under the same key is a conflict.
/// assert!(store.keep("gru-1x32, seed 51", "gru-1x32-51", &key, &4.5).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Store<T> {
    folder: PathBuf,
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
        Self {
            folder: out.join("cells"),
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
    #[must_use]
    pub fn find(&self, label: &str, stem: &str, key: &Key) -> Lookup<T> {
        let file = self.file(stem, key);
        let unusable = |reason: String| Lookup::Unusable {
            file: file.clone(),
            reason,
        };
        let bytes = match fs::read(&file) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Lookup::Missing,
            Err(error) => return unusable(error.to_string()),
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
            Lookup::Found(found.outcome)
        }
    }

    /// Keeps the outcome of the run `label`. A file that is there already stays; one that is damaged is replaced.
    ///
    /// # Errors
    /// If the file cannot be written, or one with another outcome is there.
    pub fn keep(&self, label: &str, stem: &str, key: &Key, outcome: &T) -> Result<(), Error> {
        let path = self.file(stem, key);
        if let Lookup::Found(before) = self.find(label, stem, key) {
            if before == *outcome {
                return Ok(());
            }
            return Err(Error::Conflict {
                cell: label.to_owned(),
                file: path,
            });
        }
        let file = RunFile {
            schema: SCHEMA,
            cell: label.to_owned(),
            key: key.clone(),
            outcome_digest: digest_json(outcome),
            outcome,
        };
        let mut bytes = serde_json::to_vec(&file).map_err(|error| Error::io("write", &path, error.into()))?;
        bytes.push(b'\n');
        write_file(&path, &bytes)
    }

    /// The outcome of the run `label` in whichever of the folders `out` have it.
    ///
    /// # Errors
    /// A line that says what is wrong: no folder has it, a file is damaged, or two folders have different outcomes.
    pub fn gather(out: &[PathBuf], label: &str, stem: &str, key: &Key) -> Result<T, String> {
        let mut found: Option<(T, &PathBuf)> = None;
        for folder in out {
            match (Self::new(folder).find(label, stem, key), &found) {
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
