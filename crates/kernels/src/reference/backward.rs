//! A recurrent layer backward through time, as plain loops.

use super::forward::{PassMemory, masked};
use super::{chain, time};
use crate::activation::tanh;
use crate::cell::{Cell, LayerShape, Outputs};
use crate::chunks::chunks;
use crate::fma::fma;
use crate::pass::{Gradients, Pass};
use std::ops::Range;

/// The plain twin of [`crate::recurrent_backward`], on the memories that [`super::recurrent_forward`] returned.
#[expect(clippy::too_many_arguments, reason = "the arguments of its fast twin")]
pub fn recurrent_backward(
    cell: Cell,
    shape: LayerShape,
    passes: &[Pass<'_>],
    outputs: Outputs,
    x: &[f32],
    memories: &[PassMemory],
    dy: &[f32],
    mut dx: Option<&mut [f32]>,
    gradients: &mut [Gradients<'_>],
) {
    let columns = passes.len() * shape.hidden;
    for (p, ((pass, memory), gradients)) in passes.iter().zip(memories).zip(gradients).enumerate() {
        for (number, rows) in chunks(shape).enumerate() {
            let back = Back {
                cell,
                shape,
                pass: *pass,
                memory,
                rows,
                x,
            };
            let deltas = back.deltas(|s, b, n| match outputs {
                Outputs::Sequences => {
                    dy[(b * shape.steps + time(pass.direction, shape, s)) * columns + p * shape.hidden + n]
                }
                Outputs::LastState if s + 1 == shape.steps => dy[b * columns + p * shape.hidden + n],
                Outputs::LastState => 0.0,
            });
            if let Some(dx) = dx.as_deref_mut() {
                back.add_dx(&deltas, dx);
            }
            if number == 0 {
                back.add_weight_gradients(&deltas, gradients);
            } else {
                let mut kernel = vec![0.0; gradients.kernel.len()];
                let mut recurrent_kernel = vec![0.0; gradients.recurrent_kernel.len()];
                let mut bias = vec![0.0; gradients.bias.len()];
                let mut partial = Gradients {
                    kernel: &mut kernel,
                    recurrent_kernel: &mut recurrent_kernel,
                    bias: &mut bias,
                };
                back.add_weight_gradients(&deltas, &mut partial);
                add(gradients.kernel, &kernel);
                add(gradients.recurrent_kernel, &recurrent_kernel);
                add(gradients.bias, &bias);
            }
        }
    }
}

fn add(total: &mut [f32], part: &[f32]) {
    for (total, part) in total.iter_mut().zip(part) {
        *total += part;
    }
}

/// Gradients of the preactivations, `[steps, batch, gates·hidden]` by step in reading order. They differ between the input
/// and the recurrent product only for the third gate of a GRU with `reset_after`.
struct Deltas {
    input: Vec<f32>,
    recurrent: Vec<f32>,
}

struct Back<'a> {
    cell: Cell,
    shape: LayerShape,
    pass: Pass<'a>,
    memory: &'a PassMemory,
    rows: Range<usize>,
    x: &'a [f32],
}

impl Back<'_> {
    /// Goes from the last step to the first; `dy(s, b, n)` is the gradient of the output, zero where there is none.
    fn deltas(&self, dy: impl Fn(usize, usize, usize) -> f32) -> Deltas {
        let LayerShape {
            batch, steps, hidden, ..
        } = self.shape;
        let width = self.cell.gates() * hidden;
        let mut deltas = Deltas {
            input: vec![0.0; steps * batch * width],
            recurrent: vec![0.0; steps * batch * width],
        };
        for b in self.rows.clone() {
            let mut dh: Vec<f32> = (0..hidden).map(|n| dy(steps - 1, b, n)).collect();
            let mut dc = vec![0.0; hidden];
            for s in (0..steps).rev() {
                let row = s * batch + b;
                let dz = &mut deltas.input[row * width..][..width];
                let dz_recurrent = &mut deltas.recurrent[row * width..][..width];
                let before = |n: usize| if s > 0 { dy(s - 1, b, n) } else { 0.0 };
                match self.cell {
                    Cell::SimpleRnn => self.simple_rnn(row, &dh, dz),
                    Cell::Lstm => self.lstm(s, row, &dh, &mut dc, dz),
                    Cell::Gru { .. } => self.gru(s, row, &dh, dz, dz_recurrent),
                }
                if !matches!(self.cell, Cell::Gru { reset_after: true }) {
                    dz_recurrent.copy_from_slice(dz);
                }
                dh = self.dh_before(b, row, &dh, dz_recurrent, before);
            }
        }
        deltas
    }

    fn gate(&self, row: usize, g: usize, n: usize) -> f32 {
        self.memory.gates[(row * self.cell.gates() + g) * self.shape.hidden + n]
    }

    /// The state before a step: remembered, at the first step the given one; `None` for the zero state.
    fn state_before(&self, s: usize, row: usize) -> Option<&[f32]> {
        let (batch, hidden) = (self.shape.batch, self.shape.hidden);
        match s {
            0 => self
                .pass
                .initial
                .map(|initial| &initial.hidden[row * hidden..][..hidden]),
            _ => Some(&self.memory.hidden[(row - batch) * hidden..][..hidden]),
        }
    }

    /// The same for the cell state of an LSTM.
    fn cell_before(&self, s: usize, row: usize) -> Option<&[f32]> {
        let (batch, hidden) = (self.shape.batch, self.shape.hidden);
        match s {
            0 => self.pass.initial.map(|initial| &initial.cell[row * hidden..][..hidden]),
            _ => Some(&self.memory.extra[(row - batch) * hidden..][..hidden]),
        }
    }

    fn simple_rnn(&self, row: usize, dh: &[f32], dz: &mut [f32]) {
        for n in 0..self.shape.hidden {
            let h = self.gate(row, 0, n);
            dz[n] = dh[n] * fma(-h, h, 1.0);
        }
    }

    fn lstm(&self, s: usize, row: usize, dh: &[f32], dc: &mut [f32], dz: &mut [f32]) {
        let hidden = self.shape.hidden;
        for n in 0..hidden {
            let [i, f, g, o] = [0, 1, 2, 3].map(|gate| self.gate(row, gate, n));
            let tanh_c = tanh(self.memory.extra[row * hidden + n]);
            let c_before = self.cell_before(s, row).map_or(0.0, |cell| cell[n]);
            dc[n] = fma(dh[n] * o, fma(-tanh_c, tanh_c, 1.0), dc[n]);
            dz[n] = (dc[n] * g) * fma(-i, i, i);
            dz[hidden + n] = (dc[n] * c_before) * fma(-f, f, f);
            dz[2 * hidden + n] = (dc[n] * i) * fma(-g, g, 1.0);
            dz[3 * hidden + n] = (dh[n] * tanh_c) * fma(-o, o, o);
            dc[n] *= f;
        }
    }

    fn gru(&self, s: usize, row: usize, dh: &[f32], dz: &mut [f32], dz_recurrent: &mut [f32]) {
        let hidden = self.shape.hidden;
        for n in 0..hidden {
            let [z, _, candidate] = [0, 1, 2].map(|gate| self.gate(row, gate, n));
            let h_before = self.state_before(s, row).map_or(0.0, |state| state[n]);
            dz[n] = (dh[n] * (h_before - candidate)) * fma(-z, z, z);
            dz[2 * hidden + n] = (dh[n] * (1.0 - z)) * fma(-candidate, candidate, 1.0);
        }
        let dz_candidate = dz[2 * hidden..].to_vec();
        let b = row - s * self.shape.batch;
        let masked = self.state_before(s, row).map(|state| masked(&self.pass, b, state));
        for n in 0..hidden {
            let r = self.gate(row, 1, n);
            let dr = if self.cell == (Cell::Gru { reset_after: true }) {
                dz_candidate[n] * self.memory.extra[row * hidden + n]
            } else {
                self.d_reset(&dz_candidate, n) * masked.as_ref().map_or(0.0, |state| state[n])
            };
            dz[hidden + n] = dr * fma(-r, r, r);
        }
        dz_recurrent.copy_from_slice(dz);
        for n in 0..hidden {
            dz_recurrent[2 * hidden + n] = dz_candidate[n] * self.gate(row, 1, n);
        }
    }

    /// GRU without `reset_after`: the gradient of unit k of the state after the reset gate.
    fn d_reset(&self, dz_candidate: &[f32], k: usize) -> f32 {
        let hidden = self.shape.hidden;
        let u = &self.pass.weights.recurrent_kernel[k * 3 * hidden + 2 * hidden..][..hidden];
        chain(0.0, dz_candidate.iter().copied().zip(u.iter().copied()))
    }

    /// The gradient of the state before a step, from those of the state after it and of the preactivations.
    fn dh_before(&self, b: usize, row: usize, dh: &[f32], dz: &[f32], dy_before: impl Fn(usize) -> f32) -> Vec<f32> {
        let (hidden, width) = (self.shape.hidden, self.cell.gates() * self.shape.hidden);
        let reset_before = self.cell == Cell::Gru { reset_after: false };
        // The candidate's product does not see the state itself when the reset gate comes first.
        let gates = if reset_before { 2 } else { self.cell.gates() };
        (0..hidden)
            .map(|k| {
                let mut start = dy_before(k);
                if let Cell::Gru { .. } = self.cell {
                    start = fma(dh[k], self.gate(row, 0, k), start);
                }
                // What goes through the recurrent kernel goes through the mask: a chain of its own, then times the factor.
                let base = self.pass.recurrent_mask.map(|_| std::mem::take(&mut start));
                if reset_before {
                    start = fma(self.d_reset(&dz[2 * hidden..], k), self.gate(row, 1, k), start);
                }
                let u = &self.pass.weights.recurrent_kernel[k * width..][..width];
                let terms = (0..hidden).flat_map(|n| (0..gates).map(move |g| g * hidden + n));
                let sum = chain(start, terms.map(|column| (dz[column], u[column])));
                match (base, self.pass.recurrent_mask) {
                    (Some(base), Some(mask)) => sum * mask[b * hidden + k] + base,
                    _ => sum,
                }
            })
            .collect()
    }

    fn add_dx(&self, deltas: &Deltas, dx: &mut [f32]) {
        let LayerShape {
            batch,
            steps,
            inputs,
            hidden,
        } = self.shape;
        let (gates, width) = (self.cell.gates(), self.cell.gates() * hidden);
        for s in 0..steps {
            let t = time(self.pass.direction, self.shape, s);
            for b in self.rows.clone() {
                let dz = &deltas.input[(s * batch + b) * width..][..width];
                for i in 0..inputs {
                    let w = &self.pass.weights.kernel[i * width..][..width];
                    let terms = (0..hidden).flat_map(|n| (0..gates).map(move |g| g * hidden + n));
                    let place = &mut dx[(b * steps + t) * inputs + i];
                    *place = chain(*place, terms.map(|column| (dz[column], w[column])));
                }
            }
        }
    }

    fn add_weight_gradients(&self, deltas: &Deltas, gradients: &mut Gradients<'_>) {
        let LayerShape {
            batch,
            steps,
            inputs,
            hidden,
        } = self.shape;
        let width = self.cell.gates() * hidden;
        for s in (0..steps).rev() {
            let t = time(self.pass.direction, self.shape, s);
            for b in self.rows.clone() {
                let row = s * batch + b;
                let dz = &deltas.input[row * width..][..width];
                let dz_recurrent = &deltas.recurrent[row * width..][..width];
                for (i, weights) in gradients.kernel.chunks_exact_mut(width).enumerate() {
                    let x = self.x[(b * steps + t) * inputs + i];
                    weights
                        .iter_mut()
                        .zip(dz)
                        .for_each(|(sum, &dz)| *sum = fma(x, dz, *sum));
                }
                gradients.bias.iter_mut().zip(dz).for_each(|(sum, &dz)| *sum += dz);
                if let Cell::Gru { reset_after: true } = self.cell {
                    gradients.bias[width..]
                        .iter_mut()
                        .zip(dz_recurrent)
                        .for_each(|(sum, &dz)| *sum += dz);
                }
                let Some(state) = self.state_before(s, row) else {
                    continue;
                };
                let state = masked(&self.pass, b, state);
                for (k, weights) in gradients.recurrent_kernel.chunks_exact_mut(width).enumerate() {
                    for (column, (sum, &dz)) in weights.iter_mut().zip(dz_recurrent).enumerate() {
                        let through_reset = self.cell == (Cell::Gru { reset_after: false }) && column >= 2 * hidden;
                        let h = if through_reset {
                            self.gate(row, 1, k) * state[k]
                        } else {
                            state[k]
                        };
                        *sum = fma(h, dz, *sum);
                    }
                }
            }
        }
    }
}
