//! The layer rule: each crate uses only crates above it in the list of `docs/architecture.md`.

use std::{collections::BTreeMap, fs, io, path::Path};

/// For every crate the crates of this workspace that it may name, besides those that these may name in turn. Development
/// dependencies keep the rule too.
const MAY_USE: [(&str, &[&str]); 11] = [
    ("recurra-kernels", &[]),
    ("recurra-objects", &[]),
    ("recurra-series", &[]),
    ("recurra-models", &["recurra-kernels"]),
    ("recurra-training", &["recurra-models", "recurra-series"]),
    ("recurra-evaluation", &["recurra-series"]),
    ("recurra-zoo", &["recurra-training", "recurra-evaluation"]),
    ("recurra-interchange", &["recurra-zoo"]),
    ("recurra-report", &["recurra-series"]),
    ("recurra-runs", &["recurra-zoo", "recurra-report"]),
    ("recurra", &["recurra-runs", "recurra-interchange", "recurra-objects"]),
];

/// Dependencies that one crate alone may name, and why.
const ALONE: [(&str, &str, &str); 2] = [
    ("polars", "recurra-series", "it takes minutes to compile"),
    (
        "dfdx",
        "recurra-models",
        "everything below the models knows networks, not tensors",
    ),
];

/// Every breach below `root`.
pub(super) fn faults(root: &Path) -> io::Result<Vec<String>> {
    let mut faults = Vec::new();
    let mut folders: Vec<_> = fs::read_dir(root.join("crates"))?.collect::<Result<_, _>>()?;
    folders.sort_by_key(fs::DirEntry::path);
    let manifests = folders.iter().map(|folder| folder.path()).chain([root.join("xtask")]);
    for folder in manifests {
        let file = folder.join("Cargo.toml");
        let name = file
            .strip_prefix(root)
            .unwrap_or(&file)
            .to_string_lossy()
            .replace('\\', "/");
        faults.extend(breaches(&name, &fs::read_to_string(&file)?));
    }
    Ok(faults)
}

/// Every breach of the manifest `text` of the file `file`.
fn breaches(file: &str, text: &str) -> Vec<String> {
    let manifest: toml::Table = match text.parse() {
        Ok(manifest) => manifest,
        Err(error) => return vec![format!("{file}: {error}")],
    };
    let package = manifest
        .get("package")
        .and_then(|package| package.get("name"))
        .and_then(toml::Value::as_str);
    let package = package.unwrap_or_default();
    let layers: BTreeMap<&str, &[&str]> = MAY_USE.into_iter().collect();
    let mut faults = Vec::new();
    if !layers.contains_key(package) && package != "xtask" {
        faults.push(format!(
            "{file}: {package} has no layer: give it one in docs/architecture.md and xtask/src/tidy/layers.rs"
        ));
    }
    for dependency in dependencies(&manifest) {
        let sibling = layers.contains_key(dependency.as_str());
        if sibling && package != "xtask" && !reaches(&layers, package, &dependency) {
            faults.push(format!(
                "{file}: {package} may not use {dependency}, which is not above it in docs/architecture.md"
            ));
        }
        for (name, owner, reason) in ALONE {
            if dependency == name && package != owner {
                faults.push(format!("{file}: {name} may be named by {owner} alone: {reason}"));
            }
        }
    }
    faults
}

/// The names in all dependency tables of `manifest`.
fn dependencies(manifest: &toml::Table) -> Vec<String> {
    let tables = ["dependencies", "dev-dependencies", "build-dependencies"];
    let plain = tables.iter().filter_map(|table| manifest.get(*table));
    let targets = manifest
        .get("target")
        .and_then(toml::Value::as_table)
        .into_iter()
        .flat_map(toml::Table::values);
    let by_target = targets.flat_map(|target| tables.iter().filter_map(|table| target.get(*table)));
    plain
        .chain(by_target)
        .filter_map(toml::Value::as_table)
        .flat_map(|table| table.keys().cloned())
        .collect()
}

/// Whether `from` may name `to`: directly, or because what it may use may use it.
fn reaches(layers: &BTreeMap<&str, &[&str]>, from: &str, to: &str) -> bool {
    let next = layers.get(from).copied().unwrap_or_default();
    next.iter().any(|name| *name == to || reaches(layers, name, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_passes_and_what_may_not_is_named() {
        let manifest = |package: &str, table: &str, dependency: &str| {
            breaches(
                "Cargo.toml",
                &format!("[package]\nname = \"{package}\"\n[{table}]\n{dependency}.workspace = true\n"),
            )
        };
        for (package, dependency) in [
            ("recurra-runs", "recurra-kernels"),
            ("recurra-zoo", "recurra-series"),
            ("xtask", "recurra-kernels"),
            ("recurra-series", "polars"),
            ("recurra-series", "libm"),
        ] {
            assert_eq!(manifest(package, "dependencies", dependency), Vec::<String>::new());
        }
        for (package, table, dependency) in [
            ("recurra-kernels", "dependencies", "recurra-series"),
            ("recurra-series", "dev-dependencies", "recurra-models"),
            ("recurra-evaluation", "dependencies", "recurra-training"),
            ("recurra-report", "target.'cfg(unix)'.dependencies", "recurra-runs"),
            ("recurra-zoo", "dependencies", "polars"),
            ("recurra-training", "dependencies", "dfdx"),
            ("recurra-new", "dependencies", "libm"),
        ] {
            assert_eq!(manifest(package, table, dependency).len(), 1, "{package} {dependency}");
        }
    }
}
