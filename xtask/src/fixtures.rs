//! `cargo xtask fixtures`: makes what Keras computes for the golden tests again, and shows what moved.

use crate::{failure::Failure, workspace};
use std::process::Command;

/// Make the golden fixtures again with Keras, in a temporary folder, and show what moved.
///
/// Needs Python with the packages of xtask/fixtures/requirements.txt: python3, or what RECURRA_PYTHON names.
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {}

/// Runs the command.
pub(crate) fn run(_: &Arguments) -> Result<(), Failure> {
    let python = workspace::python();
    let script = workspace::root().join("xtask/fixtures/make.py");
    let status = Command::new(&python).arg(&script).arg("--diff").status();
    let status =
        status.map_err(|error| Failure::Failed(format!("{} does not start: {error}", python.to_string_lossy())))?;
    if status.success() {
        Ok(())
    } else {
        Err(Failure::Found(format!("{}: {status}", script.display())))
    }
}
