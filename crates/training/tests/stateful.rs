//! Trainings of networks that carry their states from batch to batch.
#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use recurra_models::{
    Bidirectional, Concat, FirstLayer, Head, InnerLayer, LastState, LstmCell, NamedTensor, NamedTensors, Network,
    Recurrent, Sequences, Sequential, SimpleRnnCell, parameters,
};
use recurra_series::{Samples, WindowOptions, Windows};
use recurra_training::{
    Adam, Callback, Checkpoints, FitData, FitOptions, History, Interruption, Lambda, LearningRateScheduler, Loss,
    OptimizerOptions, Resume, SaveEvery, Sgd, Trainer, TrainingError, fit,
};

const EPOCHS: usize = 3;
/// Windows of a batch.
const SIZE: usize = 2;
/// Training windows; five batches.
const WINDOWS: usize = 10;

fn network(seed: u64) -> impl Network {
    type First = Bidirectional<LstmCell, usize, 3, 6, Sequences, Concat>;
    type Second = Recurrent<SimpleRnnCell, recurra_models::Const<6>, 4, LastState>;
    Sequential::<(First, Second, Head<4>)>::new(1, 1, seed, |device| {
        Ok((
            First::first(device, 1)?.stateful(),
            Second::inner(device)?.recurrent_dropout(0.3).stateful(),
            Head::zeros(device, 1)?,
        ))
    })
    .unwrap()
}

fn series(windows: usize) -> Vec<f32> {
    (0..windows * 4 + 1)
        .map(|day| ((day * 29) % 17) as f32 / 8.0 - 1.0)
        .collect()
}

/// Windows that follow each other.
fn windows(series: &[f32]) -> Windows<'_> {
    Windows::new(
        series,
        WindowOptions {
            size: 4,
            shift: 4,
            horizon: 1,
        },
    )
    .unwrap()
}

fn options() -> FitOptions {
    FitOptions {
        epochs: EPOCHS,
        batch_size: SIZE,
        shuffle_buffer: Some(1),
        seed: 51,
        optimizer: OptimizerOptions::Adam(Adam {
            learning_rate: 0.05,
            ..Adam::default()
        }),
        ..FitOptions::default()
    }
}

fn bits(tensors: NamedTensors) -> Vec<(String, Vec<u32>)> {
    let of = |(name, tensor): (String, NamedTensor)| (name, tensor.values.into_iter().map(f32::to_bits).collect());
    tensors.into_iter().map(of).collect()
}

/// The mean loss of `samples`, batch by batch, each from the states that the one before left.
fn mean_loss(network: &mut dyn Network, samples: &dyn Samples) -> f64 {
    let mut sum = 0.0;
    for first in (0..samples.len()).step_by(SIZE) {
        let (mut inputs, mut targets) = (vec![0.0; SIZE * samples.steps()], vec![0.0; SIZE]);
        samples.gather(&[first, first + 1], &mut inputs, &mut targets);
        let forecasts = network.predict_next(&inputs, samples.steps()).unwrap();
        sum += Loss::MeanSquaredError.sum(&forecasts, &targets);
    }
    sum / samples.len() as f64
}

/// With a learning rate of zero the weights stay, so that every epoch must measure the same: from zero states, batch by batch; the validation from the
/// states that the last batch left.
#[test]
fn an_epoch_begins_from_zero_and_its_validation_goes_on_where_it_ended() {
    type Body = Recurrent<LstmCell, usize, 4, LastState>;
    let build = || {
        Sequential::<(Body, Head<4>)>::new(1, 1, 51, |device| {
            Ok((Body::first(device, 1)?.stateful(), Head::zeros(device, 1)?))
        })
        .unwrap()
    };
    let (training, validation) = (series(WINDOWS), series(4));
    let (training, validation) = (windows(&training), windows(&validation));
    let mut network = build();
    let options = FitOptions {
        optimizer: OptimizerOptions::Sgd(Sgd::default()),
        ..options()
    };
    let data = FitData::new(&training).with_validation(&validation);
    let mut stand_still = LearningRateScheduler::new(|_, _| 0.0);
    let history = fit(&mut network, data, &options, &mut [&mut stand_still]).unwrap();

    let mut by_hand = build();
    let expected = mean_loss(&mut by_hand, &training);
    let states = by_hand.states();
    let of_validation = mean_loss(&mut by_hand, &validation);
    assert_eq!(history.epochs.len(), EPOCHS);
    for epoch in &history.epochs {
        // The running mean of batches and the mean of all windows are summed in different orders.
        assert!((epoch.training.loss / expected - 1.0).abs() < 1e-12, "{epoch:?}");
        assert_eq!(epoch.validation.unwrap().loss, of_validation);
    }
    assert_eq!(bits(network.states()), bits(states), "the validation leaves no trace");
    // And the states matter.
    by_hand.reset_state();
    assert_ne!(mean_loss(&mut by_hand, &validation), of_validation);
}

