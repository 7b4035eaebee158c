//! `cargo xtask compare`: two results.json side by side.

use crate::{failure::Failure, json_file};
use recurra_report::{compare, records::Results};
use std::path::{Path, PathBuf};

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
    json_file::read(&file)
}
