//! `cargo xtask tidy`: the rules of this workspace that neither the compiler nor clippy knows. The same checks run as a test.

mod book;
mod generated;
mod layers;
mod markdown;
mod packages;
mod sources;

use crate::{failure::Failure, workspace};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// Check the rules of this workspace: layers, where unsafe and polars may be, module docs, file sizes, no debugging output, packages,
/// links and samples of the book, pages that are made from the code.
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    /// Write the pages that are made from the code first
    #[arg(long)]
    write: bool,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let root = workspace::root();
    if arguments.write {
        generated::write(&root).map_err(|error| Failure::Failed(format!("could not write a page: {error}")))?;
    }
    let faults = faults(&root).map_err(|error| Failure::Failed(format!("could not read the workspace: {error}")))?;
    if faults.is_empty() {
        println!("tidy");
        return Ok(());
    }
    Err(Failure::Found(faults.join("\n")))
}

/// Every breach of a rule below `root`, one line each: where, and what to do.
fn faults(root: &Path) -> io::Result<Vec<String>> {
    let mut faults = layers::faults(root)?;
    for folder in ["crates", "xtask"] {
        for file in files(&root.join(folder), "rs")? {
            faults.extend(sources::faults(&name(root, &file), &fs::read_to_string(&file)?));
        }
    }
    faults.extend(packages::faults(root)?);
    faults.extend(book::faults(root)?);
    faults.extend(generated::faults(root)?);
    Ok(faults)
}

/// The path of `file` from the root, with `/` between its parts.
fn name(root: &Path, file: &Path) -> String {
    file.strip_prefix(root)
        .unwrap_or(file)
        .to_string_lossy()
        .replace('\\', "/")
}

/// All files below `folder` with the extension `extension`, sorted; build outputs are left out.
fn files(folder: &Path, extension: &str) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() && path.file_name().is_some_and(|name| name != "target") {
                open.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_workspace_is_tidy() {
        let faults = faults(&workspace::root()).unwrap();
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }
}
