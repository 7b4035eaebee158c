//! The finished cells of a reproduction, so that a second start takes up where the first one stopped.

use crate::{
    cell::Cell,
    error::RunError,
    files::Disk,
    outcome::Outcome,
    store::{Lookup, Store},
};
use std::path::{Path, PathBuf};

/// The cells that are finished in one output folder.
#[derive(Debug, Clone)]
pub struct Cache {
    store: Store<Outcome>,
}

impl Cache {
    /// The cells below the output folder `out`.
    #[must_use]
    pub fn new(out: &Path) -> Self {
        Self { store: Store::new(out) }
    }

    /// Where the outcome of `cell` is kept.
    #[must_use]
    pub fn file(&self, cell: &Cell) -> PathBuf {
        self.store.file(&stem(cell), &cell.key)
    }

    /// Looks for the outcome of `cell`, and validates what it finds.
    ///
    /// # Errors
    /// If the file cannot be read, although it may be there.
    pub fn find(&self, cell: &Cell) -> Result<Lookup<Outcome>, RunError> {
        self.store.find(&cell.label(), &stem(cell), &cell.key)
    }

    /// Keeps the outcome of `cell`. A file that is there already stays; one that is damaged is replaced.
    ///
    /// # Errors
    /// If the file cannot be read or written, or one with another outcome is there.
    pub fn keep(&self, cell: &Cell, outcome: &Outcome) -> Result<(), RunError> {
        self.store.keep(&cell.label(), &stem(cell), &cell.key, outcome)
    }

    /// The outcome of `cell` in whichever of the folders `out` have it; a line that says what is wrong where it cannot be had.
    pub(crate) fn gather(out: &[PathBuf], cell: &Cell) -> Result<Outcome, String> {
        Store::gather(&Disk, out, &cell.label(), &stem(cell), &cell.key)
    }
}

fn stem(cell: &Cell) -> String {
    format!("{}-{}", cell.experiment, cell.seed)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::{
        experiment::ExperimentKind,
        key::Key,
        outcome::{EpochSummary, Validation},
        recipe::Recipe,
        split_series::SplitSeries,
    };
    use std::fs;

    fn cell() -> Cell {
        let recipe = Recipe::sample();
        let key = Key::new(
            ExperimentKind::Forecast,
            &recipe,
            51,
            &SplitSeries::new(vec![1.0, 2.0], 1),
        );
        Cell {
            experiment: "tiny".into(),
            kind: ExperimentKind::Forecast,
            seed: 51,
            recipe,
            key,
        }
    }

    fn outcome() -> Outcome {
        // 0.1 + 0.2 has no short decimal form: the file must give back its very bits.
        Outcome {
            parameters: 3,
            history: vec![EpochSummary {
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
        assert!(matches!(cache.find(&cell()).unwrap(), Lookup::Missing));
        cache.keep(&cell(), &outcome()).unwrap();
        let Lookup::Found(found) = cache.find(&cell()).unwrap() else {
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
        assert!(matches!(cache.keep(&cell(), &other), Err(RunError::Conflict { .. })));
        let Lookup::Found(found) = cache.find(&cell()).unwrap() else {
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
            (whole.replace("tiny, seed 51", "tiny, seed 52"), "another run"),
            (whole.replace("\"schema\":2", "\"schema\":7"), "schema 7"),
            (whole.replace(&cell().key.to_string(), "0123"), "another configuration"),
        ];
        for (text, why) in cases {
            fs::write(&file, text).unwrap();
            let Lookup::Unusable { reason, .. } = cache.find(&cell()).unwrap() else {
                panic!("{why}: was used")
            };
            assert!(reason.contains(why), "{why}: {reason}");
        }
    }
}
