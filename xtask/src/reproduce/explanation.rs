//! What `--check` says of figures that moved: which commit's snapshot they were held against, and how far from the distribution over
//! seeds they lie.

use recurra_report::records::Results;
use recurra_runs::{Moved, explain, snapshot};
use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// Where the results of many seeds are kept: beside the snapshot of one.
pub(super) fn seeds_file(snapshot: &Path) -> PathBuf {
    snapshot.with_file_name("seeds.snap")
}

/// What to make of `moved`, figures that are not those of `snapshot` (its results are `expected`).
pub(super) fn explanation(moved: &[Moved], snapshot: &Path, expected: &Results) -> String {
    let file = seeds_file(snapshot);
    let Ok(seeds) = snapshot::read(&file) else {
        return "No results of many seeds are kept beside the snapshot (`--with ours --accept-seeds` makes them), so how far a seed would move these \
                figures cannot be said.\n"
            .to_owned();
    };
    let paragraphs = explain(moved, &seeds);
    if paragraphs.is_empty() {
        return "None of these figures differs from seed to seed, so there is no distribution to hold them against.\n"
            .to_owned();
    }
    let mut text = format!(
        "Beside the seeds of {}:\n- {}\n",
        provenance(&file),
        paragraphs.join("\n- ")
    );
    if !agree(expected, &seeds) {
        text += "The seeds and the snapshot differ in runs that both hold, so one of them is older. `cargo xtask reproduce --with ours --accept-seeds` makes them anew.\n";
    }
    text
}

/// Whether runs that stand in both are the same.
pub(super) fn agree(one: &Results, other: &Results) -> bool {
    one.runs.iter().all(|run| {
        let twin = other
            .runs
            .iter()
            .find(|twin| (&twin.experiment, twin.seed) == (&run.experiment, run.seed));
        twin.is_none_or(|twin| twin == run)
    })
}

/// A file and the commit that it is of: `reference.snap (commit 1a2b3c4 of 2026-11-25)`.
pub(super) fn provenance(file: &Path) -> String {
    let shown = file
        .file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command.current_dir(file.parent()?).args(arguments);
        let output = command.output().ok().filter(|output| output.status.success())?;
        String::from_utf8(output.stdout).ok().map(|text| text.trim().to_owned())
    };
    // In a shallow clone every file seems to be of the one commit that it has.
    if git(&["rev-parse", "--is-shallow-repository"]).is_some_and(|shallow| shallow == "true") {
        return format!("{shown} (of which commit a shallow clone does not tell)");
    }
    let commit = git(&["log", "-1", "--format=commit %h of %cs", "--", &shown]).filter(|commit| !commit.is_empty());
    let changed = git(&["status", "--porcelain", "--", &shown]).is_some_and(|status| !status.is_empty());
    match (commit, changed) {
        (Some(commit), false) => format!("{shown} ({commit})"),
        (Some(commit), true) => format!("{shown} ({commit}, changed since)"),
        (None, _) => format!("{shown} (of no commit)"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::workspace;

    #[test]
    fn the_seeds_are_as_new_as_the_snapshots() {
        let seeds = snapshot::read(&seeds_file(&workspace::snapshot())).unwrap();
        for file in ["reference.snap", "ours.snap"] {
            let snapshot = snapshot::read(&workspace::snapshot().with_file_name(file)).unwrap();
            assert!(
                agree(&snapshot, &seeds),
                "{file}: run `cargo xtask reproduce --with ours --accept-seeds`"
            );
            for run in &snapshot.runs {
                let count = seeds
                    .runs
                    .iter()
                    .filter(|other| other.experiment == run.experiment)
                    .count();
                assert!(count >= 40, "{}: {count}", run.experiment);
            }
        }
    }

    #[test]
    fn a_file_is_of_its_commit_or_of_none() {
        if Command::new("git").arg("--version").output().is_err() {
            eprintln!("skipped: there is no git");
            return;
        }
        let folder = tempfile::tempdir().unwrap();
        let git = |arguments: &[&str]| {
            let mut command = Command::new("git");
            command
                .current_dir(folder.path())
                .args(["-c", "user.name=a", "-c", "user.email=a@example.org"]);
            assert!(
                command.args(arguments).output().unwrap().status.success(),
                "{arguments:?}"
            );
        };
        let file = folder.path().join("reference.snap");
        std::fs::write(&file, "1").unwrap();
        assert_eq!(provenance(&file), "reference.snap (of no commit)");
        git(&["init", "-q"]);
        git(&["add", "."]);
        git(&["commit", "-q", "-m", "first", "--date", "2026-01-02T00:00:00Z"]);
        assert!(
            provenance(&file).starts_with("reference.snap (commit "),
            "{}",
            provenance(&file)
        );
        std::fs::write(&file, "2").unwrap();
        assert!(provenance(&file).ends_with(", changed since)"), "{}", provenance(&file));
    }
}
