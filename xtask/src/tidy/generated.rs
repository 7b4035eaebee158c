//! Pages of the book that are made from the code: compared with what stands, or written with `--write`.
//!
//! The pages of commands and of bad inputs are made by the tests that run the programs, because only those see what the programs say.

mod library_errors;
mod models;

use recurra_series::write_beside;
use std::{fs, io, path::Path};

/// The pages, each with what it should say.
fn pages(root: &Path) -> io::Result<[(&'static str, String); 2]> {
    Ok([
        ("docs/models.md", models::page().map_err(io::Error::other)?),
        ("docs/library-errors.md", library_errors::page(root)?),
    ])
}

/// Every page that is out of date.
pub(super) fn faults(root: &Path) -> io::Result<Vec<String>> {
    let mut faults = models::undescribed();
    for (name, text) in pages(root)? {
        let stands = fs::read_to_string(root.join(name)).unwrap_or_default();
        if stands.replace('\r', "") != text {
            faults.push(format!(
                "{name}: out of date; make it again with cargo xtask tidy --write"
            ));
        }
    }
    Ok(faults)
}

/// Writes the pages.
pub(super) fn write(root: &Path) -> io::Result<()> {
    for (name, text) in pages(root)? {
        write_beside(&root.join(name), text.as_bytes())?;
    }
    Ok(())
}
