//! What the integration tests share: cells, random layers, and one call of forward and backward.
#![allow(dead_code, unreachable_pub)]

use recurra_kernels::{Cell, Direction, Gradients, LayerShape, Outputs, Pass, State, Weights};

pub const CELLS: [Cell; 4] = [
    Cell::SimpleRnn,
    Cell::Lstm,
    Cell::Gru { reset_after: true },
    Cell::Gru { reset_after: false },
];

/// A small generator of reproducible numbers (xorshift64*), so that the tests need nothing from outside.
pub struct Numbers(pub u64);

impl Numbers {
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// Between -scale and scale.
    pub fn value(&mut self, scale: f32) -> f32 {
        ((self.next() >> 40) as f32 / (1 << 23) as f32 - 1.0) * scale
    }

    pub fn values(&mut self, count: usize, scale: f32) -> Vec<f32> {
        (0..count).map(|_| self.value(scale)).collect()
    }
}

/// The weights of one pass, owned; also used for their gradients.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnedWeights {
    pub kernel: Vec<f32>,
    pub recurrent_kernel: Vec<f32>,
    pub bias: Vec<f32>,
}

impl OwnedWeights {
    pub fn random(cell: Cell, shape: LayerShape, numbers: &mut Numbers) -> Self {
        let width = cell.gates() * shape.hidden;
        let scale = 1.0 / (shape.hidden as f32).sqrt();
        Self {
            kernel: numbers.values(shape.inputs * width, 0.5),
            recurrent_kernel: numbers.values(shape.hidden * width, scale),
            bias: numbers.values(cell.bias_len(shape.hidden), 0.5),
        }
    }

    pub fn weights(&self) -> Weights<'_> {
        Weights {
            kernel: &self.kernel,
            recurrent_kernel: &self.recurrent_kernel,
            bias: &self.bias,
        }
    }

    pub fn gradients(&mut self) -> Gradients<'_> {
        Gradients {
            kernel: &mut self.kernel,
            recurrent_kernel: &mut self.recurrent_kernel,
            bias: &mut self.bias,
        }
    }

    pub fn parts_mut(&mut self) -> [&mut Vec<f32>; 3] {
        [&mut self.kernel, &mut self.recurrent_kernel, &mut self.bias]
    }
}

/// A layer with its input, the gradient of its output, and gradients to add to.
#[derive(Debug, Clone)]
pub struct Layer {
    pub cell: Cell,
    pub shape: LayerShape,
    pub directions: Vec<Direction>,
    pub outputs: Outputs,
    pub weights: Vec<OwnedWeights>,
    pub x: Vec<f32>,
    pub dy: Vec<f32>,
    pub dx: Vec<f32>,
    pub gradients: Vec<OwnedWeights>,
    /// The states before the first step and the cell states, one for each pass, or nothing.
    pub initial: Vec<[Vec<f32>; 2]>,
    /// Recurrent masks, one for each pass, or nothing.
    pub masks: Vec<Vec<f32>>,
}

impl Layer {
    pub fn random(cell: Cell, shape: LayerShape, bidirectional: bool, return_sequences: bool, seed: u64) -> Self {
        let mut numbers = Numbers(seed | 1);
        let directions = if bidirectional {
            vec![Direction::Forward, Direction::Backward]
        } else {
            vec![Direction::Backward]
        };
        let columns = directions.len() * shape.hidden;
        let outputs = if return_sequences {
            Outputs::Sequences
        } else {
            Outputs::LastState
        };
        let rows = shape.batch * outputs.steps(shape.steps);
        let mut weights = || {
            directions
                .iter()
                .map(|_| OwnedWeights::random(cell, shape, &mut numbers))
                .collect()
        };
        let (weights, gradients) = (weights(), weights());
        let values = shape.batch * shape.steps * shape.inputs;
        let (x, dy, dx) = (
            numbers.values(values, 2.0),
            numbers.values(rows * columns, 1.0),
            numbers.values(values, 1.0),
        );
        Self {
            cell,
            shape,
            directions,
            outputs,
            weights,
            x,
            dy,
            dx,
            gradients,
            initial: Vec::new(),
            masks: Vec::new(),
        }
    }

    /// The same layer from given states.
    pub fn with_initial(mut self, seed: u64) -> Self {
        let mut numbers = Numbers(seed | 1);
        let values = self.shape.batch * self.shape.hidden;
        let cells = if self.cell == Cell::Lstm { values } else { 0 };
        self.initial = (0..self.directions.len())
            .map(|_| [numbers.values(values, 1.0), numbers.values(cells, 2.0)])
            .collect();
        self
    }

    /// The same layer with a third of the states dropped.
    pub fn with_masks(mut self, seed: u64) -> Self {
        let mut numbers = Numbers(seed | 1);
        let values = self.shape.batch * self.shape.hidden;
        let mut mask = || {
            (0..values)
                .map(|_| if numbers.next().is_multiple_of(3) { 0.0 } else { 1.5 })
                .collect()
        };
        self.masks = (0..self.directions.len()).map(|_| mask()).collect();
        self
    }

    pub fn passes(&self) -> Vec<Pass<'_>> {
        self.directions
            .iter()
            .zip(&self.weights)
            .enumerate()
            .map(|(p, (&direction, weights))| Pass {
                initial: self.initial.get(p).map(|[hidden, cell]| State { hidden, cell }),
                recurrent_mask: self.masks.get(p).map(Vec::as_slice),
                ..Pass::new(direction, weights.weights())
            })
            .collect()
    }
}
