//! Where things lie in this workspace.

use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
};

/// The workspace's root folder. `cargo run` says where the package lies now; a binary started by hand falls back on where
/// it was built.
pub(crate) fn root() -> PathBuf {
    let package =
        env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    let built = Path::new(env!("CARGO_MANIFEST_DIR"));
    let package = if package.join("matrix.toml").is_file() {
        package
    } else {
        built.to_path_buf()
    };
    package.parent().map_or_else(PathBuf::new, Path::to_path_buf)
}

/// The matrix of the tutorial's experiments.
pub(crate) fn matrix() -> PathBuf {
    root().join("xtask/matrix.toml")
}

/// The exact results that `--check` and the tests compare with: one file, an insta snapshot.
pub(crate) fn snapshot() -> PathBuf {
    root().join("xtask/tests/snapshots/reference.snap")
}

/// The short hash of the commit that is checked out, if git tells.
pub(crate) fn commit() -> Option<String> {
    let git = std::process::Command::new("git")
        .args(["rev-parse", "--short", "HEAD"])
        .current_dir(root())
        .output()
        .ok()?;
    let hash = String::from_utf8(git.stdout).ok()?.trim().to_string();
    (git.status.success() && !hash.is_empty()).then_some(hash)
}

/// The Python that runs our scripts: `python3` unless the environment variable `RECURRA_PYTHON` names another.
pub(crate) fn python() -> OsString {
    env::var_os("RECURRA_PYTHON").unwrap_or_else(|| "python3".into())
}
