//! `cargo xtask compare`: two results.json side by side.

use crate::failure::Failure;
use recurra_report::{compare, records::Results};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Compare two results as a Markdown table: medians, the seeds that both have, and how many runs are equal to the last bit.
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    /// A results.json, or the folder that holds one
    a: PathBuf,
    /// Another one
    b: PathBuf,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    print!("{}", compare(&read(&arguments.a)?, &read(&arguments.b)?));
    Ok(())
}

fn read(path: &Path) -> Result<Results, Failure> {
    let file = if path.is_dir() {
        path.join("results.json")
    } else {
        path.to_path_buf()
    };
    let wrong = |error: &dyn std::fmt::Display| Failure::Usage(format!("{}: {error}", file.display()));
    let bytes = fs::read(&file).map_err(|error| wrong(&error))?;
    serde_json::from_slice(&bytes).map_err(|error| wrong(&error))
}
