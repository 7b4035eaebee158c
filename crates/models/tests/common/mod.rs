//! Keras' cells in f64, as plain loops: what the layers' forward pass must agree with, and whose central differences
//! their gradients must agree with. Written from the cells' definitions, not from the kernels.
#![allow(dead_code)]

use recurra_models::CellKind;

/// Weights of one reading, in Keras' layout.
#[derive(Clone, Debug)]
pub(crate) struct Reading {
    pub(crate) kernel: Vec<f64>,
    pub(crate) recurrent: Vec<f64>,
    pub(crate) bias: Vec<f64>,
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// `row · matrix` for column `column` of a `[row.len(), columns]` matrix.
fn product(row: &[f64], matrix: &[f64], columns: usize, column: usize) -> f64 {
    row.iter()
        .enumerate()
        .map(|(index, value)| value * matrix[index * columns + column])
        .sum()
}

/// One window `[steps, inputs]` through a cell; the state after every step, at the place of that step.
pub(crate) fn states(
    cell: CellKind,
    weights: &Reading,
    window: &[f64],
    inputs: usize,
    hidden: usize,
    back: bool,
) -> Vec<f64> {
    let steps = window.len() / inputs;
    let (mut h, mut c) = (vec![0.0; hidden], vec![0.0; hidden]);
    let mut out = vec![0.0; steps * hidden];
    let order: Vec<usize> = if back {
        (0..steps).rev().collect()
    } else {
        (0..steps).collect()
    };
    for step in order {
        let x = &window[step * inputs..(step + 1) * inputs];
        let gates = weights.kernel.len() / inputs / hidden;
        let width = gates * hidden;
        let input = |gate: usize, unit: usize| product(x, &weights.kernel, width, gate * hidden + unit);
        let recur =
            |state: &[f64], gate: usize, unit: usize| product(state, &weights.recurrent, width, gate * hidden + unit);
        let bias = |gate: usize, unit: usize| weights.bias[gate * hidden + unit];
        let before = h.clone();
        for unit in 0..hidden {
            let gate = |gate: usize| input(gate, unit) + recur(&before, gate, unit) + bias(gate, unit);
            h[unit] = match cell {
                CellKind::SimpleRnn => gate(0).tanh(),
                CellKind::Lstm => {
                    c[unit] = sigmoid(gate(1)) * c[unit] + sigmoid(gate(0)) * gate(2).tanh();
                    sigmoid(gate(3)) * c[unit].tanh()
                }
                CellKind::Gru => {
                    let second = |gate: usize| weights.bias[width + gate * hidden + unit];
                    let z = sigmoid(gate(0) + second(0));
                    let r = sigmoid(gate(1) + second(1));
                    let candidate = (input(2, unit) + bias(2, unit) + r * (recur(&before, 2, unit) + second(2))).tanh();
                    z * before[unit] + (1.0 - z) * candidate
                }
                CellKind::GruResetBefore => {
                    let reset: Vec<f64> = (0..hidden)
                        .map(|other| {
                            let r = input(1, other) + recur(&before, 1, other) + bias(1, other);
                            sigmoid(r) * before[other]
                        })
                        .collect();
                    let z = sigmoid(gate(0));
                    let candidate = (input(2, unit) + recur(&reset, 2, unit) + bias(2, unit)).tanh();
                    z * before[unit] + (1.0 - z) * candidate
                }
            };
        }
        out[step * hidden..(step + 1) * hidden].copy_from_slice(&h);
    }
    out
}
