//! Files that somebody damaged, or wrote to do damage: every reader answers, and never with more memory than the file is worth.
//!
//! The readers are those of `fuzz/`; what fuzzing found stands in `fuzz/crashes/` and is read here again. `RECURRA_WRITE_SEEDS=1` writes the whole files to
//! `fuzz/seeds/`, where fuzzing starts from.

#![allow(clippy::unwrap_used, missing_docs)]

mod damage;
#[path = "../../../../fuzz/src/readers.rs"]
#[allow(unreachable_pub)]
mod readers;
mod seeds;

use std::path::{Path, PathBuf};

use peak_alloc::PeakAlloc;
use recurra_zoo::Registry;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// What a reader may take for a file of any size: the largest network of the zoo, a few times over.
const FIXED: usize = 48 << 20;
/// What it may take for every byte of the file.
const PER_BYTE: usize = 64;

/// Damaged copies of every whole file.
const COPIES: u64 = 150;

type Reader = fn(&[u8], &Surroundings);

struct Surroundings {
    zoo: Registry,
    folder: tempfile::TempDir,
}

const READERS: [(&str, Reader); 6] = [
    ("csv", |bytes, _| readers::csv(bytes)),
    // Polars panics on some of these, which is caught; a fuzzer would end there.
    ("parquet", |bytes, _| readers::table(bytes)),
    ("model", |bytes, around| readers::model(bytes, &around.zoo)),
    ("checkpoint", |bytes, around| {
        readers::checkpoint(bytes, &around.folder.path().join("hostile.checkpoint"));
    }),
    ("keras", |bytes, around| readers::keras(bytes, &around.zoo)),
    ("matrix", |bytes, _| readers::matrix(bytes)),
];

/// Reads `bytes`, and says how much more memory there was at one time than before.
fn growth(reader: Reader, bytes: &[u8], around: &Surroundings) -> usize {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    reader(bytes, around);
    MEMORY.peak_usage().saturating_sub(before)
}

fn crashes(name: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fuzz/crashes")
        .join(name);
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    entries.map(|entry| entry.unwrap().path()).collect()
}

/// One test: the memory of others running beside it would be counted too.
#[test]
fn every_reader_answers_within_its_memory() {
    let around = Surroundings {
        zoo: Registry::builtin(),
        folder: tempfile::tempdir().unwrap(),
    };
    for (name, reader) in READERS {
        let whole = seeds::seeds(name);
        assert!(!whole.is_empty(), "{name}");
        let mut files: Vec<Vec<u8>> = whole.clone();
        files.extend(crashes(name).iter().map(|file| std::fs::read(file).unwrap()));
        for (index, seed) in whole.iter().enumerate() {
            files.extend((0..COPIES).map(|copy| damage::damaged(seed, 1_000 * index as u64 + copy)));
        }
        for bytes in files {
            let growth = growth(reader, &bytes, &around);
            let most = FIXED + PER_BYTE * bytes.len();
            assert!(
                growth <= most,
                "{name}: {growth} bytes for a file of {}: {:?}…",
                bytes.len(),
                &bytes[..bytes.len().min(80)]
            );
        }
    }
}