#[test]
fn windows_out_of_order_and_batches_of_two_sizes_are_refused_before_training() {
    let refusal = |change: &dyn Fn(&mut FitOptions), windows_of: [usize; 2]| {
        let mut network = network(51);
        let before = bits(parameters(&network));
        let mut options = options();
        change(&mut options);
        let values = windows_of.map(series);
        let [training, validation] = [windows(&values[0]), windows(&values[1])];
        let data = FitData::new(&training).with_validation(&validation);
        let error = fit(&mut network, data, &options, &mut []).unwrap_err();
        assert_eq!(bits(parameters(&network)), before);
        error
    };
    let shuffled = refusal(&|options| options.shuffle_buffer = None, [10, 4]);
    assert!(matches!(shuffled, TrainingError::StatefulShuffled));
    let shuffled = refusal(&|options| options.shuffle_buffer = Some(2), [10, 4]);
    insta::assert_snapshot!(shuffled);
    let odd = refusal(&|options| options.batch_size = 4, [10, 4]);
    insta::assert_snapshot!(odd);
    let odd = refusal(&|_| (), [10, 5]);
    insta::assert_snapshot!(odd);
}

fn checkpoints(folder: &Path) -> Checkpoints {
    Checkpoints {
        path: folder.join("run.checkpoint"),
        every: Some(SaveEvery::Batches(1)),
        code: "one".to_owned(),
    }
}

type End = (History, Vec<(String, Vec<u32>)>, Vec<(String, Vec<u32>)>);

#[test]
fn interrupted_after_any_batch_it_ends_the_same() {
    let (training, validation) = (series(WINDOWS), series(4));
    let (training, validation) = (windows(&training), windows(&validation));
    let data = FitData::new(&training).with_validation(&validation);
    let end = |trainer: Trainer, network: &dyn Network| -> End {
        let (weights, states) = (bits(parameters(network)), bits(network.states()));
        assert!(!states.is_empty());
        (trainer.into_history(), weights, states)
    };
    let mut whole = network(51);
    let mut trainer = Trainer::new(options(), &whole).unwrap();
    trainer.fit(&mut whole, data, &mut []).unwrap();
    let expected = end(trainer, &whole);
    for stop_after in 1..=EPOCHS * WINDOWS / SIZE {
        let folder = tempfile::tempdir().unwrap();
        let mut half = network(51);
        let flag = AtomicBool::new(false);
        let mut done = 0;
        let mut raise = Lambda::new().batch_end(|_, _| {
            done += 1;
            flag.store(done == stop_after, Ordering::Relaxed);
            Ok(())
        });
        let mut interruption = Interruption::new(|| flag.load(Ordering::Relaxed));
        let list: &mut [&mut dyn Callback] = &mut [&mut raise, &mut interruption];
        let mut trainer = Trainer::new(options(), &half)
            .unwrap()
            .with_checkpoints(checkpoints(folder.path()));
        trainer.fit(&mut half, data, list).unwrap();

        // Another process: a network that began with other weights and carries nothing.
        let mut rest = network(7);
        let (resume, checkpoints) = (Resume::default(), checkpoints(folder.path()));
        let mut trainer = Trainer::resume(checkpoints, resume, options(), &mut rest, data, &mut []).unwrap();
        trainer.fit(&mut rest, data, &mut []).unwrap();
        assert_eq!(end(trainer, &rest), expected, "stopped after batch {stop_after}");
    }
}
