//! Catching a library's panics without their message on standard error.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;
use std::sync::atomic::{AtomicUsize, Ordering};

thread_local! {
    static CATCHING: Cell<bool> = const { Cell::new(false) };
}
/// Threads that are in [`caught`].
static CAUGHT: AtomicUsize = AtomicUsize::new(0);
static INSTALLED: Once = Once::new();

/// Runs polars, and gives nothing if it panics. Its panics are not reported, whether they come in this thread or in one
/// of its own pool; all others go to the hook that was there before the first call.
pub(super) fn caught<T>(work: impl FnOnce() -> T) -> Option<T> {
    INSTALLED.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !is_caught() {
                usual(info);
            }
        }));
    });
    let outer = CATCHING.replace(true);
    CAUGHT.fetch_add(1, Ordering::SeqCst);
    // Nothing outlives the call, so unwinding leaves nothing broken behind.
    let done = panic::catch_unwind(AssertUnwindSafe(work));
    CAUGHT.fetch_sub(1, Ordering::SeqCst);
    CATCHING.set(outer);
    done.ok()
}

fn is_caught() -> bool {
    // Only this crate runs polars, so its pool has no other work.
    let of_pool = || {
        std::thread::current()
            .name()
            .is_some_and(|name| name.starts_with("polars"))
    };
    CATCHING.get() || (CAUGHT.load(Ordering::SeqCst) > 0 && of_pool())
}
