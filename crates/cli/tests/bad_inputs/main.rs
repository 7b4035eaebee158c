//! Bad inputs, run through the real program: exit code 2, one message that says what to do, and nothing half-written.
//!
//! `docs/errors.md` is made from this table: `RECURRA_WRITE_DOCS=1 cargo test -p recurra --test bad_inputs`.

#![allow(clippy::unwrap_used)]

#[path = "../support/mod.rs"]
mod support;

mod cases;
mod fixtures;

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

use cases::Case;

use support::run;

fn listing(folder: &Path) -> BTreeSet<String> {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect()
}

/// Runs a case and gives its message, after all that holds for every case was checked.
fn message(case: &Case, good: &Path) -> Result<String, String> {
    let folder = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(good).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
    }
    (case.prepare)(folder.path());
    let before = listing(folder.path());
    let output = run(folder.path(), case.command);
    let said = String::from_utf8(output.stderr).map_err(|error| error.to_string())?;
    if output.status.code() != Some(2) {
        return Err(format!("exit code {:?}, standard error: {said}", output.status.code()));
    }
    let errors = said.lines().filter(|line| line.starts_with("error:")).count();
    if errors != 1 {
        return Err(format!("{errors} messages: {said}"));
    }
    let after = listing(folder.path());
    if before != after {
        return Err(format!(
            "files left behind: {:?}",
            after.difference(&before).collect::<Vec<_>>()
        ));
    }
    // From the message on: what stands before it says what was found in the data.
    let message = said[said.find("error:").unwrap_or(0)..].trim_end().to_owned();
    // Of a wrong command line clap shows the usage too.
    let message = message
        .split("\n\nUsage:")
        .next()
        .unwrap_or(&message)
        .trim_end()
        .to_owned();
    for part in case.says {
        if !message.contains(part) {
            return Err(format!("the message lacks {part:?}: {message}"));
        }
    }
    Ok(message)
}

#[test]
fn every_bad_input_has_one_message_that_says_what_to_do() {
    assert!(cases::all().count() >= 40);
    let good = fixtures::folder();
    let mut problems = String::new();
    let mut document = String::from(
        "# Errors\n\nWhat `recurra` says to bad input, each with exit code 2 and nothing written. This page is made by the \
         tests: `RECURRA_WRITE_DOCS=1 cargo test -p recurra --test bad_inputs`. What each library may say is in \
         [Errors of the libraries](library-errors.md).\n",
    );
    for case in cases::all() {
        match message(case, good.path()) {
            Ok(message) => write!(
                document,
                "\n## {}\n\n```console\n$ recurra {}\n{message}\n```\n",
                case.title, case.command
            )
            .unwrap(),
            Err(problem) => writeln!(problems, "{} (recurra {}): {problem}", case.title, case.command).unwrap(),
        }
    }
    assert!(problems.is_empty(), "{problems}");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/errors.md");
    if std::env::var_os("RECURRA_WRITE_DOCS").is_some() {
        std::fs::write(&path, &document).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == document,
        "docs/errors.md is out of date; make it again with RECURRA_WRITE_DOCS=1"
    );
}
