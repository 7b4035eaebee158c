#![no_main]
use recurra_zoo::Registry;
use std::sync::LazyLock;

static ZOO: LazyLock<Registry> = LazyLock::new(Registry::builtin);

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| recurra_fuzz::model(bytes, &ZOO));
