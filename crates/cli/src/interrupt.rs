//! Ctrl-C: the first asks the running command to stop where nothing breaks, the second ends the process.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::failure::Failure;
use crate::terminal::Terminal;

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Whether a file was written.
static WROTE: AtomicBool = AtomicBool::new(false);

/// Notes that a file was written: an interruption says so from now on.
pub(crate) fn wrote() {
    WROTE.store(true, Ordering::Relaxed);
}

/// Watches for Ctrl-C from now on. An object that is waited for is waited for no longer then.
pub(crate) fn watch() -> Result<(), Failure> {
    recurra_objects::interrupt_reads_when(raised);
    let raise = || {
        if INTERRUPTED.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
    };
    ctrlc::set_handler(raise).map_err(|error| Failure::Input(format!("could not watch for Ctrl-C: {error}")))
}

/// Ends the process at the first Ctrl-C from now on. For commands that write at their end alone: files are written
/// beside and renamed, so that none is ever half there.
pub(crate) fn end_at_once(terminal: Terminal) -> Result<(), Failure> {
    end_at_once_saying(terminal, || match WROTE.load(Ordering::Relaxed) {
        true => "interrupted; what was written before is whole",
        false => "interrupted; nothing was written",
    })
}

/// The same with other last words, for commands whose files are each whole by themselves.
pub(crate) fn end_at_once_saying(
    terminal: Terminal,
    words: impl Fn() -> &'static str + Send + 'static,
) -> Result<(), Failure> {
    let end = move || {
        terminal.plain(words());
        std::process::exit(130);
    };
    ctrlc::set_handler(end).map_err(|error| Failure::Input(format!("could not watch for Ctrl-C: {error}")))
}

/// Whether Ctrl-C was pressed.
pub(crate) fn raised() -> bool {
    INTERRUPTED.load(Ordering::Relaxed)
}
