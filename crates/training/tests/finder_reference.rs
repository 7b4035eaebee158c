//! The learning-rate finder on the reference: two SimpleRNN layers of 40 units, windows of 20, Huber's loss, momentum 0.9.
#![allow(clippy::unwrap_used)]

use recurra_models::{
    Const, FirstLayer, Head, InnerLayer, LastState, Recurrent, Scale, Sequences, Sequential, SimpleRnnCell,
};
use recurra_series::{WindowOptions, Windows, reference};
use recurra_training::{FitData, FitOptions, LearningRateFinder, LearningRateSweep, Loss, OptimizerOptions, Sgd};

fn sweep(seed: u64) -> LearningRateSweep {
    type First = Recurrent<SimpleRnnCell, usize, 40, Sequences>;
    type Second = Recurrent<SimpleRnnCell, Const<40>, 40, LastState>;
    let series = reference::values();
    let windows = Windows::new(&series[..reference::TRAIN_LENGTH], WindowOptions::default()).unwrap();
    let mut network = Sequential::<(First, Second, Head<40>, Scale)>::new(1, 1, seed, |device| {
        Ok((
            First::first(device, 1)?,
            Second::inner(device)?,
            Head::zeros(device, 1)?,
            Scale::new(100.0),
        ))
    })
    .unwrap();
    let options = FitOptions {
        batch_size: 128,
        seed,
        loss: Loss::Huber { delta: 1.0 },
        optimizer: OptimizerOptions::Sgd(Sgd {
            momentum: 0.9,
            ..Sgd::default()
        }),
        ..FitOptions::default()
    };
    LearningRateFinder::default()
        .run(&mut network, FitData::new(&windows), &options)
        .unwrap()
}

#[test]
fn the_suggestion_is_right_for_each_of_ten_seeds() {
    let seeds: Vec<u64> = std::iter::once(51).chain(1..=9).collect();
    let found: Vec<LearningRateSweep> = std::thread::scope(|scope| {
        let workers: Vec<_> = seeds.iter().map(|&seed| scope.spawn(move || sweep(seed))).collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).collect()
    });
    for (seed, sweep) in seeds.iter().zip(found) {
        let (lowest, suggested, divergence) = (sweep.lowest, sweep.suggested, sweep.divergence);
        assert_eq!(sweep.points.len(), 100);
        assert!(
            (1e-6..=1e-5).contains(&suggested),
            "seed {seed}: {suggested:e} (lowest at {lowest:e}, divergence at {divergence:?})"
        );
    }
}
