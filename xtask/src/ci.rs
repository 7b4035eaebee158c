//! `cargo xtask ci`: the checks that a change must pass, the same script that the forge runs.

use crate::{failure::Failure, workspace};
use std::process::Command;

/// Run every check that a change must pass: the same as .ci/run.
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {}

/// Runs the command.
pub(crate) fn run(_: &Arguments) -> Result<(), Failure> {
    let script = workspace::root().join(".ci/run");
    let status = Command::new("bash")
        .arg(&script)
        .current_dir(workspace::root())
        .status();
    let status = status.map_err(|error| Failure::Failed(format!("could not start {}: {error}", script.display())))?;
    if status.success() {
        Ok(())
    } else {
        Err(Failure::Found(format!("{}: {status}", script.display())))
    }
}
