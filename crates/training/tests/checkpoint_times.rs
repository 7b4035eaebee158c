//! When a checkpoint is made, and on which epoch's data the training stood then.
#![allow(clippy::unwrap_used)]

mod common;

use std::cell::RefCell;
use std::path::Path;

use common::{Scripted, Zeros};
use recurra_training::{
    BatchEnd, Callback, CallbackState, Checkpoints, Control, FitData, FitOptions, Lambda, Loss, SaveEvery, StopReason,
    Trainer, TrainingError,
};

/// Counts batches, and notes their number whenever a checkpoint asks for its state.
#[derive(Default)]
struct Saves {
    batches: usize,
    at: RefCell<Vec<usize>>,
}

impl Callback for Saves {
    fn name(&self) -> &'static str {
        "saves"
    }
    fn batch_end(&mut self, _: &BatchEnd, _: &mut Control<'_>) -> Result<(), TrainingError> {
        self.batches += 1;
        Ok(())
    }
    fn state(&self) -> Result<CallbackState, TrainingError> {
        self.at.borrow_mut().push(self.batches);
        Ok(CallbackState::default())
    }
}

fn checkpoints(folder: &Path, every: Option<SaveEvery>) -> Checkpoints {
    Checkpoints {
        path: folder.join("run.checkpoint"),
        every,
        code: "one".to_owned(),
    }
}

fn train(epochs: usize, checkpoints: &Checkpoints, callbacks: &mut [&mut dyn Callback]) -> Result<(), TrainingError> {
    let mut network = Scripted::new(&[1.0; 12]);
    let options = FitOptions {
        epochs,
        batch_size: 1,
        loss: Loss::MeanAbsoluteError,
        ..FitOptions::default()
    };
    let mut trainer = Trainer::new(options, &network)?.with_checkpoints(checkpoints.clone());
    // With one window a batch, three batches an epoch.
    trainer.fit(&mut network, FitData::new(&Zeros(3)), callbacks)?;
    Ok(())
}

/// Two epochs of three batches. The last number is the checkpoint of the training's end.
#[test]
fn a_checkpoint_is_made_when_it_is_due_and_never_twice_for_one_batch() {
    let cases = [
        (None, vec![6]),
        (Some(SaveEvery::Epochs(1)), vec![3, 6, 6]),
        (Some(SaveEvery::Epochs(2)), vec![6, 6]),
        (Some(SaveEvery::Batches(1)), vec![1, 2, 3, 4, 5, 6, 6]),
        (Some(SaveEvery::Batches(2)), vec![2, 4, 6, 6]),
        (Some(SaveEvery::Batches(3)), vec![3, 6, 6]),
        (Some(SaveEvery::Batches(4)), vec![4, 6]),
        (Some(SaveEvery::Batches(7)), vec![6]),
    ];
    for (every, expected) in cases {
        let folder = tempfile::tempdir().unwrap();
        let mut saves = Saves::default();
        train(2, &checkpoints(folder.path(), every), &mut [&mut saves]).unwrap();
        assert_eq!(saves.at.into_inner(), expected, "{every:?}");
    }
}

#[test]
fn what_stops_a_training_is_saved_once_when_it_ends() {
    let folder = tempfile::tempdir().unwrap();
    let mut saves = Saves::default();
    let mut stop = Lambda::new().batch_end(|event, control| {
        if (event.epoch, event.batch) == (1, 0) {
            control.stop(StopReason::Interrupted);
        }
        Ok(())
    });
    let every = Some(SaveEvery::Batches(2));
    train(2, &checkpoints(folder.path(), every), &mut [&mut saves, &mut stop]).unwrap();
    assert_eq!(saves.at.into_inner(), [2, 4]);
}

/// Where every epoch has data of its own, a training that goes on is given those of this epoch.
#[test]
fn the_epoch_of_a_checkpoint_is_the_one_that_it_is_in_or_that_just_ended() {
    let folder = tempfile::tempdir().unwrap();
    let checkpoints = checkpoints(folder.path(), Some(SaveEvery::Epochs(1)));
    let requested = || StopReason::Requested {
        by: "test".to_owned(),
        why: "enough".to_owned(),
    };
    for epochs in [0, 1, 3] {
        train(epochs, &checkpoints, &mut []).unwrap();
        assert_eq!(
            checkpoints.epoch().unwrap(),
            epochs.saturating_sub(1),
            "after {epochs} epochs"
        );
    }

    let mut interrupt = Lambda::new().batch_end(|event, control| {
        if (event.epoch, event.batch) == (2, 0) {
            control.stop(StopReason::Interrupted);
        }
        Ok(())
    });
    train(4, &checkpoints, &mut [&mut interrupt]).unwrap();
    assert_eq!(checkpoints.epoch().unwrap(), 2, "within epoch 2");

    let mut power_cut = Lambda::new().epoch_begin(|event, _| match event.epoch {
        2 => Err(TrainingError::Callback("power cut".into())),
        _ => Ok(()),
    });
    train(4, &checkpoints, &mut [&mut power_cut]).unwrap_err();
    assert_eq!(checkpoints.epoch().unwrap(), 1, "epoch 2 has not begun");

    let mut stop = Lambda::new().epoch_begin(|event, control| {
        if event.epoch == 2 {
            control.stop(requested());
        }
        Ok(())
    });
    train(4, &checkpoints, &mut [&mut stop]).unwrap();
    assert_eq!(
        checkpoints.epoch().unwrap(),
        2,
        "stopped before the first batch of epoch 2"
    );

    let mut stop = Lambda::new().epoch_end(|event, control| {
        if event.record.epoch == 2 {
            control.stop(requested());
        }
        Ok(())
    });
    train(4, &checkpoints, &mut [&mut stop]).unwrap();
    assert_eq!(checkpoints.epoch().unwrap(), 2, "stopped at the end of epoch 2");
}

/// Nothing has stopped the training of such a file: it says by its batch alone that the epoch has begun.
#[test]
fn the_epoch_of_a_checkpoint_that_a_power_cut_left_is_the_one_that_it_is_in() {
    let folder = tempfile::tempdir().unwrap();
    let checkpoints = checkpoints(folder.path(), Some(SaveEvery::Batches(1)));
    let mut power_cut = Lambda::new().batch_end(|event, _| match (event.epoch, event.batch) {
        (2, 1) => Err(TrainingError::Callback("power cut".into())),
        _ => Ok(()),
    });
    train(4, &checkpoints, &mut [&mut power_cut]).unwrap_err();
    assert_eq!(checkpoints.epoch().unwrap(), 2);
}

#[test]
fn a_checkpoint_that_is_missing_has_no_epoch() {
    let folder = tempfile::tempdir().unwrap();
    let error = checkpoints(folder.path(), None).epoch().unwrap_err().to_string();
    assert!(
        error.starts_with("cannot read ") && error.contains("run.checkpoint"),
        "{error}"
    );
}
