//! Checkpoints in the cases that are easily forgotten: two callbacks of one name, numbers that are not finite, intervals
//! that end with an epoch.
#![allow(clippy::unwrap_used)]

mod common;

use std::path::Path;

use common::{Scripted, Zeros, options};
use recurra_models::from_safetensors;
use recurra_training::{
    Callback, Checkpoints, FitData, Keep, Lambda, Mode, ModelCheckpoint, Monitor, Resume, SaveEvery, Trainer,
    TrainingError,
};

fn checkpoints(folder: &Path, every: Option<SaveEvery>) -> Checkpoints {
    Checkpoints {
        path: folder.join("run.checkpoint"),
        every,
        code: "one".to_owned(),
    }
}

fn fit(
    network: &mut Scripted,
    epochs: usize,
    checkpoints: Checkpoints,
    callbacks: &mut [&mut dyn Callback],
) -> Result<Trainer, TrainingError> {
    let mut trainer = Trainer::new(options(epochs), network)?.with_checkpoints(checkpoints);
    trainer.fit(network, FitData::new(&Zeros(1)), callbacks)?;
    Ok(trainer)
}

/// Another process: a network of other values, which knows how many losses are used up.
fn resume(
    losses: &[f32],
    done: usize,
    checkpoints: Checkpoints,
    callbacks: &mut [&mut dyn Callback],
) -> Result<Trainer, TrainingError> {
    let mut network = Scripted::new(losses);
    network.steps = done;
    let data = FitData::new(&Zeros(1));
    let options = options(losses.len());
    let mut trainer = Trainer::resume(checkpoints, Resume::default(), options, &mut network, data, callbacks)?;
    trainer.fit(&mut network, data, callbacks)?;
    Ok(trainer)
}

#[test]
fn each_of_two_callbacks_of_one_name_gets_its_own_state() {
    let folder = tempfile::tempdir().unwrap();
    let best_path = folder.path().join("best.safetensors");
    let losses = [2.0, 5.0, 3.0];
    let pair = || {
        let every = folder.path().join("every.safetensors");
        let every = ModelCheckpoint::new(every.to_str().unwrap(), Keep::Every(1));
        let (monitor, mode) = (Monitor::Loss, Mode::Min);
        let best = ModelCheckpoint::new(best_path.to_str().unwrap(), Keep::Best { monitor, mode });
        (every, best)
    };
    let checkpoints = checkpoints(folder.path(), None);
    let (mut every, mut best) = pair();
    let callbacks: &mut [&mut dyn Callback] = &mut [&mut every, &mut best];
    fit(&mut Scripted::new(&losses), 2, checkpoints.clone(), callbacks).unwrap();
    let (mut every, mut best) = pair();
    resume(&losses, 2, checkpoints, &mut [&mut every, &mut best]).unwrap();
    let weight = |name: &str| {
        let bytes = std::fs::read(folder.path().join(name)).unwrap();
        from_safetensors(&bytes).unwrap()["weight"].values[0]
    };
    assert_eq!(
        (weight("best.safetensors"), weight("every.safetensors")),
        (1.0, 3.0),
        "the loss of 3 after resuming is no better than the first epoch's 2"
    );
}

#[test]
fn a_callback_that_remembers_nothing_need_not_be_there() {
    let folder = tempfile::tempdir().unwrap();
    let checkpoints = checkpoints(folder.path(), None);
    let losses = [2.0, 1.0];
    let nothing: &mut [&mut dyn Callback] = &mut [&mut Lambda::new()];
    fit(&mut Scripted::new(&losses), 1, checkpoints.clone(), nothing).unwrap();
    assert_eq!(
        resume(&losses, 1, checkpoints, &mut []).unwrap().history().epochs.len(),
        2
    );
}

