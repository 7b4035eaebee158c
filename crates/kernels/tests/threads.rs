//! How many threads a call takes. One test: the default is the whole process'.

use recurra_kernels::{set_default_threads, threads, threads_that_pay, with_threads};

#[test]
fn the_nearest_setting_holds_and_only_work_that_pays_gets_a_thread() {
    set_default_threads(5);
    assert_eq!(threads(), 5);
    let inside = with_threads(2, || {
        let deeper = with_threads(7, threads);
        (deeper, threads())
    });
    assert_eq!((inside, threads()), ((7, 2), 5));
    // None is one.
    assert_eq!(with_threads(0, threads), 1);

    // Ten million multiply-adds pay for a thread.
    let pay = |tasks, multiply_adds| with_threads(8, || threads_that_pay(tasks, multiply_adds));
    assert_eq!(pay(4, 10_000_000), 4);
    assert_eq!(pay(4, 9_999_999), 3);
    assert_eq!(pay(8, 2_500_000), 2);
    assert_eq!(pay(100, usize::MAX), 8);
    assert_eq!((pay(0, 1), pay(3, 0), pay(1, usize::MAX)), (1, 1, 1));

    set_default_threads(0);
    assert!(threads() >= 1);
}
