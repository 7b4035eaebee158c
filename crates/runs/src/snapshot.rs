//! The committed snapshot: the exact results of some seeds, in the file that insta compares with in the tests.

use crate::{assemble::results_json, error::RunError, files::write_file};
use recurra_report::records::Results;
use std::{collections::BTreeSet, fs, path::Path};

/// What stands between an insta snapshot's header and its content.
const RULE: &str = "---\n";

/// Reads the results in an insta snapshot `file`.
///
/// # Errors
/// If the file cannot be read, or its content is not the records of `results.json`.
pub fn read(file: &Path) -> Result<Results, RunError> {
    let text = fs::read_to_string(file)
        .map_err(|source| RunError::io("read", file, source))?
        .replace("\r\n", "\n");
    let wrong = |message: String| RunError::Snapshot {
        file: file.to_path_buf(),
        message,
    };
    let content = text
        .strip_prefix(RULE)
        .and_then(|rest| rest.split_once(RULE))
        .map(|(_, content)| content);
    let content = content.ok_or_else(|| wrong("it has no header between two lines of ---".into()))?;
    serde_json::from_str(content).map_err(|error| wrong(error.to_string()))
}

/// What a snapshot holds of `results`: all but claims and distributions, which follow from the rest.
///
/// # Errors
/// As [`results_json`].
pub fn to_json(results: &Results) -> Result<String, RunError> {
    results_json(&Results {
        claims: Vec::new(),
        distributions: Vec::new(),
        ..results.clone()
    })
}

/// Writes `results` as an insta snapshot `file` of the test file `source` (a path from the workspace's root).
///
/// # Errors
/// If the file cannot be written.
pub fn write(file: &Path, source: &str, results: &Results) -> Result<(), RunError> {
    let text = format!("{RULE}source: {source}\n{RULE}{}", to_json(results)?);
    write_file(file, text.as_bytes())
}

/// The seeds of `results`, by rising number.
#[must_use]
pub fn seeds(results: &Results) -> Vec<u64> {
    let runs = results.runs.iter().map(|run| run.seed);
    let all: BTreeSet<u64> = runs.chain(results.rate_sweep.iter().map(|point| point.seed)).collect();
    all.into_iter().collect()
}

/// What becomes of the points of a learning-rate sweep, which do not say of which experiment they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RateSweep {
    /// Those of the seeds that are asked for stay.
    Kept,
    /// None stays.
    LeftOut,
}

/// The part of `results` that belongs to `seeds` and to the experiments for which `keep` holds.
#[must_use]
pub fn part(results: &Results, seeds: &[u64], keep: impl Fn(&str) -> bool, rate_sweep: RateSweep) -> Results {
    let mut part = results.clone();
    part.runs
        .retain(|run| seeds.contains(&run.seed) && keep(&run.experiment));
    part.rate_sweep
        .retain(|point| rate_sweep == RateSweep::Kept && seeds.contains(&point.seed));
    part
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use recurra_report::records::RateSweepPoint;

    fn results() -> Results {
        let point = |seed| RateSweepPoint {
            seed,
            epoch: 0,
            lr: 1e-8,
            loss: Some(1.0 / 3.0),
        };
        Results {
            schema: 1,
            runs: vec![],
            rate_sweep: vec![point(51), point(2)],
            baselines: Default::default(),
            claims: vec![],
            distributions: vec![],
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("reference.snap");
        write(&file, "tests/reference.rs", &results()).unwrap();
        assert_eq!(read(&file).unwrap(), results());
        assert_eq!(seeds(&results()), [2, 51]);
        assert_eq!(part(&results(), &[51], |_| true, RateSweep::Kept).rate_sweep.len(), 1);
        assert!(
            part(&results(), &[51], |_| true, RateSweep::LeftOut)
                .rate_sweep
                .is_empty()
        );
    }

    #[test]
    fn a_file_without_header_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("reference.snap");
        fs::write(&file, "{}").unwrap();
        assert!(read(&file).unwrap_err().to_string().contains("header"));
    }
}
