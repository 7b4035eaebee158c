//! A recurrent layer forward, as plain loops.

use super::{chain, time};
use crate::activation::{sigmoid, tanh};
use crate::cell::{Cell, LayerShape, Outputs};
use crate::fma::fma;
use crate::pass::{Pass, Weights};
use std::borrow::Cow;

/// What one pass remembers of the forward pass for the backward pass, by step in reading order.
#[derive(Debug, Clone, Default)]
pub struct PassMemory {
    /// Gates after their activation, `[steps, batch, gates·hidden]`.
    pub gates: Vec<f32>,
    /// The hidden state after the step, `[steps, batch, hidden]`.
    pub hidden: Vec<f32>,
    /// LSTM: the cell state after the step. GRU with `reset_after`: the recurrent product of the third gate with its bias.
    /// `[steps, batch, hidden]`.
    pub extra: Vec<f32>,
}

/// One row at one step.
struct Step<'a> {
    shape: LayerShape,
    weights: Weights<'a>,
    x: &'a [f32],
    /// The state before the step; `None` at a first step from the zero state.
    state: Option<&'a [f32]>,
    /// The same as the recurrent kernel sees it: times the mask where there is one.
    masked: Option<&'a [f32]>,
    gates: usize,
}

impl Step<'_> {
    /// `start + Σ x·W` for column n of gate g.
    fn input(&self, start: f32, g: usize, n: usize) -> f32 {
        let (hidden, width) = (self.shape.hidden, self.gates * self.shape.hidden);
        chain(
            start,
            self.x
                .iter()
                .enumerate()
                .map(|(i, &x)| (x, self.weights.kernel[i * width + g * hidden + n])),
        )
    }

    /// `start + Σ state·U` for column n of gate g; `start` without a state.
    fn recurrent(&self, state: Option<&[f32]>, start: f32, g: usize, n: usize) -> f32 {
        let (hidden, width) = (self.shape.hidden, self.gates * self.shape.hidden);
        let terms = state.unwrap_or_default().iter().enumerate();
        chain(
            start,
            terms.map(|(k, &h)| (h, self.weights.recurrent_kernel[k * width + g * hidden + n])),
        )
    }

    /// The preactivation of unit n of gate g.
    fn preactivation(&self, g: usize, n: usize) -> f32 {
        let start = self.input(self.weights.bias[g * self.shape.hidden + n], g, n);
        self.recurrent(self.masked, start, g, n)
    }

    fn state(&self, n: usize) -> f32 {
        self.state.map_or(0.0, |state| state[n])
    }
}

