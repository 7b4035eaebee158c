//! A training that goes on from a checkpoint ends with the bits of one that never stopped.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use recurra_models::{
    Const, Dropout, FirstLayer, GruCell, Head, InnerLayer, LastState, LstmCell, NamedTensors, Network, Recurrent,
    Sequences, Sequential, parameters,
};
use recurra_series::{WindowOptions, Windows};
use recurra_training::{
    Adam, Callback, CheckpointError, Checkpoints, Clipping, EarlyStopping, EarlyStoppingOptions, Ema, EmaOptions,
    FitData, FitOptions, History, Interruption, Lambda, LearningRateScheduler, Monitor, OptimizerOptions,
    ReduceLrOnPlateau, ReduceLrOnPlateauOptions, Resume, SaveEvery, StopReason, Trainer, TrainingError,
};

const EPOCHS: usize = 4;
/// 40 windows in batches of 12.
const BATCHES: usize = 4;

fn series() -> Vec<f32> {
    (0..46).map(|day| ((day * 29) % 17) as f32 / 8.0 - 1.0).collect()
}

fn windows(series: &[f32]) -> Windows<'_> {
    Windows::new(
        series,
        WindowOptions {
            size: 6,
            shift: 1,
            horizon: 1,
        },
    )
    .unwrap()
}

fn network(seed: u64) -> impl Network {
    type First = Recurrent<LstmCell, usize, 3, Sequences>;
    type Second = Recurrent<GruCell, Const<3>, 4, LastState>;
    Sequential::<(First, Second, Dropout, Head<4>)>::new(1, 1, seed, |device| {
        Ok((
            First::first(device, 1)?,
            Second::inner(device)?,
            Dropout::new(0.2),
            Head::zeros(device, 1)?,
        ))
    })
    .unwrap()
}

fn options() -> FitOptions {
    let clipping = Some(Clipping::GlobalNorm { limit: 0.5 });
    FitOptions {
        epochs: EPOCHS,
        batch_size: 12,
        shuffle_buffer: Some(16),
        seed: 51,
        optimizer: OptimizerOptions::Adam(Adam {
            learning_rate: 0.05,
            clipping,
            ..Adam::adam_w()
        }),
        ..FitOptions::default()
    }
}

fn checkpoints(folder: &Path) -> Checkpoints {
    Checkpoints {
        path: folder.join("run.checkpoint"),
        every: Some(SaveEvery::Batches(1)),
        code: "one".to_owned(),
    }
}

/// The callbacks of a run with as much state as there is.
struct Callbacks {
    stopping: EarlyStopping,
    reduce: ReduceLrOnPlateau,
    ema: Ema,
    schedule: LearningRateScheduler<'static>,
}

impl Callbacks {
    /// No epoch counts as an improvement on the first: early stopping ends the training after `patience` epochs more, with the
    /// first one's weights.
    fn new(patience: usize) -> Self {
        let watch = EarlyStoppingOptions {
            monitor: Monitor::ValMae,
            patience,
            min_delta: 100.0,
            restore_best_weights: true,
            ..EarlyStoppingOptions::default()
        };
        let reduce = ReduceLrOnPlateauOptions {
            monitor: Monitor::Loss,
            patience: 1,
            min_delta: 0.05,
            factor: 0.5,
            ..ReduceLrOnPlateauOptions::default()
        };
        Self {
            stopping: EarlyStopping::new(watch),
            reduce: ReduceLrOnPlateau::new(reduce),
            ema: Ema::new(EmaOptions { momentum: 0.9 }),
            schedule: LearningRateScheduler::new(|epoch, rate| if epoch == 1 { rate * 0.7 } else { rate }),
        }
    }

    fn list(&mut self) -> [&mut dyn Callback; 4] {
        [&mut self.schedule, &mut self.reduce, &mut self.stopping, &mut self.ema]
    }
}

fn bits(network: &dyn Network) -> Vec<u32> {
    let tensors: NamedTensors = parameters(network);
    tensors
        .into_values()
        .flat_map(|tensor| tensor.values)
        .map(f32::to_bits)
        .collect()
}

fn uninterrupted(patience: usize) -> (History, Vec<u32>, Vec<f32>) {
    let series = series();
    let windows = windows(&series);
    let weights: Vec<f32> = (0..40).map(|window| 0.5 + window as f32 / 40.0).collect();
    let data = FitData::new(&windows)
        .with_validation(&windows)
        .with_sample_weights(&weights);
    let (mut network, mut callbacks) = (network(51), Callbacks::new(patience));
    let mut trainer = Trainer::new(options(), &network).unwrap();
    trainer.fit(&mut network, data, &mut callbacks.list()).unwrap();
    let average = callbacks.ema.average().to_vec();
    (trainer.into_history(), bits(&network), average)
}

