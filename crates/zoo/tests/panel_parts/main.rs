//! One network for a panel that is read part by part.
#![allow(clippy::unwrap_used)]

mod early_stop;
mod support;

use std::sync::atomic::Ordering;

use recurra_evaluation::{FitError, FittedForecaster, History, Training};
use recurra_series::{Panel, Series};
use recurra_training::{Callback, Resume, SaveEvery};
use recurra_zoo::Registry;
use recurra_zoo::forecaster::{FittedNetwork, KeptTraining, NetworkForecaster, PanelParts, PartError, TrainingEnd};
use recurra_zoo::model_file::weights_sha256;

use self::support::{Parts, StopAt, WHOLE, kept_in, parts, settings};

fn fit(
    parts: &Parts,
    epochs: usize,
    callbacks: &mut [&mut dyn Callback],
    kept: Option<&KeptTraining>,
) -> FittedNetwork {
    let zoo = Registry::builtin();
    let forecaster = NetworkForecaster::new(zoo.find("gru-1x8").unwrap(), settings(epochs));
    forecaster.fit_parts(parts, WHOLE, 1, callbacks, kept).unwrap().0
}

fn fit_in_memory(histories: &[History<'_>], epochs: usize) -> FittedNetwork {
    let zoo = Registry::builtin();
    let forecaster = NetworkForecaster::new(zoo.find("gru-1x8").unwrap(), settings(epochs));
    forecaster
        .fit_with(&Training::new(histories, 1), &mut [], None)
        .unwrap()
        .0
}

#[test]
fn one_part_is_fitted_as_a_panel_in_memory() {
    let parts = parts(&[5]);
    let in_parts = fit(&parts, 3, &mut [], None);
    let histories: Vec<History<'_>> = parts.panels[0].series.iter().map(History::from).collect();
    let whole = fit_in_memory(&histories, 3);
    // Means and deviations of covariates are computed otherwise, so their last bits may differ, and the weights with them.
    let (scaled, expected) = (
        &in_parts.covariates().past[0].scaler,
        &whole.covariates().past[0].scaler,
    );
    assert!((scaled.mean - expected.mean).abs() < 1e-12 && (scaled.deviation - expected.deviation).abs() < 1e-12);
    for history in &histories {
        let (a, b) = (
            in_parts.forecast(history, 1).unwrap(),
            whole.forecast(history, 1).unwrap(),
        );
        assert!((a[0] - b[0]).abs() < 1e-4 * b[0].abs(), "{} {}", a[0], b[0]);
    }
}

#[test]
fn without_covariates_one_part_gives_the_same_bits_as_a_panel_in_memory() {
    let mut parts = parts(&[5]);
    let plain = |series: &Series| Series::new(series.times().to_vec(), series.values().to_vec()).unwrap();
    let names = |series: &Series| plain(series).with_unique_id(series.unique_id().unwrap());
    parts.panels[0].series = parts.panels[0].series.iter().map(names).collect();
    let in_parts = fit(&parts, 3, &mut [], None);
    let histories: Vec<History<'_>> = parts.panels[0].series.iter().map(History::from).collect();
    let whole = fit_in_memory(&histories, 3);
    assert_eq!(weights_sha256(in_parts.network()), weights_sha256(whole.network()));
    // Nothing of the panel is kept, and yet its series are scaled as they were.
    assert!(in_parts.transforms().is_empty());
    assert_eq!(
        in_parts.forecast(&histories[3], 4).unwrap(),
        whole.forecast(&histories[3], 4).unwrap()
    );
}

#[test]
fn an_interrupted_training_goes_on_to_the_same_bits_wherever_it_stopped() {
    let parts = parts(&[3, 2, 4]);
    let whole = weights_sha256(fit(&parts, 3, &mut [], None).network());
    let stops = [
        (0, Some(0)),
        (1, None),
        (4, Some(2)),
        (4, Some(usize::MAX)),
        (5, None),
        (8, Some(1)),
    ];
    for (pass, batch) in stops {
        let folder = tempfile::tempdir().unwrap();
        let mut kept = kept_in(folder.path(), Some(SaveEvery::Batches(1)));
        let stopped = fit(&parts, 3, &mut [&mut StopAt { pass, batch }], Some(&kept));
        if batch != Some(usize::MAX) {
            assert_ne!(weights_sha256(stopped.network()), whole, "pass {pass} was not stopped");
        }
        kept.resume = Some(Resume::default());
        let resumed = fit(&parts, 3, &mut [], Some(&kept));
        assert_eq!(
            weights_sha256(resumed.network()),
            whole,
            "stopped in pass {pass}, batch {batch:?}"
        );
        // Resuming what was finished changes nothing.
        let again = fit(&parts, 3, &mut [], Some(&kept));
        assert_eq!(weights_sha256(again.network()), whole);
    }
}

#[test]
fn a_training_that_went_further_than_is_asked_for_now_is_given_as_it_stands() {
    let parts = parts(&[3, 2, 4]);
    for (pass, batch) in [(8, Some(usize::MAX)), (7, Some(1))] {
        let folder = tempfile::tempdir().unwrap();
        let mut kept = kept_in(folder.path(), None);
        let trained = fit(&parts, 3, &mut [&mut StopAt { pass, batch }], Some(&kept));
        kept.resume = Some(Resume::default());
        let again = fit(&parts, 1, &mut [], Some(&kept));
        assert_eq!(
            weights_sha256(again.network()),
            weights_sha256(trained.network()),
            "pass {pass}"
        );
    }
}

#[test]
fn every_epoch_takes_all_parts_in_an_order_of_its_own() {
    let parts = parts(&[1; 6]);
    fit(&parts, 4, &mut [], None);
    // Once for the covariates, then once an epoch.
    assert_eq!(parts.reads.load(Ordering::Relaxed), 6 * 5);
}

#[test]
fn values_after_the_training_part_change_nothing() {
    let zoo = Registry::builtin();
    let forecaster = NetworkForecaster::new(zoo.find("gru-1x8").unwrap(), settings(2));
    let fit_until = |parts: &Parts| {
        let end: TrainingEnd<'_> = &|_| Ok(40);
        weights_sha256(forecaster.fit_parts(parts, end, 1, &mut [], None).unwrap().0.network())
    };
    let before = parts(&[2, 3]);
    let mut after = parts(&[2, 3]);
    for panel in &mut after.panels {
        for series in &mut panel.series {
            let mut values = series.values().to_vec();
            values[40..].fill(1e6);
            let mut rain = series.past_covariates()[0].clone();
            rain.values[40..].fill(-1e6);
            *series = Series::new(series.times().to_vec(), values)
                .unwrap()
                .with_unique_id(series.unique_id().unwrap())
                .with_past_covariate(rain)
                .unwrap();
        }
    }
    assert_eq!(fit_until(&before), fit_until(&after));
}

#[test]
fn what_cannot_be_read_ends_the_training_with_its_reason() {
    struct Broken(Parts);
    impl PanelParts for Broken {
        fn count(&self) -> usize {
            self.0.count()
        }
        fn read(&self, index: usize) -> Result<Panel, PartError> {
            if index == 1 {
                Err("part 1 is on strike".into())
            } else {
                self.0.read(index)
            }
        }
    }
    let zoo = Registry::builtin();
    let forecaster = NetworkForecaster::new(zoo.find("gru-1x8").unwrap(), settings(2));
    let text = |result: Result<_, FitError>| result.map(|_: (FittedNetwork, _)| ()).unwrap_err().to_string();
    let broken = forecaster.fit_parts(&Broken(parts(&[1, 1])), WHOLE, 1, &mut [], None);
    assert_eq!(text(broken), "gru-1x8: part 1 is on strike");
    let empty = forecaster.fit_parts(&parts(&[]), WHOLE, 1, &mut [], None);
    assert_eq!(text(empty), "gru-1x8: the training set holds no series");
    let short: TrainingEnd<'_> = &|_| Ok(5);
    let short = forecaster.fit_parts(&parts(&[1]), short, 1, &mut [], None);
    assert_eq!(
        text(short),
        "gru-1x8: series `shop-0` has 5 values, but fitting needs at least 11"
    );
}

/// Parts whose reading takes now longer than a pass, now nothing.
struct Slow {
    parts: Parts,
    delays: fn(usize) -> u64,
}

impl PanelParts for Slow {
    fn count(&self) -> usize {
        self.parts.count()
    }

    fn read(&self, index: usize) -> Result<Panel, PartError> {
        let read = self.parts.reads.load(Ordering::Relaxed);
        std::thread::sleep(std::time::Duration::from_millis((self.delays)(read)));
        self.parts.read(index)
    }
}

#[test]
fn when_a_part_arrives_and_how_many_threads_compute_changes_no_bit() {
    let counts = [3, 2, 4, 1];
    let expected = weights_sha256(fit(&parts(&counts), 3, &mut [], None).network());
    let zoo = Registry::builtin();
    let forecaster = NetworkForecaster::new(zoo.find("gru-1x8").unwrap(), settings(3));
    let delays: [fn(usize) -> u64; 3] = [
        |read| read as u64 * 7 % 11,
        |read| 25 * u64::from(read % 4 == 3),
        |_| 10,
    ];
    for (delays, threads) in delays.into_iter().zip([1, 2, 4]) {
        let slow = Slow {
            parts: parts(&counts),
            delays,
        };
        let fitted = recurra_kernels::with_threads(threads, || forecaster.fit_parts(&slow, WHOLE, 1, &mut [], None));
        assert_eq!(
            weights_sha256(fitted.unwrap().0.network()),
            expected,
            "{threads} threads"
        );
    }
}