#[test]
fn a_history_with_numbers_that_are_not_finite_goes_on_unchanged() {
    let losses = [f32::INFINITY, f32::NAN, 1.0];
    fn infinite_rate() -> Lambda<'static> {
        Lambda::new().epoch_begin(|event, control| {
            control.set_learning_rate(if event.epoch == 1 { f64::INFINITY } else { 1.0 });
            Ok(())
        })
    }
    let folder = tempfile::tempdir().unwrap();
    let once = checkpoints(folder.path(), Some(SaveEvery::Epochs(1)));
    let alone = fit(&mut Scripted::new(&losses), 3, once, &mut [&mut infinite_rate()]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let checkpoints = checkpoints(folder.path(), Some(SaveEvery::Epochs(1)));
    let first: &mut [&mut dyn Callback] = &mut [&mut infinite_rate()];
    fit(&mut Scripted::new(&losses), 2, checkpoints.clone(), first).unwrap();
    let resumed = resume(&losses, 2, checkpoints, &mut [&mut infinite_rate()]).unwrap();
    let text = format!("{:?}", resumed.history());
    assert!(text.contains("learning_rate: inf") && text.contains("loss: inf") && text.contains("loss: NaN"));
    assert_eq!(text, format!("{:?}", alone.history()));
}

#[test]
fn a_checkpoint_that_is_due_with_the_last_batch_of_an_epoch_is_written() {
    let losses = [4.0, 3.0, 2.0, 1.0];
    // An epoch is one batch.
    let every = Some(SaveEvery::Batches(2));
    let fail_in = |epoch: usize, folder: &Path| {
        let mut fail = Lambda::new().epoch_begin(move |event, _| {
            if event.epoch == epoch {
                Err(TrainingError::Callback("power cut".into()))
            } else {
                Ok(())
            }
        });
        let callbacks: &mut [&mut dyn Callback] = &mut [&mut fail];
        fit(&mut Scripted::new(&losses), 4, checkpoints(folder, every), callbacks).unwrap_err();
    };
    let folder = tempfile::tempdir().unwrap();
    fail_in(1, folder.path());
    assert!(!checkpoints(folder.path(), every).path.exists(), "not due yet");
    fail_in(3, folder.path());
    let resumed = resume(&losses, 2, checkpoints(folder.path(), every), &mut []).unwrap();
    let measured: Vec<f64> = resumed
        .history()
        .epochs
        .iter()
        .map(|epoch| epoch.training.loss)
        .collect();
    assert_eq!(measured, [4.0, 3.0, 2.0, 1.0]);
}

#[test]
fn epochs_are_saved_at_their_interval() {
    let losses = [5.0, 4.0, 3.0, 2.0, 1.0];
    let every = Some(SaveEvery::Epochs(2));
    for (fails_in, saved) in [(1, None), (2, Some(2)), (3, Some(2)), (4, Some(4))] {
        let folder = tempfile::tempdir().unwrap();
        let mut fail = Lambda::new().epoch_begin(move |event, _| match event.epoch == fails_in {
            true => Err(TrainingError::Callback("power cut".into())),
            false => Ok(()),
        });
        let callbacks: &mut [&mut dyn Callback] = &mut [&mut fail];
        fit(
            &mut Scripted::new(&losses),
            5,
            checkpoints(folder.path(), every),
            callbacks,
        )
        .unwrap_err();
        let checkpoints = checkpoints(folder.path(), every);
        let found = checkpoints.path.exists().then(|| {
            let (mut network, data) = (Scripted::new(&losses), FitData::new(&Zeros(1)));
            let resume = Resume::default();
            let trainer = Trainer::resume(checkpoints, resume, options(5), &mut network, data, &mut []).unwrap();
            trainer.history().epochs.len()
        });
        assert_eq!(found, saved, "the power fails in epoch {fails_in}");
    }
}

#[test]
fn what_a_killed_process_left_beside_the_checkpoint_is_removed_when_training_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let checkpoints = checkpoints(folder.path(), Some(SaveEvery::Epochs(1)));
    std::fs::write(folder.path().join(".run.checkpoint.123-0.partial"), b"half").unwrap();
    fit(&mut Scripted::new(&[1.0]), 1, checkpoints, &mut []).unwrap();
    let names: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names, ["run.checkpoint"]);
}
