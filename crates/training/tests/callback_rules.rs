//! Callbacks' rules that Keras' numbers do not show: what is refused, what a second training begins with, what survives an interruption.
#![allow(clippy::unwrap_used)]

mod common;

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use common::{Scripted, Zero, train};
use recurra_models::{FirstLayer, Head, LastState, LstmCell, Recurrent, Sequential, from_safetensors};
use recurra_training::{
    Callback, Checkpoints, Control, CsvLogger, EarlyStopping, EarlyStoppingOptions, Ema, EmaOptions, FitData,
    FitOptions, Interruption, Keep, Lambda, LearningRateScheduler, Loss, Mode, ModelCheckpoint, Monitor,
    OptimizerOptions, Progress, ReduceLrOnPlateau, ReduceLrOnPlateauOptions, Resume, SaveEvery, Sgd, StopReason,
    TensorBoard, TerminateOnNan, TrainBegin, Trainer, TrainingError,
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
    let trainer = train(&mut Scripted::new(losses), &mut [callback]).unwrap();
    trainer
        .history()
        .epochs
        .iter()
        .map(|epoch| epoch.learning_rate)
        .collect()
}

fn refusal(callback: &mut dyn Callback) -> TrainingError {
    let mut network = Scripted::new(&[1.0]);
    let error = train(&mut network, &mut [callback]).unwrap_err();
    assert_eq!(network.steps, 0, "refused before training");
    error
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
fn early_stopping_gives_no_weights_back_to_a_training_that_will_go_on() {
    let flag = AtomicBool::new(false);
    let mut interruption = Interruption::new(|| flag.load(Ordering::Relaxed));
    let mut raise = Lambda::new().epoch_begin(|event, _| {
        flag.store(event.epoch == 2, Ordering::Relaxed);
        Ok(())
    });
    let mut early = stopping(EarlyStoppingOptions {
        patience: 9,
        restore_best_weights: true,
        ..EarlyStoppingOptions::default()
    });
    let mut average = Ema::new(EmaOptions { momentum: 0.5 });
    let mut network = Scripted::new(&[1.0, 2.0, 3.0, 4.0]);
    let trainer = train(
        &mut network,
        &mut [&mut raise, &mut interruption, &mut early, &mut average],
    )
    .unwrap();
    assert_eq!(trainer.history().stop.as_ref().unwrap().reason, StopReason::Interrupted);
    assert_eq!(
        network.weight, 3.0,
        "those of the last step: neither the best epoch's nor the average"
    );
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
fn options_that_make_no_sense_are_refused() {
    for factor in [1.0, 1.5, -0.1, f64::NAN] {
        let error = refusal(&mut plateau(ReduceLrOnPlateauOptions {
            factor,
            ..ReduceLrOnPlateauOptions::default()
        }));
        let expected = format!("option `factor` is {factor}; it must be at least 0 and below 1");
        assert_eq!(error.to_string(), expected);
    }
    for momentum in [-0.1, 1.1, f64::NAN] {
        let error = refusal(&mut Ema::new(EmaOptions { momentum }));
        let expected = format!("option `momentum` is {momentum}; it must be between 0 and 1");
        assert_eq!(error.to_string(), expected);
    }
    let (monitor, mode) = (Monitor::ValMae, Mode::Min);
    let error = refusal(&mut ModelCheckpoint::new("never written", Keep::Best { monitor, mode }));
    assert_eq!(
        error.to_string(),
        "`model_checkpoint` watches val_mae, but there are no validation windows; give some or watch loss or mae"
    );
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

#[test]
fn to_save_every_zeroth_time_is_refused() {
    let refused = "option `every` is 0; it must be at least 1";
    let mut never = ModelCheckpoint::new("never written", Keep::Every(0));
    let error = train(&mut Scripted::new(&[1.0]), &mut [&mut never]).unwrap_err();
    assert_eq!(error.to_string(), refused);
    for every in [SaveEvery::Epochs(0), SaveEvery::Batches(0)] {
        let checkpoints = Checkpoints {
            path: "never written".into(),
            every: Some(every),
            code: "one".to_owned(),
        };
        let mut network = Scripted::new(&[1.0]);
        let mut trainer = Trainer::new(options(1), &network)
            .unwrap()
            .with_checkpoints(checkpoints);
        let error = trainer.fit(&mut network, FitData::new(&Zero), &mut []).unwrap_err();
        assert_eq!((error.to_string().as_str(), network.steps), (refused, 0));
    }
}

#[test]
fn a_log_that_is_gone_or_another_ones_is_made_anew_from_the_history() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.csv");
    let mut network = Scripted::new(&[4.0, 3.0, 2.0]);
    let mut trainer = Trainer::new(options(1), &network).unwrap();
    let data = FitData::new(&Zero);
    trainer
        .fit(&mut network, data, &mut [&mut CsvLogger::new(&path)])
        .unwrap();
    fs::remove_file(&path).unwrap();
    for (epochs, rows) in [(2, "0,1,4,4\n1,1,3,3\n"), (3, "0,1,4,4\n1,1,3,3\n2,1,2,2\n")] {
        trainer.set_epochs(epochs);
        trainer
            .fit(&mut network, data, &mut [&mut CsvLogger::new(&path)])
            .unwrap();
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(text, format!("epoch,learning_rate,loss,mae\n{rows}"));
        fs::write(&path, "epoch,learning_rate,loss,mae\n0,9,9,9\n1,9,9,9\n").unwrap();
    }
}

/// A reason that would have ended the training anyway is kept, whoever interrupted it in the same batch.
#[test]
fn an_interruption_gives_way_to_any_other_reason() {
    let flag = AtomicBool::new(true);
    for interruption_first in [true, false] {
        let (mut interruption, mut terminate) = (Interruption::new(|| flag.load(Ordering::Relaxed)), TerminateOnNan);
        let mut callbacks: [&mut dyn Callback; 2] = [&mut interruption, &mut terminate];
        if !interruption_first {
            callbacks.reverse();
        }
        let trainer = train(&mut Scripted::new(&[f32::NAN, 1.0]), &mut callbacks).unwrap();
        let stop = trainer.history().stop.clone().unwrap();
        assert_eq!(stop.reason, StopReason::Diverged, "{interruption_first}");
    }
    // Between two others the first one stays.
    let request = |why: &'static str| {
        Lambda::new().epoch_end(move |_, control| {
            control.stop(StopReason::Requested {
                by: "test".to_owned(),
                why: why.to_owned(),
            });
            control.stop(StopReason::Interrupted);
            Ok(())
        })
    };
    let (mut first, mut second) = (request("first"), request("second"));
    let trainer = train(&mut Scripted::new(&[1.0, 1.0]), &mut [&mut first, &mut second]).unwrap();
    assert_eq!(
        trainer.history().stop.clone().unwrap().reason.to_string(),
        "test: first"
    );
}

/// Ends the training before its first step.
struct AtOnce;

impl Callback for AtOnce {
    fn train_begin(&mut self, _: &TrainBegin, control: &mut Control<'_>) -> Result<(), TrainingError> {
        control.stop(StopReason::Requested {
            by: "test".to_owned(),
            why: "at once".to_owned(),
        });
        Ok(())
    }
}

#[test]
fn a_stop_before_the_first_step_is_recorded() {
    let mut network = Scripted::new(&[1.0]);
    let trainer = train(&mut network, &mut [&mut AtOnce]).unwrap();
    assert_eq!(network.steps, 0);
    let stop = trainer.history().stop.clone().unwrap();
    assert_eq!(
        (stop.epoch, stop.batch, stop.reason.to_string().as_str()),
        (0, 0, "test: at once")
    );
}

#[test]
fn another_network_than_the_training_began_with_is_refused() {
    type Body = Recurrent<LstmCell, usize, 2, LastState>;
    let mut other = Sequential::<(Body, Head<2>)>::new(1, 1, 51, |device| {
        Ok((Body::first(device, 1)?, Head::zeros(device, 1)?))
    })
    .unwrap();
    // Without a momentum the optimizer remembers nothing that could tell.
    for optimizer in [OptimizerOptions::default(), OptimizerOptions::Sgd(Sgd::default())] {
        let options = FitOptions {
            optimizer,
            ..options(1)
        };
        let mut trainer = Trainer::new(options, &Scripted::new(&[1.0])).unwrap();
        let error = trainer.fit(&mut other, FitData::new(&Zero), &mut []).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the training is of a network with 1 parameters, this one has 35; give it the network that it began with"
        );
    }
}

