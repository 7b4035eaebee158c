//! `plan.json`: what an output folder was made for, so that folders of several machines can be merged.

use crate::{
    error::RunError,
    files::write_file,
    key::{CODE_DIGEST, Key},
    matrix::Matrix,
    plan::Plan,
    problems::MergeProblem,
    split_series::SplitSeries,
};
use serde::{Deserialize, Serialize};
use std::{fs, path::Path};

/// The version of the layout of `plan.json`.
const PLAN_SCHEMA: u32 = 1;
/// The file's name in an output folder.
const FILE: &str = "plan.json";

/// Everything that the folders of one reproduction have in common: the matrix, and all its cells, also those that other
/// machines run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The version of this layout.
    pub schema: u32,
    /// The digest of the code that the keys were made with.
    pub code: String,
    /// The digest of the series.
    pub data: String,
    /// The matrix.
    pub matrix: Matrix,
    /// All cells.
    pub plan: Plan,
}

impl Manifest {
    /// The manifest of `plan`.
    #[must_use]
    pub fn new(matrix: &Matrix, plan: &Plan, data: &SplitSeries) -> Self {
        Self {
            schema: PLAN_SCHEMA,
            code: CODE_DIGEST.to_string(),
            data: data.digest.clone(),
            matrix: matrix.clone(),
            plan: plan.clone(),
        }
    }

    /// Writes `plan.json` into `folder`.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn write(&self, folder: &Path) -> Result<(), RunError> {
        let file = folder.join(FILE);
        let text = serde_json::to_string_pretty(self).map_err(|error| RunError::io("write", &file, error.into()))?;
        write_file(&file, (text + "\n").as_bytes())
    }

    /// Reads `plan.json` from `folder` and validates it: this code made it, and every key is that of its cell.
    ///
    /// # Errors
    /// If the file cannot be read, or does not fit.
    pub fn read(folder: &Path) -> Result<Self, RunError> {
        let file = folder.join(FILE);
        let bytes = fs::read(&file).map_err(|source| RunError::io("read", &file, source))?;
        let wrong = |problem| RunError::Merge {
            folder: folder.to_path_buf(),
            problem,
        };
        let manifest: Self = serde_json::from_slice(&bytes).map_err(|error| wrong(MergeProblem::Plan(error)))?;
        manifest.validate().map_err(wrong)?;
        Ok(manifest)
    }

    fn validate(&self) -> Result<(), MergeProblem> {
        if self.schema != PLAN_SCHEMA {
            return Err(MergeProblem::Schema { found: self.schema });
        }
        if self.code != CODE_DIGEST {
            return Err(MergeProblem::Code);
        }
        let data = self.matrix.data.load();
        if self.data != data.digest {
            return Err(MergeProblem::Data);
        }
        let forged = self
            .plan
            .cells
            .iter()
            .find(|cell| cell.key != Key::new(cell.kind, &cell.recipe, cell.seed, &data));
        forged.map_or(Ok(()), |cell| Err(MergeProblem::Key { cell: cell.label() }))
    }
}
