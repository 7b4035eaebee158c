//! The workflow that is shipped in `examples/forecast-gate/`: it is YAML, the book shows it as it is, and its gate opens and closes.

#![allow(clippy::unwrap_used)]

mod support;

use std::path::{Path, PathBuf};
use std::process::Command;

use support::{run, succeed};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap().replace('\r', "")
}

fn workflow() -> String {
    read("examples/forecast-gate/forecasts.yml")
}

/// The command of the folded block (`run: >-`) that calls the program.
fn command(workflow: &str) -> String {
    let block = workflow.split("run: >-\n").nth(1).unwrap();
    let indent = block.len() - block.trim_start().len();
    let lines = block
        .lines()
        .take_while(|line| line.len() - line.trim_start().len() == indent);
    lines.map(str::trim).collect::<Vec<_>>().join(" ")
}

#[test]
fn the_gate_opens_for_good_forecasts_and_closes_for_bad_ones() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    succeed(folder, "generate --preset daily --length 1000 -o sales.csv");
    let command = command(&workflow());
    assert!(command.contains("--assert 'mae<=12'"), "{command}");

    let output = run(folder, command.strip_prefix("recurra ").unwrap());
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(folder.join("backtest.html").is_file() && folder.join("backtest.parquet").is_file());

    let output = run(
        folder,
        &command.strip_prefix("recurra ").unwrap().replace("mae<=12", "mae<=8"),
    );
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("mae<=8 does not hold for theta: mae is 8.129"), "{said}");
}

#[test]
fn the_book_shows_the_workflow_as_it_is_shipped() {
    let page = read("docs/how-to/ci-gate.md");
    let shown = page.split("```yaml\n").nth(1).unwrap().split("```").next().unwrap();
    assert_eq!(shown, workflow());
}

/// With Python's yaml, where it is there: `python3`, or what `RECURRA_PYTHON` names.
#[test]
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn the_workflow_is_yaml() {
    let python = std::env::var_os("RECURRA_PYTHON").unwrap_or_else(|| "python3".into());
    let has_yaml = Command::new(&python).args(["-c", "import yaml"]).output();
    if !has_yaml.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: no Python with yaml");
        return;
    }
    let script =
        "import sys, yaml; steps = yaml.safe_load(open(sys.argv[1]))['jobs']['gate']['steps']; print(steps[2]['run'])";
    let file = root().join("examples/forecast-gate/forecasts.yml");
    let output = Command::new(&python).args(["-c", script]).arg(file).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), command(&workflow()));
}
