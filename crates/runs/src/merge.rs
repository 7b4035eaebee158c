//! Merges the output folders of several machines into what one machine would have made.

use crate::{cache::Cache, engine::Finished, error::RunError, manifest::Manifest, problems::MergeProblem};
use std::path::PathBuf;

/// All cells of one plan, gathered from several folders.
#[derive(Debug)]
#[non_exhaustive]
pub struct Merged {
    /// The plan.
    pub manifest: Manifest,
    /// What every cell yielded, in the order of the plan.
    pub finished: Vec<Finished>,
}

/// Gathers the cells of the one plan that all `folders` belong to.
///
/// # Errors
/// If a folder has no valid plan or another one than the first, or if cells are missing, damaged, or differ between two
/// folders: the error lists them all.
pub fn merge(folders: &[PathBuf]) -> Result<Merged, RunError> {
    let mut manifests = folders
        .iter()
        .map(|folder| Manifest::read(folder).map(|manifest| (folder, manifest)));
    let Some(first) = manifests.next() else {
        return Err(RunError::NothingToMerge);
    };
    let (first_folder, manifest) = first?;
    for other in manifests {
        let (folder, other) = other?;
        if other != manifest {
            return Err(RunError::Merge {
                folder: folder.clone(),
                problem: MergeProblem::OtherPlan,
            });
        }
    }
    let mut faults = Vec::new();
    let mut finished = Vec::new();
    for cell in &manifest.plan.cells {
        match Cache::gather(folders, cell) {
            Ok(outcome) => finished.push(Finished { outcome, seconds: None }),
            Err(fault) => faults.push(format!("  {}: {fault}", cell.label())),
        }
    }
    if !faults.is_empty() {
        return Err(RunError::Merge {
            folder: first_folder.clone(),
            problem: MergeProblem::Cells { faults },
        });
    }
    Ok(Merged { manifest, finished })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::{Outcome, Plan, matrix::Matrix};

    /// Two folders of one plan of one cell, each with its own outcome.
    fn folders(parameters: [usize; 2]) -> (tempfile::TempDir, Vec<PathBuf>) {
        let folder = tempfile::tempdir().unwrap();
        let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../xtask/matrix.toml")).unwrap();
        let matrix = Matrix::parse(&text).unwrap();
        let data = matrix.data.load();
        let plan = Plan::new(&matrix.select(&["bilstm-1".into()]).unwrap(), &[51], &data);
        let make = |(number, parameters): (usize, usize)| {
            let out = folder.path().join(number.to_string());
            Manifest::new(&matrix, &plan, &data).write(&out).unwrap();
            let outcome = Outcome {
                parameters,
                history: vec![],
                diverged: Some(0),
                validation: None,
            };
            Cache::new(&out).keep(&plan.cells[0], &outcome).unwrap();
            out
        };
        let paths = parameters.into_iter().enumerate().map(make).collect();
        (folder, paths)
    }

    #[test]
    fn equal_results_merge_and_different_ones_are_listed() {
        let (_folder, paths) = folders([7, 7]);
        assert_eq!(merge(&paths).unwrap().finished[0].outcome.parameters, 7);
        let (_folder, paths) = folders([7, 8]);
        let error = merge(&paths).unwrap_err().to_string();
        assert!(error.contains("bilstm-1, seed 51: different results in"), "{error}");
        assert!(matches!(merge(&[]), Err(RunError::NothingToMerge)));
    }
}
