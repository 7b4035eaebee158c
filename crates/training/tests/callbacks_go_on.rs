//! Callbacks of a training that was interrupted: what a new process takes up, and what the old one leaves alone.
#![allow(clippy::unwrap_used)]

mod common;

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};

use common::{Scripted, Zeros, assert_survives, options, train};
use recurra_training::{
    Callback, CsvLogger, EarlyStopping, EarlyStoppingOptions, Ema, EmaOptions, FitData, Interruption, Lambda, Monitor,
    ReduceLrOnPlateau, ReduceLrOnPlateauOptions, StopReason, Trainer,
};

#[test]
fn early_stopping_goes_on_with_its_best_epoch_and_its_patience() {
    let losses = [5.0, 3.0, 4.0, 3.5, 3.25, 1.0];
    assert_survives(&losses, || {
        EarlyStopping::new(EarlyStoppingOptions {
            monitor: Monitor::Loss,
            patience: 3,
            restore_best_weights: true,
            ..EarlyStoppingOptions::default()
        })
    });
}

#[test]
fn early_stopping_takes_up_no_training_of_another_patience() {
    let of = |patience| {
        EarlyStopping::new(EarlyStoppingOptions {
            patience,
            ..EarlyStoppingOptions::default()
        })
    };
    let state = of(3).state().unwrap();
    assert!(of(3).restore(state.clone()).is_ok());
    let error = of(6).restore(state).unwrap_err().to_string();
    assert_eq!(
        error,
        "the checkpoint is of another training: patience of callback `early_stopping` is 3 in it and 6 here; take what it \
         was, or begin afresh"
    );
}

#[test]
fn a_plateau_goes_on_with_its_best_its_patience_and_its_cooldown() {
    assert_survives(&[2.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0], || {
        ReduceLrOnPlateau::new(ReduceLrOnPlateauOptions {
            monitor: Monitor::Loss,
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
fn early_stopping_gives_no_weights_back_to_a_training_that_will_go_on() {
    let flag = AtomicBool::new(false);
    let mut interruption = Interruption::new(|| flag.load(Ordering::Relaxed));
    let mut raise = Lambda::new().epoch_begin(|event, _| {
        flag.store(event.epoch == 2, Ordering::Relaxed);
        Ok(())
    });
    let mut early = EarlyStopping::new(EarlyStoppingOptions {
        monitor: Monitor::Loss,
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

#[test]
fn a_log_that_is_gone_or_another_ones_is_made_anew_from_the_history() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.csv");
    let mut network = Scripted::new(&[4.0, 3.0, 2.0]);
    let mut trainer = Trainer::new(options(1), &network).unwrap();
    let data = FitData::new(&Zeros(1));
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
