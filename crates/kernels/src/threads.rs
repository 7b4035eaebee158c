//! How many threads one call may use. It decides the speed, never a bit.
//!
//! Only big layers are cut into chunks at all ([`crate::chunks`]), and a call starts threads only when every one of them has enough to do, so that
//! more threads are never slower than one.

use crate::isa::Isa;
use std::cell::Cell;
use std::fmt;
use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

/// The environment variable with the number of threads that one call may use.
pub const THREADS_VARIABLE: &str = "RECURRA_THREADS";

/// [`THREADS_VARIABLE`] is no number of threads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThreadsError {
    /// What it says.
    pub text: String,
}

impl fmt::Display for ThreadsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{THREADS_VARIABLE}: `{}` is no number of threads; use a whole number from 1 on, or leave it unset for all cores",
            self.text
        )
    }
}

impl std::error::Error for ThreadsError {}

/// What [`THREADS_VARIABLE`] asks for, or the number of cores where it is not set or empty.
///
/// # Errors
/// If it is not a whole number from 1 on. [`threads`] then gives the number of cores; a program should say so and stop.
pub fn threads_from_env() -> Result<usize, ThreadsError> {
    match std::env::var_os(THREADS_VARIABLE) {
        Some(text) if !text.is_empty() => parse(&text.to_string_lossy()),
        _ => Ok(cores()),
    }
}

fn parse(text: &str) -> Result<usize, ThreadsError> {
    match text.parse() {
        Ok(threads) if threads > 0 => Ok(threads),
        _ => Err(ThreadsError { text: text.to_owned() }),
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, NonZero::get)
}

/// Multiply-adds that repay starting one more thread (some 20 µs) many times over.
const WORK_OF_A_THREAD: usize = 10_000_000;

/// 0 where no program has set it.
static DEFAULT: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    static OVERRIDE: Cell<usize> = const { Cell::new(0) };
}

/// The number of threads that one call on this thread may use: that of [`with_threads`], else of [`set_default_threads`], else of the environment
/// variable `RECURRA_THREADS`, else the number of cores.
#[must_use]
pub fn threads() -> usize {
    static ENVIRONMENT: OnceLock<usize> = OnceLock::new();
    match (OVERRIDE.get(), DEFAULT.load(Ordering::Relaxed)) {
        (0, 0) => *ENVIRONMENT.get_or_init(|| threads_from_env().unwrap_or_else(|_| cores())),
        (0, default) => default,
        (threads, _) => threads,
    }
}

/// Sets the number of threads for the whole process; 0 goes back to the environment variable or the number of cores.
pub fn set_default_threads(threads: usize) {
    DEFAULT.store(threads, Ordering::Relaxed);
}

/// Runs `work` with this number of threads (at least one) on this thread.
///
/// ```
/// assert_eq!(recurra_kernels::with_threads(3, recurra_kernels::threads), 3);
/// ```
pub fn with_threads<T>(threads: usize, work: impl FnOnce() -> T) -> T {
    struct Restore(usize);
    impl Drop for Restore {
        fn drop(&mut self) {
            OVERRIDE.set(self.0);
        }
    }
    let _restore = Restore(OVERRIDE.replace(threads.max(1)));
    work()
}

/// How many threads pay for `tasks` tasks of `multiply_adds` each: no more than [`threads`] allows, and at least the caller's own.
#[must_use]
pub fn threads_that_pay(tasks: usize, multiply_adds: usize) -> usize {
    let paid = multiply_adds.saturating_mul(tasks) / WORK_OF_A_THREAD;
    threads().min(tasks).min(paid).max(1)
}

/// Does every task, with one thread for each of `workers` (its memory), the caller's among them; threads that it starts use the caller's instruction
/// set. Which worker does which task is left to chance, so no result may depend on it.
///
/// ```
/// use recurra_kernels::share_out;
///
/// let (values, mut squares) = ([1, 2, 3, 4, 5], [0; 5]);
/// let mut done = [0; 2];
/// share_out(&mut done, values.iter().zip(&mut squares), |done, (value, square)| {
///     *square = value * value;
///     *done += 1;
/// });
/// assert_eq!(squares, [1, 4, 9, 16, 25]);
/// assert_eq!(done[0] + done[1], 5);
/// ```
pub fn share_out<W: Send, T: Send>(
    workers: &mut [W],
    tasks: impl Iterator<Item = T> + Send,
    work: impl Fn(&mut W, T) + Sync,
) {
    let Some((own, others)) = workers.split_first_mut() else {
        return;
    };
    if others.is_empty() {
        tasks.for_each(|task| work(own, task));
        return;
    }
    let isa = Isa::active();
    let tasks = Mutex::new(tasks);
    let next = || tasks.lock().unwrap_or_else(PoisonError::into_inner).next();
    let work = |worker: &mut W| {
        while let Some(task) = next() {
            work(worker, task);
        }
    };
    std::thread::scope(|scope| {
        let work = &work;
        for worker in others {
            // The instruction set is available, because it is the active one here.
            scope.spawn(move || isa.with(|| work(worker)));
        }
        work(own);
    });
}

/// Does every task, `multiply_adds` each, on as many threads as pay.
pub(crate) fn for_each<T: Send>(tasks: &mut [T], multiply_adds: usize, work: impl Fn(&mut T) + Sync) {
    let mut workers = vec![(); threads_that_pay(tasks.len(), multiply_adds)];
    share_out(&mut workers, tasks.iter_mut(), |(), task| work(task));
}

#[cfg(test)]
mod tests {
    use super::{ThreadsError, for_each, parse, with_threads};
    use std::collections::HashSet;
    use std::sync::{Barrier, Mutex};

    #[test]
    fn only_whole_numbers_from_one_on_are_numbers_of_threads() {
        assert_eq!(parse("3"), Ok(3));
        for text in ["0", "-1", "two", "2.5", " 2"] {
            assert_eq!(parse(text), Err(ThreadsError { text: text.into() }));
        }
    }

    #[test]
    fn all_tasks_are_done_on_the_threads_that_pay() {
        for (threads, multiply_adds, used) in [(1, usize::MAX, 1), (3, usize::MAX, 3), (9, usize::MAX, 5), (3, 10, 1)] {
            let mut tasks = [1, 2, 3, 4, 5];
            let (seen, all_here) = (Mutex::new(HashSet::new()), Barrier::new(used));
            with_threads(threads, || {
                for_each(&mut tasks, multiply_adds, |task| {
                    *task *= 10;
                    let new = seen
                        .lock()
                        .is_ok_and(|mut seen| seen.insert(std::thread::current().id()));
                    if new {
                        // Nobody goes on to a second task before everybody has a first one.
                        all_here.wait();
                    }
                });
            });
            assert_eq!(tasks, [10, 20, 30, 40, 50]);
            assert_eq!(seen.lock().map(|seen| seen.len()).ok(), Some(used));
        }
    }
}
