//! Networks as objects: parameters in and out, forecasts, bad input, memory.
#![allow(clippy::unwrap_used)]

use recurra_models::{
    Bidirectional, Const, Dropout, FirstLayer, GruCell, Head, InnerLayer, LastState, LstmCell, ModelError, Network,
    Recurrent, Scale, Sequences, Sequential, from_safetensors, parameters, set_parameters, to_safetensors,
};

type First = Bidirectional<LstmCell, usize, 3, 6, Sequences>;
type Second = Recurrent<GruCell, Const<6>, 4, Sequences>;
type Third = Bidirectional<LstmCell, Const<4>, 3, 6, LastState>;

fn network(columns: usize, outputs: usize, seed: u64) -> impl Network {
    Sequential::<(First, Second, Third, Head<6>, Scale)>::new(columns, outputs, seed, |device| {
        Ok((
            First::first(device, columns)?,
            Second::inner(device)?,
            Third::inner(device)?,
            Head::zeros(device, outputs)?,
            Scale::new(2.0),
        ))
    })
    .unwrap()
}

fn windows(count: usize) -> Vec<f32> {
    (0..count)
        .map(|index| ((index * 37) % 101) as f32 / 50.0 - 1.0)
        .collect()
}

#[test]
fn parameters_have_keras_names_shapes_and_order() {
    let mut text = String::new();
    network(2, 3, 1).visit_parameters(&mut |view| text += &format!("{} {:?}\n", view.name, view.shape));
    insta::assert_snapshot!(text);
}

#[test]
fn initial_values_follow_from_the_seed_and_are_keras() {
    let network = network(2, 3, 1);
    let (values, other) = (parameters(&network), parameters(&self::network(2, 3, 2)));
    assert_eq!(values, parameters(&self::network(2, 3, 1)));
    for (name, tensor) in &values {
        let parameter = name.rsplit('/').next().unwrap();
        if parameter == "bias" {
            let forget = if name.contains("lstm") { 3..6 } else { 0..0 };
            for (index, &value) in tensor.values.iter().enumerate() {
                assert_eq!(value, f32::from(u8::from(forget.contains(&index))), "{name}[{index}]");
            }
        } else {
            assert_ne!(tensor, &other[name], "{name}: the seed decides nothing");
        }
        if parameter == "kernel" {
            let limit = (6.0 / (tensor.shape[0] + tensor.shape[1]) as f32).sqrt();
            assert!(tensor.values.iter().all(|value| value.abs() <= limit), "{name}");
        }
    }
    assert_ne!(
        values["bidirectional/forward_lstm/kernel"],
        values["bidirectional/backward_lstm/kernel"]
    );
}

#[test]
fn parameters_go_out_and_in_through_safetensors() {
    let (from, mut to) = (network(2, 3, 1), network(2, 3, 2));
    let bytes = to_safetensors(&parameters(&from), None).unwrap();
    assert_eq!(bytes, to_safetensors(&parameters(&from), None).unwrap());
    set_parameters(&mut to, &from_safetensors(&bytes).unwrap()).unwrap();
    let inputs = windows(5 * 7 * 2);
    assert_eq!(from.predict(&inputs, 7).unwrap(), to.predict(&inputs, 7).unwrap());
    assert!(matches!(
        from_safetensors(&bytes[..20]),
        Err(ModelError::SafeTensors(_))
    ));
}

#[test]
fn parameters_of_another_network_are_refused_and_change_nothing() {
    let mut network = network(2, 3, 1);
    let before = parameters(&network);
    let mut missing = before.clone();
    missing.remove("dense/bias").unwrap();
    let mut renamed = before.clone();
    let kernel = renamed["gru/kernel"].clone();
    renamed.insert("gru_7/kernel".to_owned(), kernel);
    let mut reshaped = before.clone();
    reshaped.get_mut("gru/kernel").unwrap().shape = vec![12, 6];
    let cases = [
        (
            missing,
            "parameter `dense/bias` is missing; give the tensors of a network of the same layers",
        ),
        (
            renamed,
            "tensor `gru_7/kernel` belongs to no parameter of this network; leave it out, or build the network that it is of",
        ),
        (
            reshaped,
            "parameter `gru/kernel` has shape [6, 12], the tensor given for it [12, 6]",
        ),
    ];
    for (tensors, message) in cases {
        assert_eq!(set_parameters(&mut network, &tensors).unwrap_err().to_string(), message);
        assert_eq!(parameters(&network), before);
    }
}