#[test]
fn interrupted_after_any_batch_it_ends_the_same() {
    let history = ends_the_same(9);
    assert_eq!((history.epochs.len(), history.stop), (EPOCHS, None));
}

/// Also where the interruption comes in the very batch after which it would have stopped.
#[test]
fn interrupted_after_any_batch_it_is_stopped_early_the_same() {
    let history = ends_the_same(1);
    assert_eq!(history.epochs.len(), 2);
    assert!(matches!(history.stop.unwrap().reason, StopReason::Requested { by, .. } if by == "early_stopping"));
}

/// Interrupts a training after each of its batches in turn; gives the history that it has in every case.
fn ends_the_same(patience: usize) -> History {
    let expected = uninterrupted(patience);
    let series = series();
    let windows = windows(&series);
    let weights: Vec<f32> = (0..40).map(|window| 0.5 + window as f32 / 40.0).collect();
    let data = FitData::new(&windows)
        .with_validation(&windows)
        .with_sample_weights(&weights);
    for stop_after in 1..=expected.0.epochs.len() * BATCHES {
        let folder = tempfile::tempdir().unwrap();
        let (mut network, mut callbacks) = (network(51), Callbacks::new(patience));
        let flag = AtomicBool::new(false);
        let mut done = 0;
        let mut raise = Lambda::new().batch_end(|_, _| {
            done += 1;
            flag.store(done == stop_after, Ordering::Relaxed);
            Ok(())
        });
        let mut interruption = Interruption::new(|| flag.load(Ordering::Relaxed));
        let mut list: Vec<&mut dyn Callback> = vec![&mut raise, &mut interruption];
        list.extend(callbacks.list());
        let mut trainer = Trainer::new(options(), &network)
            .unwrap()
            .with_checkpoints(checkpoints(folder.path()));
        trainer.fit(&mut network, data, &mut list).unwrap();
        drop(list);

        // Another process: other objects, and a network that began with other values.
        let (mut network, mut callbacks) = (self::network(7), Callbacks::new(patience));
        let mut list = callbacks.list();
        let mut trainer = Trainer::resume(
            checkpoints(folder.path()),
            Resume::default(),
            options(),
            &mut network,
            data,
            &mut list,
        )
        .unwrap();
        trainer.fit(&mut network, data, &mut list).unwrap();
        let average = callbacks.ema.average().to_vec();
        assert_eq!(
            (trainer.into_history(), bits(&network), average),
            expected,
            "stopped after batch {stop_after}"
        );
    }
    expected.0
}

#[test]
fn a_training_that_was_stopped_for_good_stays_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let series = series();
    let windows = windows(&series);
    let data = FitData::new(&windows);
    let mut network = network(51);
    let mut stop = Lambda::new().epoch_end(|_, control| {
        control.stop(StopReason::Requested {
            by: "test".to_owned(),
            why: "enough".to_owned(),
        });
        Ok(())
    });
    let mut trainer = Trainer::new(options(), &network)
        .unwrap()
        .with_checkpoints(checkpoints(folder.path()));
    trainer.fit(&mut network, data, &mut [&mut stop]).unwrap();
    let mut trainer = Trainer::resume(
        checkpoints(folder.path()),
        Resume::default(),
        options(),
        &mut network,
        data,
        &mut [],
    )
    .unwrap();
    assert_eq!(trainer.fit(&mut network, data, &mut []).unwrap().epochs.len(), 1);
    assert!(trainer.history().stop.is_some());
    // Called once more, it goes on.
    assert_eq!(trainer.fit(&mut network, data, &mut []).unwrap().epochs.len(), EPOCHS);
}

/// A finished training of one epoch, and what taking it up with other things says.
fn refusal(change: impl FnOnce(&mut FitOptions, &mut Checkpoints, &mut Vec<f32>)) -> Result<History, TrainingError> {
    let folder = tempfile::tempdir().unwrap();
    let mut series = series();
    let mut options = FitOptions { epochs: 1, ..options() };
    let mut checkpoints = checkpoints(folder.path());
    let mut net = network(51);
    let mut trainer = Trainer::new(options.clone(), &net)
        .unwrap()
        .with_checkpoints(checkpoints.clone());
    trainer.fit(&mut net, FitData::new(&windows(&series)), &mut []).unwrap();
    change(&mut options, &mut checkpoints, &mut series);
    let windows = windows(&series);
    let data = FitData::new(&windows);
    let allow_code_change = checkpoints.code == "allowed";
    let resume = Resume { allow_code_change };
    let mut trainer = Trainer::resume(checkpoints, resume, options, &mut net, data, &mut [])?;
    trainer.fit(&mut net, data, &mut [])?;
    Ok(trainer.into_history())
}