#[test]
fn a_loss_that_is_nan_ends_the_training_too() {
    assert_eq!(epochs(&[1.0, f32::NAN, 1.0], &mut TerminateOnNan), 2);
}

/// `a ← m·a + (1 − m)·w` on the weights 1, 2, 3.
#[test]
fn the_average_keeps_its_momentum() {
    let mut average = Ema::new(EmaOptions { momentum: 0.75 });
    train(&mut Scripted::new(&[1.0; 3]), &mut [&mut average]).unwrap();
    let second = 0.75 * 1.0 + 0.25 * 2.0;
    assert_eq!(average.average(), [0.75 * second + 0.25 * 3.0]);
}

#[test]
fn tensor_board_makes_its_folder() {
    let folder = tempfile::tempdir().unwrap();
    let logs = folder.path().join("logs").join("run-1");
    epochs(&[1.0], &mut TensorBoard::new(&logs));
    assert_eq!(fs::read_dir(&logs).unwrap().count(), 1);
}

fn options(epochs: usize) -> FitOptions {
    FitOptions {
        epochs,
        loss: Loss::MeanAbsoluteError,
        optimizer: OptimizerOptions::Sgd(Sgd {
            learning_rate: 1.0,
            ..Sgd::default()
        }),
        ..FitOptions::default()
    }
}

