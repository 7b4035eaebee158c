//! Jobs on several threads, until one fails or somebody interrupts.

use std::{
    num::NonZeroUsize,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
};

/// Does the jobs `0..count`, up to `at_once` of them at one time, each on one thread, in rising order of their beginnings. No job begins
/// after one has failed or once `interrupt` is raised, and a long one may ask (its second argument) whether it is to stop.
///
/// # Errors
/// The first error of a job. An interruption is none: what was not done is for the caller to see.
pub(crate) fn each<E: Send>(
    count: usize,
    at_once: NonZeroUsize,
    interrupt: &AtomicBool,
    job: impl Fn(usize, &dyn Fn() -> bool) -> Result<(), E> + Sync,
) -> Result<(), E> {
    let (next, failed, error) = (AtomicUsize::new(0), AtomicBool::new(false), Mutex::new(None));
    let stopped = || interrupt.load(Ordering::Relaxed) || failed.load(Ordering::Relaxed);
    let work = || {
        while !stopped() {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= count {
                return;
            }
            if let Err(problem) = job(number, &stopped) {
                failed.store(true, Ordering::Relaxed);
                lock(&error).get_or_insert(problem);
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..at_once.get().min(count) {
            // The threads are the jobs': each of them computes on its own alone.
            scope.spawn(|| recurra_kernels::with_threads(1, work));
        }
    });
    error
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner)
        .map_or(Ok(()), Err)
}

/// What is behind the lock, also after a panic elsewhere: every value there is whole between two pushes.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn done(at_once: usize, fails: Option<usize>, interrupt: &AtomicBool) -> (Result<(), usize>, Vec<usize>) {
        let done = Mutex::new(Vec::new());
        let result = each(100, NonZeroUsize::new(at_once).unwrap(), interrupt, |number, _| {
            if fails == Some(number) {
                return Err(number);
            }
            lock(&done).push(number);
            Ok(())
        });
        let mut done = done.into_inner().unwrap();
        done.sort_unstable();
        (result, done)
    }

    #[test]
    fn every_job_is_done_once() {
        for at_once in [1, 3, 200] {
            let (result, done) = done(at_once, None, &AtomicBool::new(false));
            assert_eq!((result, done), (Ok(()), (0..100).collect()));
        }
    }

    #[test]
    fn none_begins_after_a_failure_or_an_interruption() {
        let (result, before) = done(1, Some(7), &AtomicBool::new(false));
        assert_eq!((result, before), (Err(7), (0..7).collect()));
        let (result, before) = done(2, None, &AtomicBool::new(true));
        assert_eq!((result, before), (Ok(()), Vec::new()));
    }

    #[test]
    fn a_job_that_runs_learns_that_another_has_failed() {
        let result = each(
            2,
            NonZeroUsize::new(2).unwrap(),
            &AtomicBool::new(false),
            |number, stopped| {
                if number == 0 {
                    return Err("failed");
                }
                while !stopped() {
                    std::thread::yield_now();
                }
                Ok(())
            },
        );
        assert_eq!(result, Err("failed"));
    }
}
