//! Early stopping, on what is held back from all parts.

use std::sync::atomic::Ordering;

use recurra_evaluation::{FitError, History, Training};
use recurra_models::Network;
use recurra_series::{Panel, Series};
use recurra_training::{Callback, Control, EpochEnd, Loss, Resume, SaveEvery, StopReason, TrainingError};
use recurra_zoo::Registry;
use recurra_zoo::forecaster::{
    EarlyStop, KeptTraining, NetworkForecaster, NetworkSettings, PanelParts, PartError, Scaling,
};
use recurra_zoo::model_file::weights_sha256;

use crate::support::{Parts, StopAt, WHOLE, kept_in, parts, settings};

/// Settings that stop early; the rate is so high that later epochs do worse.
fn stopping(epochs: usize) -> NetworkSettings {
    let mut settings = settings(epochs);
    settings.early_stop = Some(EarlyStop::after(2));
    settings.training.optimizer = settings.training.optimizer.with_learning_rate(0.1);
    settings
}

/// Without covariates, whose scalings in parts may differ in their last bits from those in memory.
fn plain(counts: &[usize]) -> Parts {
    let mut parts = parts(counts);
    for panel in &mut parts.panels {
        for series in &mut panel.series {
            *series = Series::new(series.times().to_vec(), series.values().to_vec())
                .unwrap()
                .with_unique_id(series.unique_id().unwrap());
        }
    }
    parts
}

#[test]
fn one_part_stops_early_as_a_panel_in_memory_does() {
    let zoo = Registry::builtin();
    let forecaster = NetworkForecaster::new(zoo.find("gru-1x8").unwrap(), stopping(40));
    let parts = plain(&[5]);
    let (in_parts, history) = forecaster.fit_parts(&parts, WHOLE, 1, &mut [], None).unwrap();
    let histories: Vec<History<'_>> = parts.panels[0].series.iter().map(History::from).collect();
    let (whole, expected) = forecaster
        .fit_with(&Training::new(&histories, 1), &mut [], None)
        .unwrap();
    assert!(history.epochs.len() < 40, "it was not stopped");
    assert_eq!(history, expected);
    assert_eq!(weights_sha256(in_parts.network()), weights_sha256(whole.network()));
}

/// Panels of small numbers, which a network can read as they are.
fn small(counts: &[usize]) -> Parts {
    let mut parts = plain(counts);
    for (at, series) in (parts.panels.iter_mut())
        .flat_map(|panel| &mut panel.series)
        .enumerate()
    {
        let values = (0..60).map(|day| ((day + at) % 7) as f64 / 3.0 - (day * 5 % 4) as f64 / 9.0);
        *series = Series::new(series.times().to_vec(), values.collect())
            .unwrap()
            .with_unique_id(format!("shop-{at}"));
    }
    parts
}

/// After every epoch, the plain mean of the squared errors one step ahead over the last six values of every series; and the weights.
struct Reference {
    panels: Vec<Panel>,
    losses: Vec<f64>,
    weights: Vec<Vec<f32>>,
}

impl Callback for Reference {
    fn epoch_end(&mut self, event: &EpochEnd, control: &mut Control<'_>) -> Result<(), TrainingError> {
        let network = control.network();
        if !(event.record.epoch + 1).is_multiple_of(self.panels.len()) {
            return Ok(());
        }
        let (mut sum, mut count) = (0.0, 0);
        for series in self.panels.iter().flat_map(|panel| &panel.series) {
            let values: Vec<f32> = series.values().iter().map(|value| *value as f32).collect();
            for target in 54..60 {
                let mut forecast = [0.0];
                network.predict_into(&values[target - 10..target], 10, &mut forecast)?;
                let error = f64::from(forecast[0]) - f64::from(values[target]);
                sum += error * error;
                count += 1;
            }
        }
        self.losses.push(sum / f64::from(count));
        self.weights.push(weights(network));
        Ok(())
    }
}

fn weights(network: &dyn Network) -> Vec<f32> {
    let mut weights = Vec::new();
    network.visit_parameters(&mut |view| weights.extend(view.values));
    weights
}