#[test]
fn forecasts_do_not_depend_on_the_batch() {
    let network = network(2, 3, 1);
    let (steps, window) = (7, 14);
    let inputs = windows(300 * window);
    let together = network.predict(&inputs, steps).unwrap();
    assert_eq!(together.len(), 300 * 3);
    let alone: Vec<f32> = inputs
        .chunks(window)
        .flat_map(|inputs| network.predict(inputs, steps).unwrap())
        .collect();
    assert_eq!(together, alone);
    assert!(network.predict(&[], steps).unwrap().is_empty());
}

#[test]
fn the_gradient_step_sees_the_forecasts_of_predict() {
    let mut network = network(2, 3, 1);
    let inputs = windows(5 * 14);
    let expected = network.predict(&inputs, 7).unwrap();
    let mut gradients = vec![f32::NAN; network.parameter_count()];
    let mut loss = |forecasts: &[f32], gradient: &mut [f32]| {
        assert_eq!(forecasts, expected);
        gradient.fill(1.0);
        42.0
    };
    assert_eq!(network.gradients(&inputs, 7, &mut loss, &mut gradients).unwrap(), 42.0);
    assert!(gradients.iter().all(|gradient| gradient.is_finite()));
    // The last parameters are the head's bias: five windows, each with gradient 1 through a scale of 2.
    assert_eq!(gradients[gradients.len() - 3..], [10.0; 3]);
}

#[test]
fn bad_input_is_an_error() {
    let network = network(2, 3, 1);
    let message = |inputs: &[f32], steps| network.predict(inputs, steps).unwrap_err().to_string();
    assert_eq!(
        message(&windows(15), 7),
        "15 input values are not whole windows of 7 steps with 2 columns each; give n·7·2 values"
    );
    assert_eq!(
        message(&windows(14), 0),
        "the number of steps is zero; a network needs at least one"
    );
    let empty = Sequential::new(0, 1, 1, |device| {
        Ok((
            First::first(device, 1)?,
            Second::inner(device)?,
            Third::inner(device)?,
            Head::<6>::zeros(device, 1)?,
        ))
    });
    assert_eq!(
        empty.unwrap_err().to_string(),
        "the number of columns is zero; a network needs at least one"
    );
}

#[test]
fn sizes_that_are_not_the_layers_own_are_refused() {
    let stated = |columns, outputs| {
        let network = Sequential::new(columns, outputs, 1, |device| {
            Ok((
                Dropout::new(0.5),
                First::first(device, 1)?,
                Second::inner(device)?,
                Third::inner(device)?,
                Head::<6>::zeros(device, 3)?,
                Scale::new(2.0),
            ))
        });
        network.map(|_| ()).map_err(|error| error.to_string())
    };
    assert_eq!(stated(1, 3), Ok(()));
    let refusal = |said: &str, found: &str| {
        Err(format!(
            "the network was said to have {said}, its layers have {found}; give both the same number"
        ))
    };
    assert_eq!(stated(2, 3), refusal("2 columns", "1"));
    assert_eq!(stated(1, 1), refusal("1 outputs", "3"));
}

/// dfdx's cache keeps freed memory; nothing may feed it without taking from it.
#[cfg(target_os = "linux")]
#[test]
fn memory_does_not_grow_with_the_batches() {
    let resident = || {
        let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
        statm.split(' ').nth(1).unwrap().parse::<usize>().unwrap() * 4
    };
    let mut network = network(1, 1, 1);
    let mut gradients = vec![0.0; network.parameter_count()];
    let inputs = windows(64 * 40);
    let mut train = |batches: usize| {
        for batch in 0..batches {
            // Sizes that change all the time, as the last batches of an epoch and of a backtest do.
            let count = 64 - batch % 17;
            let mut loss = |_: &[f32], gradient: &mut [f32]| {
                gradient.fill(1.0);
                0.0
            };
            network
                .gradients(&inputs[..count * 40], 40, &mut loss, &mut gradients)
                .unwrap();
            network.visit_parameters_mut(&mut |view| view.values[0] += 1e-3);
            network.predict(&inputs[..(count - 1) * 40], 40).unwrap();
        }
    };
    train(100);
    let before = resident();
    train(600);
    let grown = resident().saturating_sub(before);
    assert!(grown < 2048, "{grown} KiB more after 600 batches");
}
