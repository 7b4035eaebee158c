//! Layers with options without the tape: the bits of the tape's forward pass, from whatever state, in whatever direction, however joined.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use recurra_kernels::{Isa, with_threads};
use recurra_models::{
    Average, Bidirectional, Concat, Const, FirstLayer, GruCell, GruResetBeforeCell, Head, InnerLayer, LastState,
    LstmCell, Mul, NamedTensors, Network, Recurrent, Sequences, Sequential, SimpleRnnCell, Sum,
};

const COLUMNS: usize = 2;

/// One-way layers of every cell, read backwards and forwards, every step and the last state alone; with `stateful` the odd ones carry their states.
fn one_way(stateful: bool) -> Box<dyn Network> {
    type First = Recurrent<LstmCell, usize, 19, Sequences>;
    type Second = Recurrent<GruCell, Const<19>, 17, Sequences>;
    type Third = Recurrent<GruResetBeforeCell, Const<17>, 6, Sequences>;
    type Fourth = Recurrent<SimpleRnnCell, Const<6>, 18, LastState>;
    let network = Sequential::<(First, Second, Third, Fourth, Head<18>)>::new(COLUMNS, 3, 5, |device| {
        let first = First::first(device, COLUMNS)?.go_backwards();
        let second = Second::inner(device)?.recurrent_dropout(0.0);
        let third = Third::inner(device)?.go_backwards();
        let fourth = Fourth::inner(device)?.go_backwards();
        let head = Head::zeros(device, 3)?;
        Ok(if stateful {
            (first.stateful(), second, third.stateful(), fourth.stateful(), head)
        } else {
            (first, second, third, fourth, head)
        })
    });
    Box::new(network.unwrap())
}

/// Two readings, joined in each way.
fn both_ways(stateful: bool) -> Box<dyn Network> {
    type First = Bidirectional<LstmCell, usize, 9, 18, Sequences, Concat>;
    type Second = Bidirectional<GruCell, Const<18>, 20, 20, Sequences, Mul>;
    type Third = Bidirectional<SimpleRnnCell, Const<20>, 7, 7, Sequences, Sum>;
    type Fourth = Bidirectional<LstmCell, Const<7>, 17, 17, LastState, Average>;
    let network = Sequential::<(First, Second, Third, Fourth, Head<17>)>::new(COLUMNS, 3, 5, |device| {
        let layers = (
            First::first(device, COLUMNS)?,
            Second::inner(device)?,
            Third::inner(device)?,
            Fourth::inner(device)?,
        );
        let head = Head::zeros(device, 3)?;
        let (first, second, third, fourth) = layers;
        Ok(if stateful {
            let (first, second) = (first.stateful(), second.stateful());
            (first, second, third.stateful(), fourth.stateful(), head)
        } else {
            (first, second, third, fourth, head)
        })
    });
    Box::new(network.unwrap())
}

/// What the tape's forward pass gives.
fn on_the_tape(network: &mut dyn Network, inputs: &[f32], steps: usize) -> Vec<f32> {
    let mut seen = Vec::new();
    let mut gradients = vec![0.0; network.parameter_count()];
    let mut loss = |forecasts: &[f32], _: &mut [f32]| {
        seen = forecasts.to_vec();
        0.0
    };
    network.gradients(inputs, steps, &mut loss, &mut gradients).unwrap();
    seen
}

fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|value| value.to_bits()).collect()
}

fn state_bits(states: NamedTensors) -> Vec<(String, Vec<usize>, Vec<u32>)> {
    let of = |(name, tensor): (String, recurra_models::NamedTensor)| (name, tensor.shape, bits(&tensor.values));
    states.into_iter().map(of).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Three batches one after the other: [`Network::predict_next`] sees and leaves what training sees and leaves.
    #[test]
    fn carried_states_give_the_bits_of_the_tape(
        batch in 1_usize..=9,
        steps in 1_usize..=6,
        bidirectional: bool,
        threads in 1_usize..=3,
        values in prop::collection::vec(-2.0_f32..2.0, 3 * 9 * 6 * COLUMNS),
    ) {
        let build = if bidirectional { both_ways } else { one_way };
        let mut taped = build(true);
        for isa in Isa::available() {
            taped.reset_state();
            let mut next = build(true);
            for inputs in values.chunks_exact(9 * 6 * COLUMNS) {
                let inputs = &inputs[..batch * steps * COLUMNS];
                let expected = on_the_tape(&mut *taped, inputs, steps);
                let found = isa.with(|| with_threads(threads, || next.predict_next(inputs, steps)));
                prop_assert_eq!(bits(&found.unwrap().unwrap()), bits(&expected), "{}", isa);
                prop_assert_eq!(state_bits(next.states()), state_bits(taped.states()), "{}", isa);
            }
        }
    }

    /// Layers that carry nothing, read backwards or from both ends, alone and behind each other.
    #[test]
    fn every_direction_gives_the_bits_of_the_tape(
        batch in 1_usize..=9,
        steps in 1_usize..=6,
        bidirectional: bool,
        values in prop::collection::vec(-2.0_f32..2.0, 9 * 6 * COLUMNS),
    ) {
        let mut network = if bidirectional { both_ways(false) } else { one_way(false) };
        let inputs = &values[..batch * steps * COLUMNS];
        let expected = on_the_tape(&mut *network, inputs, steps);
        for isa in Isa::available() {
            let found = isa.with(|| network.predict(inputs, steps)).unwrap();
            prop_assert_eq!(bits(&found.unwrap()), bits(&expected), "{}", isa);
        }
    }
}

/// A stateful network beside the same without states tells that the states matter; else the properties above would say nothing.
#[test]
fn states_change_the_second_forecast_of_every_stateful_network() {
    for build in [one_way, both_ways] {
        let inputs: Vec<f32> = (0_i16..12).map(|index| f32::from(index * 5 % 7) / 3.0 - 1.0).collect();
        let (mut stateful, mut plain) = (build(true), build(false));
        let first = stateful.predict_next(&inputs, 3).unwrap();
        assert_eq!(first, plain.predict_next(&inputs, 3).unwrap());
        assert_ne!(stateful.predict_next(&inputs, 3).unwrap(), first);
        assert_eq!(plain.predict_next(&inputs, 3).unwrap(), first);
    }
}
