//! Networks whose recurrent layers have options: what is carried, what is dropped, and what files and summaries say.
#![allow(clippy::unwrap_used)]

use recurra_kernels::{Direction, LayerShape, Outputs, Pass, RecurrentScratch, Weights, recurrent_forward};
use recurra_models::{
    Bidirectional, Concat, FirstLayer, Generator, Head, InnerLayer, LastState, LayerDescription, LstmCell, ModelError,
    NamedTensor, Network, Recurrent, Sequences, Sequential, SimpleRnnCell, Summary, parameters,
};

type Lower = Bidirectional<LstmCell, usize, 4, 8, Sequences, Concat>;
type Upper = Recurrent<LstmCell, recurra_models::Const<8>, 6, LastState>;

/// The same network with or without stateful layers and recurrent dropout.
fn network(stateful: bool, rate: f32) -> impl Network + use<> {
    Sequential::<(Lower, Upper, Head<6>)>::new(1, 1, 51, |device| {
        let lower = Lower::first(device, 1)?.recurrent_dropout(rate);
        let upper = Upper::inner(device)?.recurrent_dropout(rate);
        let head = Head::zeros(device, 1)?;
        Ok(if stateful {
            (lower.stateful(), upper.stateful(), head)
        } else {
            (lower, upper, head)
        })
    })
    .unwrap()
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

const INPUTS: [f32; 6] = [0.3, -0.2, 0.9, 0.1, 0.5, -0.7];
const NEXT: [f32; 6] = [0.2, 0.8, -0.4, 0.6, -0.1, 0.3];

#[test]
fn summaries_and_descriptions_know_the_options() {
    type Backwards = Recurrent<SimpleRnnCell, usize, 4, LastState>;
    let network = Sequential::<(Backwards, Head<4>)>::new(1, 1, 51, |device| {
        let body = Backwards::first(device, 1)?;
        Ok((
            body.go_backwards().stateful().recurrent_dropout(0.25),
            Head::zeros(device, 1)?,
        ))
    })
    .unwrap();
    insta::assert_snapshot!(Summary::of(&network));
    let description = &network.layers()[0].description;
    let json = serde_json::to_string(description).unwrap();
    insta::assert_snapshot!(json);
    assert_eq!(&serde_json::from_str::<LayerDescription>(&json).unwrap(), description);
    // Files from before there were options.
    let old = r#"{"class":"recurrent","cell":"LSTM","units":3,"return_sequences":false}"#;
    let read: LayerDescription = serde_json::from_str(old).unwrap();
    assert!(read.recurrent_options().is_default());
    assert_eq!(serde_json::to_string(&read).unwrap(), old);
    let unknown = old.replace('}', r#","options":{"statefull":true}}"#);
    let error = serde_json::from_str::<LayerDescription>(&unknown)
        .unwrap_err()
        .to_string();
    assert!(error.contains("statefull"), "{error}");
}

#[test]
fn a_stateful_network_trains_on_from_the_state_of_the_batch_before() {
    let (mut stateful, mut plain) = (network(true, 0.0), network(false, 0.0));
    assert!(stateful.is_stateful() && !plain.is_stateful());
    assert!(stateful.states().is_empty());
    assert_eq!(step(&mut stateful, &INPUTS, 1, 0), step(&mut plain, &INPUTS, 1, 0));
    let states = stateful.states();
    let names: Vec<&str> = states.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "bidirectional/backward_lstm/cell_state",
            "bidirectional/backward_lstm/hidden_state",
            "bidirectional/forward_lstm/cell_state",
            "bidirectional/forward_lstm/hidden_state",
            "lstm/cell_state",
            "lstm/hidden_state",
        ]
    );
    assert_eq!(states["lstm/cell_state"].shape, [2, 6]);
    let second = step(&mut stateful, &NEXT, 1, 1);
    assert_ne!(second, step(&mut plain, &NEXT, 1, 1));
    // The same states in another network give the same second batch; no states, or forgotten ones, that of a plain network.
    let mut other = network(true, 0.0);
    other.set_states(states.clone()).unwrap();
    assert_eq!(other.states(), states);
    assert_eq!(step(&mut other, &NEXT, 1, 1), second);
    other.reset_state();
    assert!(other.states().is_empty());
    assert_eq!(step(&mut other, &NEXT, 1, 1), step(&mut plain, &NEXT, 1, 1));
}

#[test]
fn predictions_carry_the_state_only_where_they_are_asked_to() {
    let (mut stateful, mut plain) = (network(true, 0.0), network(false, 0.0));
    step(&mut stateful, &INPUTS, 1, 0);
    let states = stateful.states();
    assert_eq!(stateful.predict(&NEXT, 3).unwrap(), plain.predict(&NEXT, 3).unwrap());
    assert_eq!(stateful.states(), states);
    let next = stateful.predict_next(&NEXT, 3).unwrap();
    assert_ne!(next, plain.predict(&NEXT, 3).unwrap());
    assert_ne!(stateful.states(), states);
    // What training sees is what a prediction sees.
    stateful.set_states(states).unwrap();
    assert_eq!(step(&mut stateful, &NEXT, 1, 1).0, next);
    assert_eq!(plain.predict_next(&NEXT, 3).unwrap(), plain.predict(&NEXT, 3).unwrap());
}