/// The end of a training: its history and the network's weight.
fn end(trainer: &Trainer, network: &Scripted) -> String {
    format!("{:?} {}", trainer.history(), network.weight)
}

/// Asserts that a training with the callback that `make` makes ends the same if it goes on in another process after any of its epochs.
fn assert_survives<C: Callback>(losses: &[f32], make: impl Fn() -> C) {
    let mut network = Scripted::new(losses);
    let whole = train(&mut network, &mut [&mut make()]).unwrap();
    let expected = end(&whole, &network);
    for done in 1..whole.history().epochs.len() {
        let folder = tempfile::tempdir().unwrap();
        let checkpoints = || Checkpoints {
            path: folder.path().join("run.checkpoint"),
            every: Some(SaveEvery::Epochs(1)),
            code: "one".to_owned(),
        };
        // The power fails when the next epoch begins.
        let mut fail = Lambda::new().epoch_begin(|event, _| match event.epoch == done {
            true => Err(TrainingError::Callback("power cut".into())),
            false => Ok(()),
        });
        let mut first = Scripted::new(losses);
        let mut trainer = Trainer::new(options(losses.len()), &first)
            .unwrap()
            .with_checkpoints(checkpoints());
        let data = FitData::new(&Zero);
        trainer
            .fit(&mut first, data, &mut [&mut make(), &mut fail])
            .unwrap_err();

        let (mut second, mut callback) = (Scripted::new(losses), make());
        second.steps = done;
        let list: &mut [&mut dyn Callback] = &mut [&mut callback];
        let (resume, options) = (Resume::default(), options(losses.len()));
        let mut trainer = Trainer::resume(checkpoints(), resume, options, &mut second, data, list).unwrap();
        trainer.fit(&mut second, data, list).unwrap();
        assert_eq!(end(&trainer, &second), expected, "gone on after epoch {done}");
    }
}

#[test]
fn early_stopping_goes_on_with_its_best_epoch_and_its_patience() {
    let losses = [5.0, 3.0, 4.0, 3.5, 3.25, 1.0];
    assert_survives(&losses, || {
        stopping(EarlyStoppingOptions {
            patience: 3,
            restore_best_weights: true,
            ..EarlyStoppingOptions::default()
        })
    });
}

#[test]
fn a_plateau_goes_on_with_its_best_its_patience_and_its_cooldown() {
    assert_survives(&[2.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0], || {
        plateau(ReduceLrOnPlateauOptions {
            patience: 2,
            cooldown: 2,
            factor: 0.5,
            ..ReduceLrOnPlateauOptions::default()
        })
    });
}

#[test]
fn an_average_goes_on() {
    assert_survives(&[1.0; 4], || Ema::new(EmaOptions { momentum: 0.75 }));
}

#[test]
fn the_first_reason_to_stop_stays() {
    let stop = |by: &'static str| {
        Lambda::new().epoch_end(move |_, control| {
            control.stop(StopReason::Requested {
                by: by.to_owned(),
                why: "enough".to_owned(),
            });
            Ok(())
        })
    };
    let trainer = train(
        &mut Scripted::new(&[1.0; 3]),
        &mut [&mut stop("first"), &mut stop("second")],
    )
    .unwrap();
    assert_eq!(
        trainer.history().stop.as_ref().unwrap().reason.to_string(),
        "first: enough"
    );
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
