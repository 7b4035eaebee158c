//! Digests the sources that decide what a training run computes, so that a cached run is never taken up by other code.
//!
//! The digest covers names relative to the workspace and contents with `\n` line ends: it does not depend on where the
//! checkout lies, nor on how git writes line ends there.

use sha2::{Digest, Sha256};
use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

/// The crates on the path from a seed to a metric.
const TRAINING_PATH: [&str; 7] = ["evaluation", "kernels", "models", "runs", "series", "training", "zoo"];

fn main() -> io::Result<()> {
    let manifest = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or(io::ErrorKind::NotFound)?);
    let digest = match workspace_root(&manifest) {
        Some(root) => digest_sources(&root)?,
        // A published crate stands without its workspace: there all crates carry one version.
        None => env::var("CARGO_PKG_VERSION").unwrap_or_default(),
    };
    println!("cargo:rustc-env=RECURRA_CODE_DIGEST={digest}");
    println!("cargo:rerun-if-changed=build.rs");
    Ok(())
}

/// The folder with `Cargo.lock` and all crates of the training path, if this crate lies in its workspace.
fn workspace_root(manifest: &Path) -> Option<PathBuf> {
    let root = manifest.parent()?.parent()?;
    let whole = root.join("Cargo.lock").is_file()
        && TRAINING_PATH
            .iter()
            .all(|name| root.join("crates").join(name).join("src").is_dir());
    whole.then(|| root.to_path_buf())
}

fn digest_sources(root: &Path) -> io::Result<String> {
    let mut files = vec![root.join("Cargo.lock")];
    println!("cargo:rerun-if-changed={}", files[0].display());
    for name in TRAINING_PATH {
        let folder = root.join("crates").join(name).join("src");
        println!("cargo:rerun-if-changed={}", folder.display());
        collect(&folder, &mut files)?;
    }
    let mut named: Vec<(String, PathBuf)> = files
        .into_iter()
        .map(|file| (portable_name(root, &file), file))
        .collect();
    named.sort();

    let mut hasher = Sha256::new();
    for (name, file) in named {
        let text = fs::read(&file)?;
        let text: Vec<u8> = text.into_iter().filter(|byte| *byte != b'\r').collect();
        hasher.update((name.len() as u64).to_le_bytes());
        hasher.update(name.as_bytes());
        hasher.update((text.len() as u64).to_le_bytes());
        hasher.update(&text);
    }
    Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// All files below `folder`.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), files)?;
        } else {
            files.push(entry.path());
        }
    }
    Ok(())
}

/// The path below the workspace with `/` between its parts.
fn portable_name(root: &Path, file: &Path) -> String {
    let below = file.strip_prefix(root).unwrap_or(file);
    let parts: Vec<_> = below
        .components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect();
    parts.join("/")
}