#[test]
fn states_that_do_not_fit_are_refused_and_change_nothing() {
    let mut stateful = network(true, 0.0);
    step(&mut stateful, &INPUTS, 1, 0);
    let states = stateful.states();
    let error = stateful.predict_next(&NEXT[..3], 3).unwrap_err();
    assert!(
        matches!(
            error,
            ModelError::StateBatch {
                carried: 2,
                found: 1,
                ..
            }
        ),
        "{error}"
    );
    insta::assert_snapshot!(error);
    let mut refused = |change: &dyn Fn(&mut recurra_models::NamedTensors)| {
        let mut wrong = states.clone();
        change(&mut wrong);
        let error = stateful.set_states(wrong).unwrap_err();
        assert_eq!(stateful.states(), states);
        error.to_string()
    };
    let missing = refused(&|states| drop(states.remove("lstm/cell_state")));
    assert_eq!(
        missing,
        "parameter `lstm/cell_state` is missing; give the tensors of a network of the same layers"
    );
    let narrow = refused(&|states| states.get_mut("lstm/cell_state").unwrap().shape = vec![2, 5]);
    assert!(narrow.contains("[2, 6]") && narrow.contains("[2, 5]"), "{narrow}");
    let unknown = refused(&|states| {
        let (shape, values) = (vec![1], vec![0.0]);
        states.insert("gru/hidden_state".to_owned(), NamedTensor { shape, values });
    });
    assert_eq!(
        unknown,
        "state `gru/hidden_state` belongs to no stateful layer of this network"
    );
    let error = network(false, 0.0).set_states(states).unwrap_err();
    assert!(matches!(error, ModelError::UnknownState { .. }), "{error}");
}

#[test]
fn recurrent_dropout_follows_from_seed_and_step_and_is_off_in_predictions() {
    let (mut first, mut second, mut none) = (network(false, 0.5), network(false, 0.5), network(false, 0.0));
    step(&mut first, &INPUTS, 51, 6);
    assert_eq!(step(&mut first, &INPUTS, 51, 7), step(&mut second, &INPUTS, 51, 7));
    assert_ne!(step(&mut first, &INPUTS, 51, 7).0, step(&mut first, &INPUTS, 51, 8).0);
    assert_ne!(step(&mut first, &INPUTS, 51, 7).0, step(&mut first, &INPUTS, 52, 7).0);
    assert_ne!(step(&mut first, &INPUTS, 51, 7).0, step(&mut none, &INPUTS, 51, 7).0);
    assert_eq!(first.predict(&INPUTS, 3).unwrap(), none.predict(&INPUTS, 3).unwrap());
}

/// One factor for every window and unit, drawn in that order from a generator of the layer's own, the same at all steps.
#[test]
fn the_factors_are_those_of_the_layers_generator() {
    type Body = Recurrent<SimpleRnnCell, usize, 8, LastState>;
    let mut network = Sequential::<(Body, Head<8>)>::new(1, 1, 51, |device| {
        Ok((Body::first(device, 1)?.recurrent_dropout(0.4), Head::zeros(device, 1)?))
    })
    .unwrap();
    let (forecasts, _) = step(&mut network, &INPUTS, 7, 9);

    let mut generator = Generator::for_purpose(7, "recurrent dropout 0 0 9");
    let mut factor = || {
        let draw = f64::from(generator.next_u32()) / 4_294_967_296.0;
        if draw < f64::from(0.4_f32) {
            0.0
        } else {
            1.0 / (1.0 - 0.4_f32)
        }
    };
    let mask: Vec<f32> = (0..2 * 8).map(|_| factor()).collect();
    let tensors = parameters(&network);
    let values = |name: &str| tensors[name].values.as_slice();
    let pass = [Pass {
        recurrent_mask: Some(&mask),
        ..Pass::new(
            Direction::Forward,
            Weights {
                kernel: values("simple_rnn/kernel"),
                recurrent_kernel: values("simple_rnn/recurrent_kernel"),
                bias: values("simple_rnn/bias"),
            },
        )
    }];
    let shape = LayerShape {
        batch: 2,
        steps: 3,
        inputs: 1,
        hidden: 8,
    };
    let (mut state, mut scratch) = (vec![0.0; 16], RecurrentScratch::default());
    recurrent_forward(
        recurra_kernels::Cell::SimpleRnn,
        shape,
        &pass,
        Outputs::LastState,
        &INPUTS,
        &mut scratch,
        &mut state,
    );
    let mut expected = vec![0.0; 2];
    let dense = recurra_kernels::DenseShape {
        rows: 2,
        inputs: 8,
        outputs: 1,
    };
    recurra_kernels::dense_forward(
        dense,
        values("dense/kernel"),
        values("dense/bias"),
        &state,
        &mut expected,
    );
    assert_eq!(forecasts, expected);
}
