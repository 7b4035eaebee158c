//! The numeric contract, above the kernels: whichever instruction set and however many threads, training gives the same weights, bit for bit.
//!
//! The snapshots hold digests of the weights, so that other builds and other machines are compared with them too. Without polars, a release build:
//! `cargo test --release -p recurra-zoo --no-default-features --test contract`.
#![allow(clippy::unwrap_used)]

use recurra_kernels::{Cell, Isa, LayerShape, recurrent_threads, with_threads};
use recurra_models::{NamedTensors, Network, parameters, set_parameters};
use recurra_series::{WindowOptions, Windows, reference};
use recurra_training::{FitData, FitOptions, Loss, OptimizerOptions, Sgd, fit};
use recurra_zoo::{BuildOptions, Registry};
use sha2::{Digest, Sha256};

/// What is trained: the first windows of the reference series.
#[derive(Debug, Clone, Copy)]
struct Task {
    /// Steps of a window.
    window: usize,
    batch_size: usize,
    windows: usize,
    loss: Loss,
    learning_rate: f64,
}

/// The tutorial's recipe of a reference model, for as many batches as time allows: a full one, and a smaller one from the weights that the first
/// has moved.
fn tutorial(name: &str) -> Task {
    let (batch_size, loss, learning_rate) = match name {
        "rnn-2x40" => (128, Loss::Huber { delta: 1.0 }, 5e-6),
        _ => (32, Loss::MeanSquaredError, 1e-6),
    };
    Task {
        window: reference::WINDOW,
        batch_size,
        windows: batch_size + batch_size / 3,
        loss,
        learning_rate,
    }
}

/// Trains `network` from the parameters `start`, and gives the parameters after.
fn train(network: &mut dyn Network, start: &NamedTensors, task: Task) -> NamedTensors {
    let series = reference::values();
    let options = WindowOptions {
        size: task.window,
        ..WindowOptions::default()
    };
    let windows = Windows::new(&series[..task.windows + task.window], options).unwrap();
    let options = FitOptions {
        epochs: 1,
        batch_size: task.batch_size,
        shuffle_buffer: Some(1000),
        seed: 51,
        loss: task.loss,
        optimizer: OptimizerOptions::Sgd(Sgd {
            learning_rate: task.learning_rate,
            momentum: 0.9,
            ..Sgd::default()
        }),
    };
    set_parameters(network, start).unwrap();
    let history = fit(network, FitData::new(&windows), &options, &mut []).unwrap();
    assert!(history.epochs[0].training.loss.is_finite());
    parameters(network)
}

/// The first parameter whose bits differ, as text.
fn first_difference(left: &NamedTensors, right: &NamedTensors) -> Option<String> {
    assert!(left.keys().eq(right.keys()));
    let pairs = left.iter().zip(right.values()).flat_map(|((name, left), right)| {
        left.values
            .iter()
            .zip(&right.values)
            .enumerate()
            .map(move |pair| (name, pair))
    });
    pairs
        .map(|(name, (at, (left, right)))| (name, at, left, right, left.to_bits(), right.to_bits()))
        .find(|(.., left_bits, right_bits)| left_bits != right_bits)
        .map(|(name, at, left, right, left_bits, right_bits)| {
            format!("{name}[{at}]: {left:e} ({left_bits:08x}) and {right:e} ({right_bits:08x})")
        })
}

/// The first half of the SHA-256 of all weights, as a line for a snapshot.
fn digest(name: &str, weights: &NamedTensors) -> String {
    let mut hash = Sha256::new();
    for value in weights.values().flat_map(|tensor| &tensor.values) {
        hash.update(value.to_le_bytes());
    }
    let bytes: String = hash.finalize()[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{name:14} {bytes}\n")
}

/// Trains the model called `name` by `task` under every instruction set of this processor, on each number of threads, and gives the
/// digest of its weights.
fn check(name: &str, task: Task, all: &[usize]) -> String {
    let options = BuildOptions {
        output_scale: 100.0,
        seed: 51,
        ..BuildOptions::default()
    };
    let mut network = Registry::builtin().find(name).unwrap().build(&options).unwrap();
    let start = parameters(&*network);
    let mut first: Option<(NamedTensors, String)> = None;
    for isa in Isa::available() {
        for &threads in all {
            // Software multiply-adds are slow, so of the numbers of threads the portable path takes the ends.
            if isa == Isa::Portable && threads != 1 && Some(&threads) != all.last() {
                continue;
            }
            let ours = isa
                .with(|| with_threads(threads, || train(&mut *network, &start, task)))
                .unwrap();
            let here = format!("{isa} on {threads} threads");
            let (expected, there) = first.get_or_insert_with(|| (ours.clone(), here.clone()));
            if let Some(difference) = first_difference(expected, &ours) {
                panic!("{name}: {there} and {here} differ in {difference}");
            }
        }
    }
    // A training that left some part of the network as it was would agree with any other.
    let (after, _) = first.unwrap();
    for (parameter, before) in &start {
        assert_ne!(before, &after[parameter], "{name}: {parameter} was not trained");
    }
    digest(name, &after)
}

#[test]
fn the_reference_models_train_to_the_same_bits_everywhere() {
    let models = ["rnn-2x40", "bilstm-1x32", "bilstm-2x32", "bilstm-3x32"];
    let digests = models.map(|name| check(name, tutorial(name), &[1, 2, 3, 4]));
    insta::assert_snapshot!(digests.concat());
}

/// One step of every model; short windows in a small batch, because the portable path computes its multiply-adds in software.
#[test]
fn every_model_makes_one_step_to_the_same_bits_everywhere() {
    let zoo = Registry::builtin();
    let task = Task {
        window: 2,
        batch_size: 2,
        windows: 2,
        loss: Loss::MeanSquaredError,
        learning_rate: 1e-6,
    };
    let digests: Vec<_> = zoo.entries().map(|entry| check(entry.name(), task, &[1, 3])).collect();
    insta::assert_snapshot!(digests.concat());
}

/// Models big enough to be cut into chunks, in batches big enough that threads are started for them.
#[test]
fn models_in_chunks_train_to_the_same_bits_on_any_number_of_threads() {
    let mut digests = String::new();
    for (name, cell, passes, window) in [
        ("birnn-1x128", Cell::SimpleRnn, 2, 5),
        ("bilstm-1x128", Cell::Lstm, 2, 2),
        ("gru-1x128", Cell::Gru { reset_after: true }, 1, 4),
    ] {
        let task = Task {
            window,
            batch_size: 195,
            windows: 195,
            loss: Loss::MeanSquaredError,
            learning_rate: 1e-6,
        };
        let shape = LayerShape {
            batch: task.batch_size,
            steps: window,
            inputs: 1,
            hidden: 128,
        };
        for threads in 1..=4 {
            let started = with_threads(threads, || recurrent_threads(cell, shape, passes));
            assert_eq!(started, threads, "{name}: too small for this test");
        }
        digests += &check(name, task, &[1, 2, 3, 4]);
    }
    insta::assert_snapshot!(digests);
}
