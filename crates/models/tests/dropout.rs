//! Dropout and activations in a network.
#![allow(clippy::unwrap_used)]

use recurra_models::{
    Activation, ActivationKind, Const, Dense, Dropout, FirstLayer, Head, LastState, Network, Recurrent, Sequential,
    SimpleRnnCell, Summary,
};

type Body = Recurrent<SimpleRnnCell, usize, 64, LastState>;

fn network(rate: f32) -> impl Network {
    Sequential::<(Body, Dropout, Dense<64, 8>, Activation, Head<8>)>::new(1, 64, 51, |device| {
        Ok((
            Body::first(device, 1)?,
            Dropout::new(rate),
            Dense::zeros(device, Const)?,
            Activation::new(ActivationKind::Relu),
            Head::zeros(device, 64)?,
        ))
    })
    .unwrap()
}

#[test]
fn a_share_that_is_none_is_refused() {
    for rate in [1.0, 20.0, -0.1, f32::NAN] {
        let expected = |layer| format!("layer `{layer}` drops the share {rate}; it must be at least 0 and below 1");
        let dropout = Sequential::<(Body, Dropout, Dropout, Head<64>)>::new(1, 1, 51, |device| {
            let (body, head) = (Body::first(device, 1)?, Head::zeros(device, 1)?);
            Ok((body, Dropout::new(0.5), Dropout::new(rate), head))
        });
        assert_eq!(dropout.unwrap_err().to_string(), expected("dropout_1"));
        let recurrent = Sequential::<(Body, Head<64>)>::new(1, 1, 51, |device| {
            Ok((Body::first(device, 1)?.recurrent_dropout(rate), Head::zeros(device, 1)?))
        });
        assert_eq!(recurrent.unwrap_err().to_string(), expected("simple_rnn"));
    }
}

/// The forecasts of a step, and the gradients of their sum.
fn step(network: &mut dyn Network, inputs: &[f32], seed: u64, step: u64) -> (Vec<f32>, Vec<f32>) {
    let mut gradients = vec![0.0; network.parameter_count()];
    let mut seen = Vec::new();
    let mut loss = |forecasts: &[f32], gradient: &mut [f32]| {
        seen = forecasts.to_vec();
        gradient.fill(1.0);
        0.0
    };
    network.begin_step(seed, step);
    network.gradients(inputs, 3, &mut loss, &mut gradients).unwrap();
    (seen, gradients)
}

#[test]
fn the_summary_knows_them() {
    insta::assert_snapshot!(Summary::of(&network(0.25)));
}

#[test]
fn what_is_dropped_follows_from_seed_and_step() {
    let inputs = [0.3, -0.2, 0.9, 0.1, 0.5, -0.7];
    let (mut first, mut second) = (network(0.5), network(0.5));
    // A step more or less before it changes nothing.
    step(&mut first, &inputs, 51, 6);
    assert_eq!(step(&mut first, &inputs, 51, 7), step(&mut second, &inputs, 51, 7));
    assert_ne!(step(&mut first, &inputs, 51, 7).0, step(&mut first, &inputs, 51, 8).0);
    assert_ne!(step(&mut first, &inputs, 51, 7).0, step(&mut first, &inputs, 52, 7).0);
}

#[test]
fn without_a_tape_and_at_rate_zero_nothing_is_dropped() {
    let inputs = [0.3, -0.2, 0.9, 0.1, 0.5, -0.7];
    let (mut none, half) = (network(0.0), network(0.5));
    let expected = none.predict(&inputs, 3).unwrap();
    assert_eq!(half.predict(&inputs, 3).unwrap(), expected);
    assert_eq!(step(&mut none, &inputs, 51, 0).0, expected);
}

/// A dropout alone after a layer of ones: shares, values and gradients can be read off.
#[test]
fn the_rest_is_scaled_so_that_the_mean_stays() {
    use dfdx::prelude::{Module, Trace};
    use dfdx::tensor::{Cpu, Tensor, ZerosTensor};
    use dfdx::tensor_ops::{Backward, SumTo};
    let mut x: Tensor<(usize,), f32, Cpu> = Cpu::default().try_zeros_like(&(10_000,)).unwrap();
    x.copy_from(&[1.0; 10_000]);
    let y = Dropout::new(0.2).try_forward(x.clone().leaky_traced()).unwrap();
    let values = y.as_vec();
    let dropped = values.iter().filter(|&&value| value == 0.0).count();
    // Four standard errors of the share: 0.016.
    assert!((1840..2160).contains(&dropped), "{dropped}");
    assert!(values.iter().all(|&value| value == 0.0 || value == 1.25));
    let mut gradients = y.sum::<(), _>().backward();
    assert_eq!(gradients.get_or_alloc_mut(&x).unwrap().as_slice(), values);
}
