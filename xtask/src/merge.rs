//! `cargo xtask merge`: the shares of several machines become what one machine would have made.

use crate::{
    failure::Failure,
    publish::{Reproduction, publish},
};
use recurra_runs::{Cache, merge};
use std::path::PathBuf;

/// Merge the output folders of `reproduce --partition` into one, with the bytes that one machine gives.
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    /// The folders; together they hold every run of their plan
    #[arg(required = true, value_name = "FOLDER")]
    folders: Vec<PathBuf>,
    /// The output folder
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    /// No table
    #[arg(long, short)]
    quiet: bool,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let merged = merge(&arguments.folders)?;
    merged.manifest.write(&arguments.out)?;
    let cache = Cache::new(&arguments.out);
    for (cell, finished) in merged.manifest.plan.cells.iter().zip(&merged.finished) {
        cache.keep(cell, &finished.outcome)?;
    }
    let names: Vec<String> = arguments
        .folders
        .iter()
        .map(|folder| folder.display().to_string())
        .collect();
    let done = Reproduction {
        manifest: merged.manifest,
        finished: merged.finished,
        command: format!(
            "cargo xtask merge {} --out {}",
            names.join(" "),
            arguments.out.display()
        ),
        jobs: 0,
        seconds: 0.0,
    };
    publish(&done, &arguments.out, arguments.quiet)
}
