//! Truncated and damaged files end in an error, never in a crash, and never in more memory than a file is large.

#![allow(clippy::unwrap_used, missing_docs)]

use proptest::prelude::*;
use recurra_interchange::{ImportError, ImportOptions, MOST_BYTES, from_bytes, read};
use recurra_zoo::Registry;

/// How much address space the process may ever have taken beyond what it took before: far above what the largest
/// network of these files needs, far below what a header may claim.
const MOST_GROWTH: u64 = 256 << 20;

/// The most address space that this process ever had, in bytes. Zero where the system does not say.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmPeak:"));
    let kibibytes = line
        .and_then(|rest| rest.split_whitespace().next())
        .map(|number| number.parse().unwrap());
    1024 * kibibytes.unwrap_or(0_u64)
}

fn files() -> Vec<Vec<u8>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../xtask/fixtures/data/keras-files");
    let names = ["gru-1x8.keras", "gru-1x8.weights.h5", "lambda.keras"];
    names
        .map(|name| std::fs::read(format!("{folder}/{name}")).unwrap())
        .to_vec()
}

fn import(bytes: &[u8], zoo: &Registry) -> Result<(), ImportError> {
    let options = ImportOptions {
        output_scale: Some(2.0),
    };
    let before = peak();
    let outcome = from_bytes(bytes, &options, zoo).map(|_| ());
    let growth = peak() - before;
    assert!(growth < MOST_GROWTH, "{growth} bytes more");
    outcome
}

#[test]
fn no_beginning_of_a_file_is_a_file() {
    let zoo = Registry::builtin();
    for bytes in files() {
        let step = 1 + bytes.len() / 700;
        for length in (0..bytes.len() - 1).step_by(step) {
            assert!(
                import(&bytes[..length], &zoo).is_err(),
                "{length} of {} bytes",
                bytes.len()
            );
        }
    }
}

#[test]
fn a_file_too_large_is_not_read() {
    let file = tempfile::NamedTempFile::new().unwrap();
    file.as_file().set_len(MOST_BYTES + 1).unwrap();
    let error = read(file.path(), &ImportOptions::default(), &Registry::builtin()).unwrap_err();
    assert!(matches!(error, ImportError::TooLarge { .. }), "{error}");
    assert!(matches!(
        read(
            std::path::Path::new("/"),
            &ImportOptions::default(),
            &Registry::builtin()
        ),
        Err(ImportError::Read(_))
    ));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever bytes are changed, the outcome is a network or an error.
    #[test]
    fn changed_bytes_do_no_harm(
        which in 0..3usize,
        changes in prop::collection::vec((any::<prop::sample::Index>(), prop_oneof![Just(0), Just(0xff), any::<u8>()]), 1..6),
        near_the_start in any::<bool>(),
    ) {
        thread_local!(static SHARED: (Registry, Vec<Vec<u8>>) = (Registry::builtin(), files()));
        SHARED.with(|(zoo, files)| {
            let mut bytes = files[which].clone();
            // Headers and the tables of groups are what a hostile file would change.
            let range = if near_the_start { 2048 } else { bytes.len() };
            for (index, value) in changes {
                let at = index.index(range);
                bytes[at] = value;
            }
            drop(import(&bytes, zoo));
        });
    }
}