#[test]
fn another_training_is_refused_by_the_field_that_differs() {
    let field = |outcome: Result<History, TrainingError>| match outcome {
        Err(TrainingError::Checkpoint(CheckpointError::Differs {
            field,
            checkpoint,
            here,
            ..
        })) => {
            format!("{field}: {checkpoint} → {here}")
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(
        field(refusal(|options, _, _| options.seed = 52)),
        "options.seed: 51 → 52"
    );
    assert_eq!(
        field(refusal(|options, _, _| options.batch_size = 10)),
        "options.batch_size: 12 → 10"
    );
    assert_eq!(
        field(refusal(
            |options, _, _| options.optimizer = options.optimizer.with_learning_rate(0.5)
        )),
        "options.optimizer.learning_rate: 0.05 → 0.5"
    );
    assert!(field(refusal(|_, _, series| series[3] += 1.0)).starts_with("data.training.checksum: "));
    assert_eq!(
        field(refusal(|_, _, series| series.truncate(40))).split(':').next(),
        Some("data.training.windows")
    );
}

#[test]
fn more_epochs_are_no_difference() {
    assert_eq!(refusal(|options, _, _| options.epochs = 3).unwrap().epochs.len(), 3);
}

#[test]
fn other_code_is_refused_unless_it_is_allowed_and_recorded() {
    let error = refusal(|_, checkpoints, _| checkpoints.code = "two".to_owned()).unwrap_err();
    assert!(
        matches!(&error, TrainingError::Checkpoint(CheckpointError::Code { .. })),
        "{error}"
    );
    let history = refusal(|options, checkpoints, _| {
        options.epochs = 2;
        checkpoints.code = "allowed".to_owned();
    });
    let history = history.unwrap();
    assert_eq!(history.epochs.len(), 2);
    let change = &history.code_changes[0];
    assert_eq!(
        (change.epoch, change.from.as_str(), change.to.as_str()),
        (1, "one", "allowed")
    );
}

#[test]
fn another_network_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let series = series();
    let windows = windows(&series);
    let data = FitData::new(&windows);
    let mut net = network(51);
    let mut trainer = Trainer::new(options(), &net)
        .unwrap()
        .with_checkpoints(checkpoints(folder.path()));
    trainer.fit(&mut net, data, &mut []).unwrap();
    type Body = Recurrent<LstmCell, usize, 3, LastState>;
    let mut other = Sequential::<(Body, Head<3>)>::new(1, 1, 51, |device| {
        Ok((Body::first(device, 1)?, Head::zeros(device, 1)?))
    })
    .unwrap();
    let error = Trainer::resume(
        checkpoints(folder.path()),
        Resume::default(),
        options(),
        &mut other,
        data,
        &mut [],
    )
    .unwrap_err();
    assert!(
        error
            .to_string()
            .contains("network.layers.length is 4 in it and 2 here"),
        "{error}"
    );
}

#[test]
fn a_callback_that_is_missing_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let series = series();
    let windows = windows(&series);
    let data = FitData::new(&windows).with_validation(&windows);
    let (mut net, mut callbacks) = (network(51), Callbacks::new(9));
    let mut trainer = Trainer::new(options(), &net)
        .unwrap()
        .with_checkpoints(checkpoints(folder.path()));
    trainer.fit(&mut net, data, &mut callbacks.list()).unwrap();
    let error = Trainer::resume(
        checkpoints(folder.path()),
        Resume::default(),
        options(),
        &mut net,
        data,
        &mut [],
    );
    let message = error.unwrap_err().to_string();
    assert!(
        message.contains("`reduce_lr_on_plateau`, which this training does not have"),
        "{message}"
    );
}

#[test]
fn a_damaged_file_is_refused_whichever_byte_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let series = series();
    let windows = windows(&series);
    let data = FitData::new(&windows);
    let mut net = network(51);
    let mut trainer = Trainer::new(options(), &net)
        .unwrap()
        .with_checkpoints(checkpoints(folder.path()));
    trainer.fit(&mut net, data, &mut []).unwrap();
    let path = checkpoints(folder.path()).path;
    let whole = fs::read(&path).unwrap();
    let mut refuse = |bytes: &[u8], case: &str| {
        fs::write(&path, bytes).unwrap();
        let outcome = Trainer::resume(
            checkpoints(folder.path()),
            Resume::default(),
            options(),
            &mut net,
            data,
            &mut [],
        );
        let refused = matches!(
            outcome,
            Err(TrainingError::Checkpoint(
                CheckpointError::NotWhole { .. } | CheckpointError::Version { .. }
            ))
        );
        assert!(refused, "{case}");
    };
    for at in (0..whole.len()).step_by(101) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x10;
        refuse(&bytes, &format!("byte {at}"));
    }
    for length in [0, 7, 8, 500, whole.len() - 1] {
        refuse(&whole[..length], &format!("{length} bytes"));
    }
}
