//! The fused kernels against Keras, reading forwards, backwards and both ways.
//!
//! The numbers are made by `xtask/fixtures/layers.py`.

#![allow(clippy::unwrap_used, clippy::print_stderr, missing_docs)]

mod keras_fixture;

use keras_fixture::{Case, Fixture, Worst};
use recurra_kernels::{
    Cell, Direction, Gradients, LayerShape, Outputs, Pass, RecurrentScratch, Weights, recurrent_backward,
    recurrent_forward, recurrent_infer,
};

/// `[batch, steps, width]` with its steps in the opposite order.
fn reversed(values: &[f32], steps: usize, width: usize) -> Vec<f32> {
    let windows = values.chunks_exact(steps * width);
    windows
        .flat_map(|window| window.chunks_exact(width).rev().flatten().copied())
        .collect()
}

fn compare(fixture: &Fixture, cell: Cell, case: &Case, worst: &mut Worst) {
    let directions: &[(Direction, &str)] = match case.wrapper.as_str() {
        "forward" => &[(Direction::Forward, "forward_layer")],
        "backward" => &[(Direction::Backward, "forward_layer")],
        "concat" => &[
            (Direction::Forward, "forward_layer"),
            (Direction::Backward, "backward_layer"),
        ],
        // The other merge modes are sums of these passes; keras_layers.rs compares them.
        _ => return,
    };
    let weight = |way: &str, name: &str| fixture.get(&format!("{}/{way}/{name}", case.size));
    let x = fixture.get(&format!("{}/x", case.size));
    let [batch, steps, inputs] = x.shape[..] else {
        panic!("x has three axes")
    };
    let outputs = if case.sequences {
        Outputs::Sequences
    } else {
        Outputs::LastState
    };
    let hidden = weight("forward_layer", "recurrent_kernel").shape[0];
    let shape = LayerShape {
        batch,
        steps,
        inputs,
        hidden,
    };
    let x = x.f32();
    let values: Vec<[Vec<f32>; 3]> = directions
        .iter()
        .map(|(_, way)| ["kernel", "recurrent_kernel", "bias"].map(|name| weight(way, name).f32()))
        .collect();
    let passes: Vec<Pass<'_>> = directions
        .iter()
        .zip(&values)
        .map(|(&(direction, _), [kernel, recurrent_kernel, bias])| {
            let weights = Weights {
                kernel,
                recurrent_kernel,
                bias,
            };
            Pass::new(direction, weights)
        })
        .collect();
    let mut dy = fixture.get(&format!("{}/dy", case.name)).f32();
    // Keras leaves the steps of a layer that goes backwards in the order in which it read them.
    let in_read_order = case.wrapper == "backward" && case.sequences;
    if in_read_order {
        dy = reversed(&dy, steps, hidden);
    }

    let mut scratch = RecurrentScratch::default();
    let (mut y, mut inferred) = (vec![f32::NAN; dy.len()], vec![f32::NAN; dy.len()]);
    recurrent_infer(cell, shape, &passes, outputs, &x, &mut scratch, &mut inferred);
    recurrent_forward(cell, shape, &passes, outputs, &x, &mut scratch, &mut y);
    assert_eq!(y, inferred, "{}", case.name);
    let mut dx = vec![0.0; x.len()];
    let mut found: Vec<[Vec<f32>; 3]> = values
        .iter()
        .map(|w| [0, 1, 2].map(|i| vec![0.0; w[i].len()]))
        .collect();
    let mut gradients: Vec<Gradients<'_>> = found
        .iter_mut()
        .map(|[kernel, recurrent_kernel, bias]| Gradients {
            kernel,
            recurrent_kernel,
            bias,
        })
        .collect();
    recurrent_backward(
        cell,
        shape,
        &passes,
        outputs,
        &x,
        &mut scratch,
        &dy,
        Some(&mut dx),
        &mut gradients,
    );

    if in_read_order {
        y = reversed(&y, steps, hidden);
    }
    let mut note = |name: &str, ours: &[f32]| {
        worst.note(
            fixture.share_of_bound(case, name, ours),
            format!("{}/{name}", case.name),
        );
    };
    note("y", &y);
    note("dx", &dx);
    for ((_, way), [kernel, recurrent_kernel, bias]) in directions.iter().zip(&found) {
        note(&format!("d_{way}/kernel"), kernel);
        note(&format!("d_{way}/recurrent_kernel"), recurrent_kernel);
        note(&format!("d_{way}/bias"), bias);
    }
}

fn compare_cell(cell: Cell, name: &str) {
    let fixture = Fixture::read(name);
    let mut worst = Worst::default();
    for case in fixture.cases() {
        compare(&fixture, cell, &case, &mut worst);
    }
    worst.judge(name);
}

#[test]
fn simple_rnn_is_keras() {
    compare_cell(Cell::SimpleRnn, "simple-rnn");
}

#[test]
fn lstm_is_keras() {
    compare_cell(Cell::Lstm, "lstm");
}

#[test]
fn gru_is_keras() {
    compare_cell(Cell::Gru { reset_after: true }, "gru");
}

#[test]
fn gru_with_the_reset_before_is_keras() {
    compare_cell(Cell::Gru { reset_after: false }, "gru-reset-before");
}
