//! Scores that an earlier start has left: one file each, under the digest of what decides it.

use crate::error::Error;
use crate::key::digest_json;
use crate::write::write_file;
use recurra_report::leaderboard::Score;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// A score's file. The digest tells a file that was cut short or edited from one that was written here.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    key: String,
    digest: String,
    score: Score,
}

fn path(folder: &Path, key: &str) -> PathBuf {
    folder.join(format!("{}.json", key.get(..32).unwrap_or(key)))
}

/// The score under `key`, if a whole file holds one.
pub(super) fn find(folder: &Path, key: &str) -> Option<Score> {
    let bytes = std::fs::read(path(folder, key)).ok()?;
    let file: File = serde_json::from_slice(&bytes).ok()?;
    (file.key == key && file.digest == digest_json(&file.score)).then_some(file.score)
}

/// Keeps a score.
pub(super) fn keep(folder: &Path, key: &str, score: &Score) -> Result<(), Error> {
    let file = File {
        key: key.to_owned(),
        digest: digest_json(score),
        score: score.clone(),
    };
    let path = path(folder, key);
    let bytes = serde_json::to_vec(&file).map_err(|error| Error::io("write", &path, error.into()))?;
    write_file(&path, &bytes)
}
