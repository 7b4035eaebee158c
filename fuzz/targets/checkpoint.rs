#![no_main]
use std::{path::PathBuf, sync::LazyLock};

/// In memory where the system has such a folder.
static FILE: LazyLock<PathBuf> = LazyLock::new(|| {
    let memory = PathBuf::from("/dev/shm");
    let folder = if memory.is_dir() { memory } else { std::env::temp_dir() };
    folder.join(format!("recurra-fuzz-{}.checkpoint", std::process::id()))
});

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| recurra_fuzz::checkpoint(bytes, &FILE));
