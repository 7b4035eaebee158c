//! Ctrl-C: the first asks the running command to stop where nothing breaks, the second ends the process.

use crate::failure::Failure;
use std::sync::atomic::{AtomicBool, Ordering};

static FLAG: AtomicBool = AtomicBool::new(false);

/// The flag that Ctrl-C raises from now on.
pub(crate) fn flag() -> Result<&'static AtomicBool, Failure> {
    let raise = || {
        if FLAG.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
    };
    ctrlc::set_handler(raise).map_err(|error| Failure::Failed(format!("could not watch for Ctrl-C: {error}")))?;
    Ok(&FLAG)
}
