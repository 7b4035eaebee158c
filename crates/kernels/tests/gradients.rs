//! The kernels against Keras' equations in f64: outputs directly, gradients by central differences.
#![allow(clippy::unwrap_used)]

mod common;

use common::{CELLS, Layer, OwnedWeights};
use recurra_kernels::{Cell, Direction, LayerShape, Outputs, RecurrentScratch, recurrent_backward, recurrent_forward};

/// A layer's numbers in f64.
#[derive(Clone)]
struct Exact {
    weights: Vec<[Vec<f64>; 3]>,
    x: Vec<f64>,
}

fn doubles(values: &[f32]) -> Vec<f64> {
    values.iter().map(|&value| f64::from(value)).collect()
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

fn product(values: &[f64], matrix: &[f64], column: usize) -> f64 {
    let width = matrix.len() / values.len();
    values
        .iter()
        .enumerate()
        .map(|(i, value)| value * matrix[i * width + column])
        .sum()
}

/// One step of Keras' cells, `h` and `c` in place.
fn step(cell: Cell, [w, u, bias]: &[Vec<f64>; 3], mask: &[f64], x: &[f64], h: &mut [f64], c: &mut [f64]) {
    let n = h.len();
    let before = h.to_vec();
    let seen: Vec<f64> = before.iter().zip(mask).map(|(h, factor)| h * factor).collect();
    let input = |column: usize| product(x, w, column) + bias[column];
    let z = |gate: usize, unit: usize| input(gate * n + unit) + product(&seen, u, gate * n + unit);
    for unit in 0..n {
        match cell {
            Cell::SimpleRnn => h[unit] = z(0, unit).tanh(),
            Cell::Lstm => {
                c[unit] = sigmoid(z(1, unit)) * c[unit] + sigmoid(z(0, unit)) * z(2, unit).tanh();
                h[unit] = sigmoid(z(3, unit)) * c[unit].tanh();
            }
            Cell::Gru { reset_after } => {
                let (update, candidate);
                if reset_after {
                    let rec = |gate: usize| product(&seen, u, gate * n + unit) + bias[(3 + gate) * n + unit];
                    update = sigmoid(input(unit) + rec(0));
                    candidate = (input(2 * n + unit) + sigmoid(input(n + unit) + rec(1)) * rec(2)).tanh();
                } else {
                    update = sigmoid(z(0, unit));
                    let reset: Vec<f64> = (0..n).map(|k| sigmoid(z(1, k)) * seen[k]).collect();
                    candidate = (input(2 * n + unit) + product(&reset, u, 2 * n + unit)).tanh();
                }
                h[unit] = update * before[unit] + (1.0 - update) * candidate;
            }
        }
    }
}

fn outputs(layer: &Layer, exact: &Exact) -> Vec<f64> {
    let LayerShape {
        batch,
        steps,
        inputs,
        hidden,
    } = layer.shape;
    let columns = layer.directions.len() * hidden;
    let mut y = vec![0.0; layer.dy.len()];
    for (p, (direction, weights)) in layer.directions.iter().zip(&exact.weights).enumerate() {
        for b in 0..batch {
            let (mut h, mut c) = (vec![0.0; hidden], vec![0.0; hidden]);
            if let Some([given_h, given_c]) = layer.initial.get(p) {
                h = doubles(&given_h[b * hidden..][..hidden]);
                if layer.cell == Cell::Lstm {
                    c = doubles(&given_c[b * hidden..][..hidden]);
                }
            }
            let mask = layer.masks.get(p).map(|mask| doubles(&mask[b * hidden..][..hidden]));
            let mask = mask.unwrap_or_else(|| vec![1.0; hidden]);
            for s in 0..steps {
                let t = if *direction == Direction::Forward {
                    s
                } else {
                    steps - 1 - s
                };
                step(
                    layer.cell,
                    weights,
                    &mask,
                    &exact.x[(b * steps + t) * inputs..][..inputs],
                    &mut h,
                    &mut c,
                );
                let row = match layer.outputs {
                    Outputs::Sequences => b * steps + t,
                    Outputs::LastState => b,
                };
                y[row * columns + p * hidden..][..hidden].copy_from_slice(&h);
            }
        }
    }
    y
}

/// The loss Σ dy·y, whose gradient with respect to y is dy.
fn loss(layer: &Layer, exact: &Exact) -> f64 {
    outputs(layer, exact)
        .iter()
        .zip(&layer.dy)
        .map(|(y, &dy)| y * f64::from(dy))
        .sum()
}

fn central_difference(layer: &Layer, at: &Exact, place: impl Fn(&mut Exact) -> &mut f64) -> f64 {
    let step = 1e-5;
    let (mut above, mut below) = (at.clone(), at.clone());
    *place(&mut above) += step;
    *place(&mut below) -= step;
    (loss(layer, &above) - loss(layer, &below)) / (2.0 * step)
}

/// f32 sums of this size are good to a few units in the sixth digit; a wrong formula is off in the first or second.
fn close(what: &str, ours: f32, truth: f64, scale: f64) {
    let error = (f64::from(ours) - truth).abs();
    assert!(
        error <= 4e-6 * scale,
        "{what}: {ours} should be {truth} (scale {scale})"
    );
}

fn check(layer: &Layer) {
    let mut layer = layer.clone();
    layer.dx.fill(0.0);
    layer
        .gradients
        .iter_mut()
        .flat_map(OwnedWeights::parts_mut)
        .for_each(|part| part.fill(0.0));
    let at = Exact {
        weights: layer
            .weights
            .iter()
            .map(|w| [doubles(&w.kernel), doubles(&w.recurrent_kernel), doubles(&w.bias)])
            .collect(),
        x: doubles(&layer.x),
    };
    let (cell, shape, sequences) = (layer.cell, layer.shape, layer.outputs);
    let mut scratch = RecurrentScratch::default();
    let mut y = vec![f32::NAN; layer.dy.len()];
    let (mut dx, mut gradients) = (layer.dx.clone(), layer.gradients.clone());
    recurrent_forward(cell, shape, &layer.passes(), sequences, &layer.x, &mut scratch, &mut y);
    let mut borrowed: Vec<_> = gradients.iter_mut().map(OwnedWeights::gradients).collect();
    recurrent_backward(
        cell,
        shape,
        &layer.passes(),
        sequences,
        &layer.x,
        &mut scratch,
        &layer.dy,
        Some(&mut dx),
        &mut borrowed,
    );
    let what = format!("{cell:?} {shape:?} {sequences:?}");
    for (ours, truth) in y.iter().zip(outputs(&layer, &at)) {
        close(&what, *ours, truth, 1.0);
    }
    let scale = |values: &[f32]| {
        values
            .iter()
            .fold(1.0, |max: f64, &value| max.max(f64::from(value.abs())))
    };
    let dx_scale = scale(&dx);
    for (i, &value) in dx.iter().enumerate() {
        close(
            &format!("{what} dx[{i}]"),
            value,
            central_difference(&layer, &at, |e| &mut e.x[i]),
            dx_scale,
        );
    }
    for (p, owned) in gradients.iter_mut().enumerate() {
        for (part, values) in owned.parts_mut().into_iter().enumerate() {
            let scale = scale(values);
            for (i, &value) in values.iter().enumerate() {
                let truth = central_difference(&layer, &at, |e| &mut e.weights[p][part][i]);
                close(&format!("{what} pass {p} gradient {part}[{i}]"), value, truth, scale);
            }
        }
    }
}

#[test]
#[cfg_attr(miri, ignore = "too much work for an interpreter")]
fn outputs_and_gradients_are_those_of_the_equations() {
    let sizes = [
        (3, 4, 2, 5),
        (1, 3, 3, 3),
        (5, 1, 1, 7),
        (2, 6, 1, 1),
        (1, 1, 1, 1),
        (2, 3, 4, 17),
    ];
    for (seed, (batch, steps, inputs, hidden)) in sizes.into_iter().enumerate() {
        let shape = LayerShape {
            batch,
            steps,
            inputs,
            hidden,
        };
        for cell in CELLS {
            for bidirectional in [false, true] {
                for return_sequences in [false, true] {
                    let seed = seed as u64 + 7;
                    let layer = Layer::random(cell, shape, bidirectional, return_sequences, seed);
                    check(&layer);
                    check(&layer.clone().with_initial(seed));
                    check(&layer.clone().with_masks(seed));
                    check(&layer.with_initial(seed).with_masks(seed));
                }
            }
        }
    }
}
