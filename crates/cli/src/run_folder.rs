//! A folder of finished runs: `plan.json` names all that a command needs, also those that other machines run; `cells/` has what is
//! finished. Folders of one plan merge.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use recurra_kernels::{share_out, threads};
use recurra_runs::{CODE_DIGEST, Files, Key, Lookup, Store};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::files::{self, Anywhere};
use crate::terminal::Terminal;
use crate::write_file;

/// The version of the layout of `plan.json`.
const SCHEMA: u32 = 1;

/// Digest of this program's sources: a part of every key, besides the digest of the training path that all keys have.
pub(crate) const PROGRAM_DIGEST: &str = env!("RECURRA_PROGRAM_DIGEST");

/// `plan.json`.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Plan {
    schema: u32,
    /// The command that the folder is of.
    pub(crate) command: String,
    /// The digest of the code that the keys were made with.
    code: String,
    cells: Vec<Cell>,
}

/// A run: its name for people, the beginning of its file's name, and the key of what decides it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Cell {
    pub(crate) cell: String,
    pub(crate) stem: String,
    pub(crate) key: Key,
}

impl Plan {
    pub(crate) fn new(command: &str, cells: Vec<Cell>) -> Self {
        Self {
            schema: SCHEMA,
            command: command.to_owned(),
            code: CODE_DIGEST.to_owned(),
            cells,
        }
    }

    pub(crate) fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// Writes `plan.json`, unless it is there: many processes may share one folder.
    pub(crate) fn write(&self, out: &Path) -> Result<(), Failure> {
        let path = out.join("plan.json");
        let text = serde_json::to_string_pretty(self).map_err(Failure::input)? + "\n";
        match Anywhere.read(&path) {
            Ok(before) if before == text.as_bytes() => return Ok(()),
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(Failure::file("read", &path, &error));
            }
            _ => {}
        }
        write_file::write(&path, text.as_bytes())
    }

    /// Writes the beginning of a plan that grows by rounds, unless one is there that goes on from it: whoever wrote that knows more.
    pub(crate) fn write_beginning(&self, out: &Path) -> Result<(), Failure> {
        match Self::read(out) {
            Ok(there) if there.command == self.command && there.cells.starts_with(&self.cells) => Ok(()),
            // What is there but cannot be read is written anew, or said.
            _ => self.write(out),
        }
    }

    /// Reads the `plan.json` of a folder that this version filled.
    pub(crate) fn read(folder: &Path) -> Result<Self, Failure> {
        let path = folder.join("plan.json");
        let bytes = files::read(&path)?;
        let wrong = |message: String| Failure::Input(format!("{}: {message}", path.display()));
        let plan: Self = serde_json::from_slice(&bytes).map_err(|error| wrong(error.to_string()))?;
        if plan.schema != SCHEMA {
            return Err(wrong(format!(
                "its layout is {}; this version reads {SCHEMA}",
                plan.schema
            )));
        }
        if plan.code != CODE_DIGEST {
            return Err(wrong(
                "its runs were made by other code; merge with the version that made them".to_owned(),
            ));
        }
        Ok(plan)
    }

    /// The outcomes of all runs, from whichever of the folders have them; a line for each that cannot be taken.
    pub(crate) fn gather<T>(&self, folders: &[PathBuf]) -> Result<Vec<(&Cell, T)>, Failure>
    where
        T: Serialize + DeserializeOwned + PartialEq,
    {
        let (mut found, mut faults) = (Vec::new(), Vec::new());
        for cell in &self.cells {
            match Store::gather(&Anywhere, folders, &cell.cell, &cell.stem, &cell.key) {
                Ok(outcome) => found.push((cell, outcome)),
                Err(fault) => faults.push(format!("\n  {}: {fault}", cell.cell)),
            }
        }
        if faults.is_empty() {
            return Ok(found);
        }
        Err(Failure::Input(format!(
            "{} of {} runs cannot be taken:{}",
            faults.len(),
            self.cells.len(),
            faults.concat()
        )))
    }
}

/// The runs of a folder, each with an outcome of its own.
pub(crate) struct Runs<'a, T> {
    store: Store<T>,
    cells: Vec<&'a Cell>,
}

impl<'a, T: Serialize + DeserializeOwned + PartialEq> Runs<'a, T> {
    /// The runs `cells` of the folder `out`.
    pub(crate) fn new(out: &Path, cells: impl IntoIterator<Item = &'a Cell>) -> Self {
        Self {
            store: Store::among(&Anywhere, out),
            cells: cells.into_iter().collect(),
        }
    }

    fn find(&self, number: usize) -> Result<Lookup<T>, Failure> {
        let cell = self.cells[number];
        (self.store.find(&cell.cell, &cell.stem, &cell.key)).map_err(Failure::input)
    }

    /// Whether the run of this number is seen to be finished.
    pub(crate) fn is_finished(&self, number: usize) -> bool {
        matches!(self.find(number), Ok(Lookup::Found(_)))
    }

    /// The numbers of the runs that are not finished. A damaged file is one that is not there, and is said to be; one that cannot be
    /// read is an error, as it may well be finished.
    pub(crate) fn missing(&self, terminal: &Terminal) -> Result<Vec<usize>, Failure> {
        let missing = |number| match self.find(number) {
            Ok(Lookup::Found(_)) => None,
            Ok(Lookup::Missing) => Some(Ok(number)),
            Ok(Lookup::Unusable { file, reason }) => {
                terminal.note(&format!("{} is not used: {reason}", file.display()));
                Some(Ok(number))
            }
            Err(failure) => Some(Err(failure)),
        };
        (0..self.cells.len()).filter_map(missing).collect()
    }

    /// The outcomes of the runs that are finished, with their numbers.
    pub(crate) fn finished(&self) -> Result<Vec<(usize, T)>, Failure> {
        let found = |number| match self.find(number) {
            Ok(Lookup::Found(outcome)) => Some(Ok((number, outcome))),
            Ok(Lookup::Missing | Lookup::Unusable { .. }) => None,
            Err(failure) => Some(Err(failure)),
        };
        (0..self.cells.len()).filter_map(found).collect()
    }

    /// Does the runs `mine` in this process, several at a time, and keeps each as soon as it is finished. After one that fails no other
    /// begins: what could not be kept would be computed for nothing.
    pub(crate) fn complete(
        &self,
        mine: &[usize],
        work: impl Fn(usize) -> Result<T, Failure> + Sync,
        done: impl Fn(usize) + Sync,
    ) -> Result<(), Failure> {
        let (error, failed) = (Mutex::new(None), AtomicBool::new(false));
        let mut workers = vec![(); threads().min(mine.len()).max(1)];
        share_out(&mut workers, mine.iter(), |(), &number| {
            if failed.load(Ordering::Relaxed) {
                return;
            }
            let cell = self.cells[number];
            let kept = work(number).and_then(|outcome| {
                (self.store.keep(&cell.cell, &cell.stem, &cell.key, &outcome)).map_err(Failure::input)
            });
            match kept {
                Ok(()) => done(number),
                Err(failure) => {
                    failed.store(true, Ordering::Relaxed);
                    error
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .get_or_insert(failure);
                }
            }
        });
        error
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
            .map_or(Ok(()), Err)
    }
}