#[test]
fn early_stopping_measures_all_parts_after_an_epoch_stops_where_a_plain_rule_does_and_has_its_best_weights() {
    let zoo = Registry::builtin();
    for counts in [&[3, 2][..], &[2, 1, 3]] {
        let mut settings = stopping(60);
        settings.scale = Scaling::None;
        settings.training.loss = Loss::MeanSquaredError;
        let mut reference = Reference {
            panels: small(counts).panels,
            losses: Vec::new(),
            weights: Vec::new(),
        };
        let forecaster = NetworkForecaster::new(zoo.find("gru-1x8").unwrap(), settings);
        let parts = small(counts);
        let (fitted, history) = (forecaster.fit_parts(&parts, WHOLE, 1, &mut [&mut reference], None)).unwrap();
        // After the last pass of each epoch, and after no other.
        for (pass, record) in history.epochs.iter().enumerate() {
            assert_eq!(
                record.validation.is_some(),
                (pass + 1) % counts.len() == 0,
                "pass {pass}"
            );
        }
        let losses: Vec<f64> = (history.epochs.iter())
            .filter_map(|pass| Some(pass.validation?.loss))
            .collect();
        assert_eq!(losses.len() * counts.len(), history.epochs.len());
        assert_eq!(losses.len(), reference.losses.len());
        for (found, expected) in losses.iter().zip(&reference.losses) {
            assert!((found - expected).abs() <= 1e-12 * expected, "{found} {expected}");
        }
        let (mut best, mut wait, mut epochs) = (0, 0, 60);
        for (epoch, loss) in reference.losses.iter().enumerate() {
            if epoch == 0 || *loss < reference.losses[best] {
                (best, wait) = (epoch, 0);
            } else {
                wait += 1;
            }
            if wait == 2 {
                epochs = epoch + 1;
                break;
            }
        }
        assert!(epochs < 60, "it was not stopped: {losses:?}");
        assert_eq!(losses.len(), epochs, "{losses:?}");
        assert!(weights(fitted.network()) == reference.weights[best]);
        let stop = history.stop.unwrap();
        assert!(
            matches!(&stop.reason, StopReason::Requested { by, .. } if by == "early_stopping"),
            "{stop:?}"
        );
    }
}

#[test]
fn a_part_that_cannot_be_measured_ends_the_training_with_its_reason() {
    /// What is read after the passes of the first epoch is not there any more.
    struct Vanishing(Parts);
    impl PanelParts for Vanishing {
        fn count(&self) -> usize {
            2
        }
        fn read(&self, index: usize) -> Result<Panel, PartError> {
            // The scaling looks at one part, the epoch at two, the validation at one.
            match self.0.reads.load(Ordering::Relaxed) >= 4 {
                true => Err("the disk is gone".into()),
                false => self.0.read(index),
            }
        }
    }
    let zoo = Registry::builtin();
    let fit = |parts: &dyn PanelParts, window: usize| {
        let mut settings = stopping(3);
        settings.window = window;
        let forecaster = NetworkForecaster::new(zoo.find("gru-1x8").unwrap(), settings);
        forecaster.fit_parts(parts, WHOLE, 1, &mut [], None).unwrap_err()
    };
    assert_eq!(
        fit(&Vanishing(plain(&[2, 2])), 10).to_string(),
        "gru-1x8: the disk is gone"
    );
    // A window of 59 leaves one value behind it: enough to train on, none to measure on.
    let short = fit(&plain(&[2, 2]), 59);
    assert!(
        matches!(
            short,
            FitError::TooShort {
                needed: 61,
                found: 60,
                ..
            }
        ),
        "{short}"
    );
}

#[test]
fn a_training_that_stops_early_goes_on_to_the_same_bits_wherever_it_stopped() {
    let zoo = Registry::builtin();
    let forecaster = NetworkForecaster::new(zoo.find("gru-1x8").unwrap(), stopping(40));
    let fit = |callbacks: &mut [&mut dyn Callback], kept: Option<&KeptTraining>| {
        let (fitted, history) = (forecaster.fit_parts(&plain(&[3, 2]), WHOLE, 1, callbacks, kept)).unwrap();
        (weights_sha256(fitted.network()), history.epochs.len())
    };
    let whole = fit(&mut [], None);
    let last = whole.1 - 1;
    for (pass, batch) in [(1, None), (2, Some(1)), (3, Some(0)), (last, None), (last, Some(2))] {
        let folder = tempfile::tempdir().unwrap();
        let mut kept = kept_in(folder.path(), Some(SaveEvery::Batches(1)));
        fit(&mut [&mut StopAt { pass, batch }], Some(&kept));
        kept.resume = Some(Resume::default());
        assert_eq!(
            fit(&mut [], Some(&kept)),
            whole,
            "stopped in pass {pass}, batch {batch:?}"
        );
        // What was finished has the best weights again.
        assert_eq!(fit(&mut [], Some(&kept)), whole, "finished");
    }
}
