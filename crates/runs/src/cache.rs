//! Finished cells, one file each, so that a second start takes up where the first one stopped.

use crate::{
    error::Error,
    key::{Key, digest_json},
    outcome::Outcome,
    plan::Cell,
    write::write_file,
};
use serde::{Deserialize, Serialize};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// The version of a cell file's layout.
const CELL_SCHEMA: u32 = 1;

/// The cells that are finished in one output folder.
#[derive(Debug, Clone)]
pub struct Cache {
    folder: PathBuf,
}

/// What looking for a cell finds.
#[derive(Debug)]
pub enum Lookup {
    /// A whole file with the cell's key.
    Found(Outcome),
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

/// One cell's file. The digest tells a file that was cut short or edited from one that was written here.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CellFile {
    schema: u32,
    experiment: String,
    seed: u64,
    key: Key,
    outcome_digest: String,
    outcome: Outcome,
}

impl Cache {
    /// The cells below the output folder `out`.
    #[must_use]
    pub fn new(out: &Path) -> Self {
        Self {
            folder: out.join("cells"),
        }
    }

    /// Where the outcome of `cell` is kept. The name holds the key, so that another configuration, data or code is
    /// another file and nothing is overwritten by something else.
    #[must_use]
    pub fn file(&self, cell: &Cell) -> PathBuf {
        self.folder
            .join(format!("{}-{}-{}.json", cell.experiment, cell.seed, cell.key.short()))
    }

    /// Looks for the outcome of `cell`, and validates what it finds.
    #[must_use]
    pub fn find(&self, cell: &Cell) -> Lookup {
        let file = self.file(cell);
        let unusable = |reason: String| Lookup::Unusable {
            file: file.clone(),
            reason,
        };
        let bytes = match fs::read(&file) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Lookup::Missing,
            Err(error) => return unusable(error.to_string()),
        };
        let found: CellFile = match serde_json::from_slice(&bytes) {
            Ok(found) => found,
            Err(error) => return unusable(error.to_string()),
        };
        if found.schema != CELL_SCHEMA {
            unusable(format!("schema {} is not {CELL_SCHEMA}", found.schema))
        } else if found.key != cell.key {
            unusable("it was made by another configuration, data or code".into())
        } else if (found.experiment.as_str(), found.seed) != (cell.experiment.as_str(), cell.seed) {
            unusable("it is of another experiment or another seed".into())
        } else if found.outcome_digest != digest_json(&found.outcome) {
            unusable("its digest does not fit its content".into())
        } else {
            Lookup::Found(found.outcome)
        }
    }

    /// Keeps the outcome of `cell`. A file that is there already stays; one that is damaged is replaced.
    ///
    /// # Errors
    /// If the file cannot be written, or one with another outcome is there.
    pub fn keep(&self, cell: &Cell, outcome: &Outcome) -> Result<(), Error> {
        if let Lookup::Found(before) = self.find(cell) {
            if before == *outcome {
                return Ok(());
            }
            return Err(Error::Conflict {
                cell: cell.label(),
                file: self.file(cell),
            });
        }
        let file = CellFile {
            schema: CELL_SCHEMA,
            experiment: cell.experiment.clone(),
            seed: cell.seed,
            key: cell.key.clone(),
            outcome_digest: digest_json(outcome),
            outcome: outcome.clone(),
        };
        let path = self.file(cell);
        let mut bytes = serde_json::to_vec(&file).map_err(|error| Error::io("write", &path, error.into()))?;
        bytes.push(b'\n');
        write_file(&path, &bytes)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::{
        data::Dataset,
        matrix::Kind,
        outcome::{EpochRecord, Validation},
        recipe::Recipe,
    };
    use recurra_training::{Loss, OptimizerOptions};

    fn cell() -> Cell {
        let recipe = Recipe {
            model: "rnn-2x40".into(),
            window: 20,
            batch: 128,
            shuffle_buffer: 1000,
            epochs: 1,
            output_scale: 100.0,
            loss: Loss::Huber { delta: 1.0 },
            optimizer: OptimizerOptions::default(),
            schedule: None,
            difference: None,
            scale: None,
            centre: None,
            season: None,
            averaging: None,
        };
        let key = Key::new(Kind::Forecast, &recipe, 51, &Dataset::new(vec![1.0, 2.0], 1));
        Cell {
            experiment: "tiny".into(),
            kind: Kind::Forecast,
            seed: 51,
            recipe,
            key,
        }
    }

    fn outcome() -> Outcome {
        // 0.1 + 0.2 has no short decimal form: the file must give back its very bits.
        Outcome {
            parameters: 3,
            history: vec![EpochRecord {
                learning_rate: 1e-6,
                loss: 0.1 + 0.2,
                mae: 1.0 / 3.0,
            }],
            diverged: None,
            validation: Some(Validation {
                forecast: vec![0.1, 16_777_216.0],
                mae: 1e-300,
                mse: 2.0,
                bias: -0.0,
            }),
        }
    }

    #[test]
    fn what_is_kept_is_found_bit_for_bit() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path());
        assert!(matches!(cache.find(&cell()), Lookup::Missing));
        cache.keep(&cell(), &outcome()).unwrap();
        let Lookup::Found(found) = cache.find(&cell()) else {
            panic!("not found")
        };
        assert_eq!(format!("{found:?}"), format!("{:?}", outcome()));
    }

    #[test]
    fn another_outcome_never_replaces_the_first() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path());
        cache.keep(&cell(), &outcome()).unwrap();
        cache.keep(&cell(), &outcome()).unwrap();
        let other = Outcome {
            parameters: 4,
            ..outcome()
        };
        assert!(matches!(cache.keep(&cell(), &other), Err(Error::Conflict { .. })));
        let Lookup::Found(found) = cache.find(&cell()) else {
            panic!("not found")
        };
        assert_eq!(found, outcome());
    }

    #[test]
    fn a_damaged_file_is_not_used() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path());
        cache.keep(&cell(), &outcome()).unwrap();
        let file = cache.file(&cell());
        let whole = fs::read_to_string(&file).unwrap();
        let cases = [
            (whole[..whole.len() / 2].to_string(), "EOF"),
            (whole.replace("\"parameters\":3", "\"parameters\":4"), "digest"),
            (whole.replace("\"seed\":51", "\"seed\":52"), "another seed"),
            (whole.replace("\"schema\":1", "\"schema\":7"), "schema 7"),
            (whole.replace(&cell().key.to_string(), "0123"), "another configuration"),
        ];
        for (text, why) in cases {
            fs::write(&file, text).unwrap();
            let Lookup::Unusable { reason, .. } = cache.find(&cell()) else {
                panic!("{why}: was used")
            };
            assert!(reason.contains(why), "{why}: {reason}");
        }
    }
}