/// The plain twin of [`crate::recurrent_forward`]; what the backward pass needs is returned, one memory per pass.
#[must_use]
pub fn recurrent_forward(
    cell: Cell,
    shape: LayerShape,
    passes: &[Pass<'_>],
    outputs: Outputs,
    x: &[f32],
    y: &mut [f32],
) -> Vec<PassMemory> {
    let LayerShape {
        batch,
        steps,
        inputs,
        hidden,
    } = shape;
    let columns = passes.len() * hidden;
    let mut memories = Vec::new();
    for (p, pass) in passes.iter().enumerate() {
        let mut memory = PassMemory {
            gates: vec![0.0; steps * batch * cell.gates() * hidden],
            hidden: vec![0.0; steps * batch * hidden],
            extra: vec![0.0; steps * batch * hidden],
        };
        for s in 0..steps {
            let t = time(pass.direction, shape, s);
            for b in 0..batch {
                step(
                    cell,
                    shape,
                    pass,
                    &x[(b * steps + t) * inputs..][..inputs],
                    &mut memory,
                    s,
                    b,
                );
                let state = &memory.hidden[(s * batch + b) * hidden..][..hidden];
                let row = match outputs {
                    Outputs::Sequences => b * steps + t,
                    Outputs::LastState if s + 1 == steps => b,
                    Outputs::LastState => continue,
                };
                y[row * columns + p * hidden..][..hidden].copy_from_slice(state);
            }
        }
        memories.push(memory);
    }
    memories
}

/// The state as the recurrent kernel sees it.
pub(super) fn masked<'a>(pass: &Pass<'_>, b: usize, state: &'a [f32]) -> Cow<'a, [f32]> {
    match pass.recurrent_mask {
        None => Cow::Borrowed(state),
        Some(mask) => {
            let mask = &mask[b * state.len()..][..state.len()];
            state.iter().zip(mask).map(|(state, factor)| state * factor).collect()
        }
    }
}

fn step(cell: Cell, shape: LayerShape, pass: &Pass<'_>, x: &[f32], memory: &mut PassMemory, s: usize, b: usize) {
    let LayerShape { batch, hidden, .. } = shape;
    let row = s * batch + b;
    let (before, after) = memory.hidden.split_at_mut(row * hidden);
    let state = match s {
        0 => pass.initial.map(|initial| &initial.hidden[b * hidden..][..hidden]),
        _ => Some(&before[(row - batch) * hidden..][..hidden]),
    };
    let masked = state.map(|state| masked(pass, b, state));
    let masked = masked.as_deref();
    let weights = pass.weights;
    let step = Step {
        shape,
        weights,
        x,
        state,
        masked,
        gates: cell.gates(),
    };
    let h = &mut after[..hidden];
    let gates = &mut memory.gates[row * cell.gates() * hidden..][..cell.gates() * hidden];
    let (extra_before, extra) = memory.extra.split_at_mut(row * hidden);
    match cell {
        Cell::SimpleRnn => {
            for n in 0..hidden {
                h[n] = tanh(step.preactivation(0, n));
                gates[n] = h[n];
            }
        }
        Cell::Lstm => {
            for n in 0..hidden {
                let [i, f, o] = [0, 1, 3].map(|g| sigmoid(step.preactivation(g, n)));
                let g = tanh(step.preactivation(2, n));
                let c_before = match s {
                    0 => pass.initial.map_or(0.0, |initial| initial.cell[b * hidden + n]),
                    _ => extra_before[(row - batch) * hidden + n],
                };
                let c = fma(f, c_before, i * g);
                (
                    gates[n],
                    gates[hidden + n],
                    gates[2 * hidden + n],
                    gates[3 * hidden + n],
                ) = (i, f, g, o);
                extra[n] = c;
                h[n] = o * tanh(c);
            }
        }
        Cell::Gru { reset_after: true } => {
            for n in 0..hidden {
                let bias = |g: usize| weights.bias[g * hidden + n];
                let [z, r] = [0, 1].map(|g| {
                    let start = step.input(bias(g) + bias(3 + g), g, n);
                    sigmoid(step.recurrent(masked, start, g, n))
                });
                let (xh, hh) = (step.input(bias(2), 2, n), step.recurrent(masked, bias(5), 2, n));
                let candidate = tanh(fma(r, hh, xh));
                (gates[n], gates[hidden + n], gates[2 * hidden + n]) = (z, r, candidate);
                extra[n] = hh;
                h[n] = fma(z, step.state(n), (1.0 - z) * candidate);
            }
        }
        Cell::Gru { reset_after: false } => {
            for n in 0..hidden {
                let [z, r] = [0, 1].map(|g| sigmoid(step.preactivation(g, n)));
                (gates[n], gates[hidden + n]) = (z, r);
            }
            let reset: Option<Vec<f32>> = masked.map(|h| (0..hidden).map(|k| gates[hidden + k] * h[k]).collect());
            for n in 0..hidden {
                let start = step.input(weights.bias[2 * hidden + n], 2, n);
                let candidate = tanh(step.recurrent(reset.as_deref(), start, 2, n));
                gates[2 * hidden + n] = candidate;
                h[n] = fma(gates[n], step.state(n), (1.0 - gates[n]) * candidate);
            }
        }
    }
}
