//! Giving up waiting for a store.

use std::sync::OnceLock;

static RAISED: OnceLock<fn() -> bool> = OnceLock::new();

/// Asks `raised` several times a second while a read, a list or a check waits for its store, and ends it with
/// [`ObjectErrorKind::Interrupted`](crate::ObjectErrorKind::Interrupted) once that says so: a store that hangs does not keep a program
/// from ending. What is put waits on, since nobody could tell whether it took place. It holds for the whole process, and the first call
/// of this function stands.
pub fn interrupt_reads_when(raised: fn() -> bool) {
    RAISED.get_or_init(|| raised);
}

#[cfg(feature = "object-store")]
pub(crate) fn raised() -> bool {
    RAISED.get().is_some_and(|raised| raised())
}
