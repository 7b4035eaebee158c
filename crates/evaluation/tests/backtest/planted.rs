//! A value changes no forecast from before it, and threads change none at all.

use super::{models, run, weekly};
use recurra_evaluation::backtest::{Backtest, BacktestResult, Calibration, Refit, TrainingWindow};
use recurra_evaluation::metrics::Level;
use recurra_series::Series;

/// The same series with one value replaced.
fn planted(series: &Series, index: usize, value: f64) -> Series {
    let mut values = series.values().to_vec();
    values[index] = value;
    Series::from_values(values)
        .unwrap()
        .with_unique_id(series.unique_id().unwrap())
}

#[test]
fn a_planted_future_changes_nothing_before_it() {
    let (north, south) = (weekly("north", 1, 150), weekly("south", 2, 170));
    // At 90 % the widest of ten errors makes the interval, so that one error too many is seen; at 50 %, with a fast
    // adaptation, one miss too many. Cutoffs lie at 115, 118, 121, …
    let levels = [50, 90].map(|percent| Level::new(percent).unwrap()).to_vec();
    let calibration = Some(Calibration { levels, errors: 10 });
    for refit in [Refit::Never, Refit::EveryFolds(1), Refit::EveryFolds(4)] {
        for window in [TrainingWindow::Expanding, TrainingWindow::Sliding { length: 60 }] {
            let plan = Backtest {
                folds: 12,
                step: 3,
                refit,
                window,
                adaptation: 0.5,
                calibration: calibration.clone(),
                ..Backtest::new(5)
            };
            let before = run(&plan, &models(), &[north.clone(), south.clone()]);
            assert!(before.failures.is_empty(), "{:?}", before.failures);
            assert_eq!(before.table.rows.len(), 9 * 2 * 12 * 5);
            for index in [118, 119, 120] {
                let after = run(&plan, &models(), &[planted(&north, index, 1e6), south.clone()]);
                compare_around(index, &before, &after);
            }
        }
    }
}

/// Forecasts of `north` from cutoffs up to `index` are the same bits, and some from later cutoffs are not: the value is of
/// consequence once it was observed, so that a leak would be seen.
fn compare_around(index: usize, before: &BacktestResult, after: &BacktestResult) {
    assert_eq!(before.scales, after.scales);
    let (mut same, mut other) = (0, 0);
    for (before, after) in before.table.rows.iter().zip(&after.table.rows) {
        // A model fitted on the whole panel may well forecast the other series differently later on.
        if &*before.unique_id != "north" {
            continue;
        }
        let cutoff = before.index + 1 - before.step;
        if cutoff <= index {
            assert_eq!(
                (before.yhat, &before.bounds),
                (after.yhat, &after.bounds),
                "{} {cutoff}",
                before.model
            );
            same += 1;
        } else {
            other += usize::from(before.yhat != after.yhat);
        }
    }
    assert!(same > 100 && other > 100, "{same} {other}");
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let panel = [weekly("north", 1, 120), weekly("south", 2, 130)];
    let plan = |threads| Backtest {
        folds: 6,
        refit: Refit::EveryFolds(2),
        threads,
        ..Backtest::new(7)
    };
    let (one, four) = (run(&plan(1), &models(), &panel), run(&plan(4), &models(), &panel));
    assert_eq!(one.table, four.table);
}
