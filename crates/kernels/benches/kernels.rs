//! The single kernels, on the layers of the reference models. `cargo bench -p recurra-kernels` measures; with `-- --test` each runs once.
#![allow(clippy::unwrap_used, missing_docs)]

use divan::{Bencher, black_box};
use recurra_kernels::{
    Cell, DenseShape, Direction, Gradients, LayerShape, Outputs, Pass, RecurrentScratch, Weights, dense_backward,
    dense_forward, peak_gflops, recurrent_backward, recurrent_forward, recurrent_infer,
};

fn main() {
    divan::main();
}

/// A layer of one of the reference models.
#[derive(Debug, Clone, Copy)]
struct Case {
    cell: Cell,
    shape: LayerShape,
    bidirectional: bool,
}

const fn case(cell: Cell, batch: usize, steps: usize, inputs: usize, hidden: usize, bidirectional: bool) -> Case {
    Case {
        cell,
        shape: LayerShape {
            batch,
            steps,
            inputs,
            hidden,
        },
        bidirectional,
    }
}

const CASES: [Case; 6] = [
    case(Cell::SimpleRnn, 128, 20, 1, 40, false),
    case(Cell::SimpleRnn, 128, 20, 40, 40, false),
    case(Cell::Lstm, 32, 20, 1, 32, true),
    case(Cell::Lstm, 32, 20, 64, 32, true),
    case(Cell::Gru { reset_after: true }, 32, 20, 64, 32, true),
    case(Cell::Gru { reset_after: false }, 32, 20, 64, 32, true),
];

/// Some values without a pattern that a kernel could profit from.
fn values(count: usize) -> Vec<f32> {
    (0..count).map(|i| (i * 7919 % 1009) as f32 / 2000.0 - 0.25).collect()
}

struct Layer {
    kernel: Vec<f32>,
    recurrent_kernel: Vec<f32>,
    bias: Vec<f32>,
    x: Vec<f32>,
    y: Vec<f32>,
}

impl Layer {
    fn new(case: Case) -> Self {
        let LayerShape {
            batch,
            steps,
            inputs,
            hidden,
        } = case.shape;
        let columns = case.cell.gates() * hidden;
        Self {
            kernel: values(inputs * columns),
            recurrent_kernel: values(hidden * columns),
            bias: values(case.cell.bias_len(hidden)),
            x: values(batch * steps * inputs),
            y: values(batch * steps * hidden * if case.bidirectional { 2 } else { 1 }),
        }
    }

    fn passes(&self, case: Case) -> Vec<Pass<'_>> {
        let weights = Weights {
            kernel: &self.kernel,
            recurrent_kernel: &self.recurrent_kernel,
            bias: &self.bias,
        };
        let directions = [Direction::Forward, Direction::Backward];
        let used = if case.bidirectional {
            &directions[..]
        } else {
            &directions[..1]
        };
        used.iter().map(|&direction| Pass::new(direction, weights)).collect()
    }
}

#[divan::bench(args = CASES)]
fn forward(bencher: Bencher<'_, '_>, case: Case) {
    let mut layer = Layer::new(case);
    let mut y = std::mem::take(&mut layer.y);
    let passes = layer.passes(case);
    let mut scratch = RecurrentScratch::default();
    bencher.bench_local(|| {
        recurrent_forward(
            case.cell,
            case.shape,
            &passes,
            Outputs::Sequences,
            black_box(&layer.x),
            &mut scratch,
            &mut y,
        );
    });
}

#[divan::bench(args = CASES)]
fn forward_and_backward(bencher: Bencher<'_, '_>, case: Case) {
    let mut layer = Layer::new(case);
    let mut y = std::mem::take(&mut layer.y);
    let dy = y.clone();
    let passes = layer.passes(case);
    let mut scratch = RecurrentScratch::default();
    let mut dx = vec![0.0; layer.x.len()];
    let mut owned: Vec<_> = passes
        .iter()
        .map(|_| (layer.kernel.clone(), layer.recurrent_kernel.clone(), layer.bias.clone()))
        .collect();
    bencher.bench_local(|| {
        recurrent_forward(
            case.cell,
            case.shape,
            &passes,
            Outputs::Sequences,
            black_box(&layer.x),
            &mut scratch,
            &mut y,
        );
        let mut gradients: Vec<_> = owned
            .iter_mut()
            .map(|(kernel, recurrent_kernel, bias)| Gradients {
                kernel,
                recurrent_kernel,
                bias,
            })
            .collect();
        let (x, dx) = (&layer.x, Some(&mut dx[..]));
        recurrent_backward(
            case.cell,
            case.shape,
            &passes,
            Outputs::Sequences,
            x,
            &mut scratch,
            &dy,
            dx,
            &mut gradients,
        );
    });
}

#[divan::bench(args = CASES)]
fn one_window(bencher: Bencher<'_, '_>, mut case: Case) {
    case.shape.batch = 1;
    let mut layer = Layer::new(case);
    let mut y = std::mem::take(&mut layer.y);
    let passes = layer.passes(case);
    let mut scratch = RecurrentScratch::default();
    bencher.bench_local(|| {
        recurrent_infer(
            case.cell,
            case.shape,
            &passes,
            Outputs::Sequences,
            black_box(&layer.x),
            &mut scratch,
            &mut y,
        );
    });
}

#[divan::bench(args = [1, 24])]
fn dense(bencher: Bencher<'_, '_>, outputs: usize) {
    let shape = DenseShape {
        rows: 32,
        inputs: 64,
        outputs,
    };
    let (kernel, x, dy) = (values(64 * outputs), values(32 * 64), values(32 * outputs));
    let (mut y, mut dx) = (vec![0.0; dy.len()], vec![0.0; x.len()]);
    let (mut dkernel, mut dbias) = (kernel.clone(), values(outputs));
    bencher.bench_local(|| {
        dense_forward(shape, &kernel, &dbias, black_box(&x), &mut y);
        dense_backward(shape, &kernel, &x, &dy, Some(&mut dx), &mut dkernel, &mut dbias);
    });
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn peak() -> f64 {
    peak_gflops()
}
