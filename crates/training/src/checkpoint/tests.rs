//! Checkpoints whose checksum is right, and whose content is none that a training writes.
#![allow(clippy::unwrap_used)]

use std::fs;

use recurra_models::{FirstLayer, Head, LastState, LstmCell, Network, Recurrent, Sequential};
use recurra_series::{WindowOptions, Windows};

use super::{Checkpoint, Checkpoints, Resume, SaveEvery};
use crate::callback::Callback;
use crate::callbacks::{EarlyStopping, EarlyStoppingOptions};
use crate::data::FitData;
use crate::monitor::Monitor;
use crate::options::FitOptions;
use crate::trainer::Trainer;

fn network() -> impl Network {
    type Body = Recurrent<LstmCell, usize, 2, LastState>;
    Sequential::<(Body, Head<2>)>::new(1, 1, 51, |device| {
        Ok((Body::first(device, 1)?, Head::zeros(device, 1)?))
    })
    .unwrap()
}

/// What is said when a training goes on from its checkpoint after `change`.
fn outcome(change: impl FnOnce(&mut Checkpoint)) -> Result<(), String> {
    let folder = tempfile::tempdir().unwrap();
    let checkpoints = Checkpoints {
        path: folder.path().join("run.checkpoint"),
        every: Some(SaveEvery::Epochs(1)),
        code: "one".to_owned(),
    };
    let options = |epochs| FitOptions {
        epochs,
        batch_size: 4,
        ..FitOptions::default()
    };
    let stopping = || {
        EarlyStopping::new(EarlyStoppingOptions {
            monitor: Monitor::Loss,
            restore_best_weights: true,
            ..EarlyStoppingOptions::default()
        })
    };
    let series: Vec<f32> = (0..12).map(|day| (day % 5) as f32).collect();
    let size = 4;
    let windows = Windows::new(
        &series,
        WindowOptions {
            size,
            ..WindowOptions::default()
        },
    );
    let windows = windows.unwrap();
    let data = FitData::new(&windows);
    let mut net = network();
    let mut trainer = Trainer::new(options(1), &net)
        .unwrap()
        .with_checkpoints(checkpoints.clone());
    trainer.fit(&mut net, data, &mut [&mut stopping()]).unwrap();

    let path = &checkpoints.path;
    let mut checkpoint = Checkpoint::from_bytes(path, &fs::read(path).unwrap()).unwrap();
    change(&mut checkpoint);
    fs::write(path, checkpoint.to_bytes().unwrap()).unwrap();
    let mut stopping = stopping();
    let callbacks: &mut [&mut dyn Callback] = &mut [&mut stopping];
    let said = |error: crate::TrainingError| error.to_string().replace(folder.path().to_str().unwrap(), "FOLDER");
    let mut trainer = Trainer::resume(
        checkpoints.clone(),
        Resume::default(),
        options(2),
        &mut net,
        data,
        callbacks,
    )
    .map_err(said)?;
    trainer.fit(&mut net, data, callbacks).map_err(said)?;
    Ok(())
}

#[test]
fn what_no_training_writes_is_refused_before_it_is_used() {
    assert_eq!(outcome(|_| ()), Ok(()));
    let moments =
        "FOLDER/run.checkpoint is not a whole checkpoint: the optimizer's moments are not one value for each parameter";
    let position = "FOLDER/run.checkpoint is not a whole checkpoint: its position is none that a training comes to";
    let refused = |expected: &str, change: fn(&mut Checkpoint)| assert_eq!(outcome(change), Err(expected.to_owned()));
    refused(moments, |checkpoint| checkpoint.moments.truncate(1));
    refused(moments, |checkpoint| checkpoint.moments[1].truncate(34));
    refused(position, |checkpoint| checkpoint.position.epoch = 0);
    refused(position, |checkpoint| checkpoint.position.batch = 2);
    refused(position, |checkpoint| checkpoint.position.windows = 1);
    refused(position, |checkpoint| checkpoint.position.steps = u64::MAX);
    refused(
        "the checkpoint's state of callback `early_stopping` cannot be read: it keeps 2 weights, the network has 35",
        |checkpoint| {
            let kept = checkpoint.callbacks[0].1.tensors.get_mut("best_weights");
            kept.unwrap().truncate(2);
        },
    );
}
