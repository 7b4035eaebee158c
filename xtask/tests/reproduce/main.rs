//! The command `reproduce`, from outside: a tiny matrix, its files, its exit codes.

#![allow(clippy::unwrap_used)]

mod check;
mod kept;
mod refused;
mod written;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};
use tempfile::TempDir;

fn tiny() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tiny.toml")
}

fn reproduce(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command
        .arg("reproduce")
        .arg("--matrix")
        .arg(tiny())
        .args(arguments)
        .output()
        .unwrap()
}

/// Runs the tiny matrix with two seeds into a fresh folder.
fn whole(extra: &[&str]) -> (TempDir, Output) {
    let folder = tempfile::tempdir().unwrap();
    let output = again(folder.path(), extra);
    (folder, output)
}

fn again(out: &Path, extra: &[&str]) -> Output {
    let mut arguments = vec!["--seeds", "2", "--out", out.to_str().unwrap()];
    arguments.extend(extra);
    let output = reproduce(&arguments);
    assert!(output.status.success(), "{}", text(&output.stderr));
    output
}

fn results(folder: &Path) -> Vec<u8> {
    fs::read(folder.join("results.json")).unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
