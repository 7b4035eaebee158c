//! Callbacks' rules that Keras' numbers do not show: when early stopping begins to look, what the second training of one callback begins with, names.
#![allow(clippy::unwrap_used)]

mod common;

use std::fs;
use std::path::Path;

use common::{Scripted, learning_rates, train};
use recurra_models::from_safetensors;
use recurra_training::{
    Callback, CsvLogger, EarlyStopping, EarlyStoppingOptions, Ema, EmaOptions, Interruption, Keep, Lambda,
    LearningRateScheduler, Mode, ModelCheckpoint, Monitor, Progress, ReduceLrOnPlateau, ReduceLrOnPlateauOptions,
    TensorBoard, TerminateOnNan,
};

/// Early stopping that watches the loss.
fn stopping(options: EarlyStoppingOptions) -> EarlyStopping {
    EarlyStopping::new(EarlyStoppingOptions {
        monitor: Monitor::Loss,
        ..options
    })
}

fn plateau(options: ReduceLrOnPlateauOptions) -> ReduceLrOnPlateau {
    ReduceLrOnPlateau::new(ReduceLrOnPlateauOptions {
        monitor: Monitor::Loss,
        ..options
    })
}

/// Epochs that a training on these losses has under `callback`.
fn epochs(losses: &[f32], callback: &mut dyn Callback) -> usize {
    let trainer = train(&mut Scripted::new(losses), &mut [callback]).unwrap();
    trainer.history().epochs.len()
}

fn rates(losses: &[f32], callback: &mut dyn Callback) -> Vec<f64> {
    learning_rates(&train(&mut Scripted::new(losses), &mut [callback]).unwrap())
}

#[test]
fn early_stopping_looks_at_nothing_before_its_first_epoch() {
    let options = EarlyStoppingOptions {
        start_from_epoch: 2,
        ..EarlyStoppingOptions::default()
    };
    let mut early = stopping(options);
    // The 1 of epoch 0 would be the best for ever.
    assert_eq!(epochs(&[1.0, 9.0, 8.0, 7.0, 7.0, 6.0], &mut early), 5);
    assert_eq!(early.best(), Some((3, 7.0)));
}

#[test]
fn early_stopping_never_stops_in_the_first_epoch() {
    let mut early = stopping(EarlyStoppingOptions::default());
    assert_eq!(epochs(&[f32::NAN, 2.0, 1.0, 1.0, 0.5], &mut early), 4);
}

/// The patience begins anew only when the baseline is passed by more than `min_delta`.
#[test]
fn an_improvement_has_to_pass_the_baseline_by_min_delta() {
    let with_delta = |min_delta| {
        stopping(EarlyStoppingOptions {
            baseline: Some(2.0),
            min_delta,
            patience: 3,
            ..EarlyStoppingOptions::default()
        })
    };
    let losses = [3.0, 1.8, 1.8, 1.8, 1.8, 1.8];
    assert_eq!(epochs(&losses, &mut with_delta(0.0)), 5, "three after the second");
    assert_eq!(epochs(&losses, &mut with_delta(0.5)), 3, "three from the beginning");
    // As in Keras, its sign does not matter.
    assert_eq!(epochs(&losses, &mut with_delta(-0.5)), 3);
}

#[test]
fn a_rate_below_the_least_one_stays() {
    let mut reduce = plateau(ReduceLrOnPlateauOptions {
        patience: 1,
        min_lr: 2.0,
        ..ReduceLrOnPlateauOptions::default()
    });
    assert_eq!(rates(&[1.0; 4], &mut reduce), [1.0; 4]);
}

/// `a ← m·a + (1 − m)·w` on the weights 1, 2, 3.
#[test]
fn the_average_keeps_its_momentum() {
    let mut average = Ema::new(EmaOptions { momentum: 0.75 });
    train(&mut Scripted::new(&[1.0; 3]), &mut [&mut average]).unwrap();
    let second = 0.75 * 1.0 + 0.25 * 2.0;
    assert_eq!(average.average(), [0.75 * second + 0.25 * 3.0]);
}

/// A second training with the same callbacks is as the first.
#[test]
fn callbacks_begin_anew_with_a_new_training() {
    let mut early = stopping(EarlyStoppingOptions::default());
    assert_eq!(epochs(&[1.0, 2.0, 3.0], &mut early), 2);
    assert_eq!(epochs(&[9.0, 8.0, 7.0], &mut early), 3);

    let mut reduce = plateau(ReduceLrOnPlateauOptions {
        patience: 2,
        ..ReduceLrOnPlateauOptions::default()
    });
    assert_eq!(rates(&[1.0, 1.0, 0.1], &mut reduce), [1.0; 3]);
    assert_eq!(rates(&[5.0, 4.0, 3.0, 2.0], &mut reduce), [1.0; 4]);

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("best.safetensors");
    let (monitor, mode) = (Monitor::Loss, Mode::Min);
    let mut keep = ModelCheckpoint::new(path.to_str().unwrap(), Keep::Best { monitor, mode });
    epochs(&[5.0, 1.0], &mut keep);
    assert_eq!(weight(&path), 2.0);
    epochs(&[3.0, 4.0], &mut keep);
    assert_eq!(weight(&path), 1.0, "the best of the second training, not of both");
}

fn weight(path: &Path) -> f32 {
    from_safetensors(&fs::read(path).unwrap()).unwrap()["weight"].values[0]
}

#[test]
fn tensor_board_makes_its_folder() {
    let folder = tempfile::tempdir().unwrap();
    let logs = folder.path().join("logs").join("run-1");
    epochs(&[1.0], &mut TensorBoard::new(&logs));
    assert_eq!(fs::read_dir(&logs).unwrap().count(), 1);
}

/// A checkpoint finds the callbacks whose state it holds by their names, and a refusal says them: another name would make old
/// checkpoints useless.
#[test]
fn callbacks_keep_their_names() {
    let named: [(&str, &dyn Callback); 11] = [
        ("csv_logger", &CsvLogger::new("log.csv")),
        ("early_stopping", &stopping(EarlyStoppingOptions::default())),
        ("ema", &Ema::new(EmaOptions::default())),
        ("interruption", &Interruption::new(|| false)),
        ("lambda", &Lambda::new()),
        (
            "learning_rate_scheduler",
            &LearningRateScheduler::exponential(1e-8, 20.0),
        ),
        ("model_checkpoint", &ModelCheckpoint::new("weights", Keep::Every(1))),
        ("progress", &Progress::new(|_| {})),
        ("reduce_lr_on_plateau", &plateau(ReduceLrOnPlateauOptions::default())),
        ("tensor_board", &TensorBoard::new("logs")),
        ("terminate_on_nan", &TerminateOnNan),
    ];
    assert_eq!(named.map(|(_, callback)| callback.name()), named.map(|(name, _)| name));
}
