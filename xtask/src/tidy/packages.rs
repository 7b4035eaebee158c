//! Rules of every crate as a package: what a registry shows of it, an example, one compiler version.

use std::{fs, io, path::Path};

/// What every manifest of a published crate says, in its own words or the workspace's.
const METADATA: [&str; 6] = [
    "description",
    "license",
    "keywords",
    "categories",
    "rust-version",
    "edition",
];

/// Every breach below `root`.
pub(super) fn faults(root: &Path) -> io::Result<Vec<String>> {
    let mut faults = Vec::new();
    let mut folders: Vec<_> = fs::read_dir(root.join("crates"))?.collect::<Result<_, _>>()?;
    folders.sort_by_key(fs::DirEntry::path);
    for folder in folders {
        let folder = folder.path();
        let name = super::name(root, &folder);
        let manifest: toml::Table = match fs::read_to_string(folder.join("Cargo.toml"))?.parse() {
            Ok(manifest) => manifest,
            Err(error) => {
                faults.push(format!("{name}/Cargo.toml: {error}"));
                continue;
            }
        };
        faults.extend(unsaid(&name, &manifest));
        let entry = ["src/lib.rs", "src/main.rs"].map(|file| fs::read_to_string(folder.join(file)).unwrap_or_default());
        if !folder.join("README.md").is_file() || !documented_by_readme(&entry) {
            faults.push(format!(
                "{name}: its README.md is its documentation: begin src/lib.rs with #![doc = include_str!(\"../README.md\")]"
            ));
        }
        for file in super::files(&folder.join("src"), "rs")? {
            let source = super::name(root, &file);
            faults.extend(left_behind(&source, &fs::read_to_string(&file)?));
        }
        let examples = fs::read_dir(folder.join("examples")).map_or(0, Iterator::count);
        if examples == 0 {
            faults.push(format!(
                "{name}: it needs an example in examples/ that prints something worth seeing"
            ));
        }
    }
    let toolchain = fs::read_to_string(root.join("rust-toolchain.toml"))?;
    let workspace = fs::read_to_string(root.join("Cargo.toml"))?;
    faults.extend(oldest_compiler(&workspace, &toolchain));
    Ok(faults)
}

fn documented_by_readme(entry: &[String]) -> bool {
    entry
        .iter()
        .any(|text| text.starts_with("#![doc = include_str!(\"../README.md\")]"))
}

/// Files that the source `name` compiles in and that lie outside of its crate: a package would not hold them.
fn left_behind(name: &str, text: &str) -> Vec<String> {
    // crates/zoo/src/model_file/file.rs lies two folders below its crate.
    let depth = name.split('/').count().saturating_sub(3);
    let mut faults = Vec::new();
    for (number, line) in text.lines().enumerate() {
        for start in ["include_str!(", "include_bytes!("] {
            let Some((_, rest)) = line.split_once(start) else {
                continue;
            };
            let path = rest.split('"').nth(1).unwrap_or_default();
            if path.matches("../").count() > depth {
                faults.push(format!(
                    "{name}:{}: {path} lies outside of the crate, so a package would not build",
                    number + 1
                ));
            }
        }
    }
    faults
}

/// What the manifest of the crate `name` leaves out.
fn unsaid(name: &str, manifest: &toml::Table) -> Vec<String> {
    let package = manifest.get("package").and_then(toml::Value::as_table);
    METADATA
        .iter()
        .filter(|key| package.is_none_or(|package| !package.contains_key(**key)))
        .map(|key| format!("{name}/Cargo.toml: [package] says no {key}"))
        .collect()
}

/// The oldest compiler that the manifests promise is the one that everything is tested with, so the promise holds.
fn oldest_compiler(workspace: &str, toolchain: &str) -> Option<String> {
    let value = |text: &str, path: [&str; 3]| -> Option<String> {
        let table: toml::Table = text.parse().ok()?;
        let mut value = table.get(path[0])?;
        for key in path[1..].iter().filter(|key| !key.is_empty()) {
            value = value.get(*key)?;
        }
        value.as_str().map(str::to_owned)
    };
    let promised = value(workspace, ["workspace", "package", "rust-version"]);
    let used = value(toolchain, ["toolchain", "channel", ""]);
    if let (Some(promised), Some(used)) = (&promised, &used)
        && (used == promised || used.starts_with(&format!("{promised}.")))
    {
        return None;
    }
    Some(format!(
        "Cargo.toml promises Rust {} and rust-toolchain.toml tests with {}: make them one",
        promised.unwrap_or_else(|| "of no version".to_owned()),
        used.unwrap_or_else(|| "none".to_owned())
    ))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_a_manifest_leaves_out_is_named() {
        let whole = "[package]\nname = \"a\"\ndescription = \"b\"\nlicense.workspace = true\nkeywords.workspace = true\n\
                     categories.workspace = true\nrust-version.workspace = true\nedition.workspace = true\n";
        assert_eq!(unsaid("crates/a", &whole.parse().unwrap()), Vec::<String>::new());
        let without = whole.replace("description = \"b\"\n", "");
        assert_eq!(unsaid("crates/a", &without.parse().unwrap()).len(), 1);
    }

    #[test]
    fn what_a_package_would_not_hold_is_named() {
        let count = |name: &str, text: &str| left_behind(name, text).len();
        assert_eq!(
            count("crates/zoo/src/lib.rs", "#![doc = include_str!(\"../README.md\")]"),
            0
        );
        assert_eq!(count("crates/zoo/src/lib.rs", "include_str!(\"../../x.csv\")"), 1);
        assert_eq!(
            count("crates/report/src/html/embed.rs", "include_str!(\"../../assets/a.js\")"),
            0
        );
        assert_eq!(
            count("crates/report/src/html/embed.rs", "include_bytes!(\"../../../a.js\")"),
            1
        );
    }

    #[test]
    fn one_compiler_is_promised_and_used() {
        let workspace = "[workspace.package]\nrust-version = \"1.95\"\n";
        let toolchain = |version: &str| format!("[toolchain]\nchannel = \"{version}\"\n");
        assert_eq!(oldest_compiler(workspace, &toolchain("1.95")), None);
        assert_eq!(oldest_compiler(workspace, &toolchain("1.95.0")), None);
        assert!(oldest_compiler(workspace, &toolchain("1.96")).is_some());
        assert!(oldest_compiler("", &toolchain("1.95")).is_some());
    }

    #[test]
    fn the_readme_is_the_documentation() {
        assert!(documented_by_readme(&[
            "#![doc = include_str!(\"../README.md\")]\n".to_owned()
        ]));
        assert!(!documented_by_readme(&["//! Something else.\n".to_owned()]));
    }
}
