//! Every layer on dfdx's tape against a plain f64 reference: its outputs, and all its gradients against that reference's
//! central differences.
#![allow(clippy::unwrap_used)]

mod common;

use common::{Reading, states};
use dfdx::prelude::{Module, Trace};
use dfdx::shapes::{HasAxes, ReduceShapeTo, Shape};
use dfdx::tensor::{Cpu, Gradients, NoneTape, OwnedTape, Tensor, ZerosTensor};
use dfdx::tensor_ops::{Backward, SumTo};
use recurra_kernels::Outputs;
use recurra_models::{
    Average, Bidirectional, CellKind, Concat, Const, CpuError, Dense, FirstLayer, Generator, GruCell,
    GruResetBeforeCell, InnerLayer, LastState, Layer, LstmCell, Merge, MergeMode, Mul, Recurrent, RecurrentCell,
    Returns, Scale, Sequences, SimpleRnnCell, Sum,
};

const STEP: f64 = 1e-5;

/// A value of an array of inputs or weights, reproducible and of ordinary size.
fn fill(len: usize, seed: u64) -> Vec<f32> {
    let mut generator = Generator::for_purpose(seed, "gradient check");
    (0..len).map(|_| (generator.next_normal() * 0.6) as f32).collect()
}

fn wide(values: &[f32]) -> Vec<f64> {
    values.iter().map(|&value| f64::from(value)).collect()
}

/// What the tape gave for one layer and one batch.
struct Taped {
    output: Vec<f32>,
    inferred: Vec<f32>,
    dx: Vec<f32>,
    weights: Vec<Vec<f32>>,
    gradients: Vec<Vec<f32>>,
}

/// Forward, and backward from the loss `Σ coefficient·y²/2`, through dfdx's own square, product and sum.
fn run<L, In: Shape, Out>(mut layer: L, shape: In, x: &[f32], coefficients: &[f32]) -> Taped
where
    Out: Shape + HasAxes<<Out as Shape>::AllAxes> + ReduceShapeTo<(), <Out as Shape>::AllAxes>,
    L: Layer
        + Module<
            Tensor<In, f32, Cpu, OwnedTape<f32, Cpu>>,
            Output = Tensor<Out, f32, Cpu, OwnedTape<f32, Cpu>>,
            Error = CpuError,
        > + Module<Tensor<In, f32, Cpu, NoneTape>, Output = Tensor<Out, f32, Cpu, NoneTape>, Error = CpuError>,
{
    let device = Cpu::default();
    let mut seed = 100;
    let mut weights = Vec::new();
    layer.visit_mut("", &mut |view| {
        seed += 1;
        view.values.copy_from_slice(&fill(view.values.len(), seed));
        weights.push(view.values.to_vec());
    });
    let mut input: Tensor<In, f32, Cpu> = device.try_zeros_like(&shape).unwrap();
    input.copy_from(x);
    let inferred = layer.try_forward(input.clone()).unwrap().as_vec();
    // Twice, so that a scratch that was used before is seen to do no harm.
    drop(layer.try_forward(input.clone().leaky_traced()).unwrap());
    let output = layer.try_forward(input.clone().leaky_traced()).unwrap();
    let values = output.as_vec();
    let mut factors: Tensor<Out, f32, Cpu> = device.try_zeros_like(&output).unwrap();
    factors.copy_from(coefficients);
    let loss = (output.square() * factors).sum::<(), <Out as Shape>::AllAxes>() * 0.5;
    let mut taped: Gradients<f32, Cpu> = loss.backward();
    let dx = taped.get_or_alloc_mut(&input).unwrap().to_vec();
    let mut gradients = Vec::new();
    layer.visit_slots(&mut |slot| gradients.push(slot.gradient(&mut taped).unwrap().clone()));
    Taped {
        output: values,
        inferred,
        dx,
        weights,
        gradients,
    }
}

fn loss(output: &[f64], coefficients: &[f32]) -> f64 {
    output
        .iter()
        .zip(coefficients)
        .map(|(y, &c)| 0.5 * f64::from(c) * y * y)
        .sum()
}

/// Compares everything that the tape gave with `reference(x, weights)`.
fn compare(
    case: &str,
    taped: &Taped,
    x: &[f32],
    coefficients: &[f32],
    reference: impl Fn(&[f64], &[Vec<f64>]) -> Vec<f64>,
) {
    let (x, weights): (Vec<f64>, Vec<Vec<f64>>) = (wide(x), taped.weights.iter().map(|w| wide(w)).collect());
    let close = |what: &str, found: f32, expected: f64| {
        let tolerance = 2e-5 * (1.0 + expected.abs());
        assert!(
            (f64::from(found) - expected).abs() < tolerance,
            "{case}: {what} is {found}, not {expected}"
        );
    };
    let expected = reference(&x, &weights);
    assert_eq!(taped.output.len(), expected.len(), "{case}");
    for (&found, &expected) in taped.output.iter().zip(&expected) {
        close("output", found, expected);
    }
    assert_eq!(
        taped.output.iter().map(|v| v.to_bits()).collect::<Vec<_>>(),
        taped.inferred.iter().map(|v| v.to_bits()).collect::<Vec<_>>(),
        "{case}: inference gives other bits"
    );
    let slope = |x_at: Option<usize>, weight_at: Option<(usize, usize)>| {
        let moved = |by: f64| {
            let (mut x, mut weights) = (x.clone(), weights.clone());
            if let Some(index) = x_at {
                x[index] += by;
            }
            if let Some((tensor, index)) = weight_at {
                weights[tensor][index] += by;
            }
            loss(&reference(&x, &weights), coefficients)
        };
        (moved(STEP) - moved(-STEP)) / (2.0 * STEP)
    };
    for (index, &found) in taped.dx.iter().enumerate() {
        close("input gradient", found, slope(Some(index), None));
    }
    for (tensor, gradient) in taped.gradients.iter().enumerate() {
        assert_eq!(gradient.len(), weights[tensor].len(), "{case}");
        for (index, &found) in gradient.iter().enumerate() {
            close(
                &format!("gradient {index} of parameter {tensor}"),
                found,
                slope(None, Some((tensor, index))),
            );
        }
    }
}

fn reading(weights: &[Vec<f64>]) -> Reading {
    Reading {
        kernel: weights[0].clone(),
        recurrent: weights[1].clone(),
        bias: weights[2].clone(),
    }
}

/// The reference of a recurrent layer: one reading, or two and how they are joined.
fn recurrent(
    cell: CellKind,
    merge: Option<MergeMode>,
    outputs: Outputs,
    [steps, inputs, hidden]: [usize; 3],
    x: &[f64],
    weights: &[Vec<f64>],
) -> Vec<f64> {
    let mut out = Vec::new();
    for window in x.chunks(steps * inputs) {
        let forward = states(cell, &reading(weights), window, inputs, hidden, false);
        let backward = merge.map(|_| states(cell, &reading(&weights[3..]), window, inputs, hidden, true));
        // A last state is that of the step that was read last: for the backward reading the window's first.
        let places: Vec<(usize, usize)> = match outputs {
            Outputs::Sequences => (0..steps).map(|step| (step, step)).collect(),
            Outputs::LastState => vec![(steps - 1, 0)],
        };
        for (ahead, back) in places {
            let f = &forward[ahead * hidden..(ahead + 1) * hidden];
            let Some(backward) = &backward else {
                out.extend(f);
                continue;
            };
            let b = &backward[back * hidden..(back + 1) * hidden];
            let joined = f.iter().zip(b);
            match merge.unwrap() {
                MergeMode::Concat => out.extend(f.iter().chain(b)),
                MergeMode::Sum => out.extend(joined.map(|(f, b)| f + b)),
                MergeMode::Mul => out.extend(joined.map(|(f, b)| f * b)),
                MergeMode::Average => out.extend(joined.map(|(f, b)| (f + b) / 2.0)),
            }
        }
    }
    out
}

fn check_one_way<C: RecurrentCell, const I: usize, const H: usize, R: Returns>() {
    let cell = CellKind::from(C::CELL);
    for (batch, steps) in [(1, 1), (1, 5), (3, 4), (5, 3)] {
        let x = fill(batch * steps * I, 7);
        let coefficients = fill(batch * H * R::OUTPUTS.steps(steps), 8);
        let layer = Recurrent::<C, Const<I>, H, R>::inner(&Cpu::default()).unwrap();
        let taped = run(layer, (batch, steps, Const::<I>), &x, &coefficients);
        let case = format!("{cell:?} {I}→{H}, {batch} windows of {steps}, {:?}", R::OUTPUTS);
        compare(&case, &taped, &x, &coefficients, |x, weights| {
            recurrent(cell, None, R::OUTPUTS, [steps, I, H], x, weights)
        });
    }
}

fn check_bidirectional<C: RecurrentCell, const I: usize, const H: usize, const O: usize, R: Returns, M: Merge>() {
    let cell = CellKind::from(C::CELL);
    for (batch, steps) in [(1, 1), (1, 4), (3, 3)] {
        let x = fill(batch * steps * I, 7);
        let coefficients = fill(batch * O * R::OUTPUTS.steps(steps), 8);
        let layer = Bidirectional::<C, Const<I>, H, O, R, M>::inner(&Cpu::default()).unwrap();
        let taped = run(layer, (batch, steps, Const::<I>), &x, &coefficients);
        let case = format!(
            "{cell:?} {I}→{O} both ways, {batch} windows of {steps}, {:?}, {:?}",
            M::MODE,
            R::OUTPUTS
        );
        compare(&case, &taped, &x, &coefficients, |x, weights| {
            recurrent(cell, Some(M::MODE), R::OUTPUTS, [steps, I, H], x, weights)
        });
    }
}

macro_rules! cells {
    ($($name:ident: $cell:ty),+) => {$(
        mod $name {
            use super::*;

            #[test]
            fn one_way() {
                check_one_way::<$cell, 1, 1, LastState>();
                check_one_way::<$cell, 3, 5, LastState>();
                check_one_way::<$cell, 3, 5, Sequences>();
                check_one_way::<$cell, 2, 17, Sequences>();
            }

            #[test]
            fn bidirectional() {
                check_bidirectional::<$cell, 1, 3, 6, LastState, Concat>();
                check_bidirectional::<$cell, 3, 5, 10, Sequences, Concat>();
                check_bidirectional::<$cell, 2, 3, 3, Sequences, Sum>();
                check_bidirectional::<$cell, 2, 3, 3, LastState, Sum>();
                check_bidirectional::<$cell, 2, 3, 3, Sequences, Mul>();
                check_bidirectional::<$cell, 2, 3, 3, LastState, Mul>();
                check_bidirectional::<$cell, 2, 3, 3, Sequences, Average>();
                check_bidirectional::<$cell, 2, 3, 3, LastState, Average>();
            }
        }
    )+};
}

cells!(simple_rnn: SimpleRnnCell, lstm: LstmCell, gru: GruCell, gru_reset_before: GruResetBeforeCell);

#[test]
fn dense() {
    for batch in [1, 7] {
        let (x, coefficients) = (fill(batch * 5, 7), fill(batch * 3, 8));
        let layer = Dense::<5, 3>::zeros(&Cpu::default(), Const).unwrap();
        let taped = run(layer, (batch, Const::<5>), &x, &coefficients);
        compare("dense", &taped, &x, &coefficients, |x, weights| {
            let rows = x.chunks(5);
            let out =
                |row: &[f64], o: usize| weights[1][o] + (0..5).map(|i| row[i] * weights[0][i * 3 + o]).sum::<f64>();
            rows.flat_map(|row| [out(row, 0), out(row, 1), out(row, 2)]).collect()
        });
    }
}

#[test]
fn scale() {
    let (x, coefficients) = (fill(6, 7), fill(6, 8));
    let taped = run(Scale::new(2.5), (2, Const::<3>), &x, &coefficients);
    compare("scale", &taped, &x, &coefficients, |x, _| {
        x.iter().map(|x| 2.5 * x).collect()
    });
}

/// An input with two uses gets the sum of both gradients.
#[test]
fn gradients_of_a_shared_input_add_up() {
    let device = Cpu::default();
    let mut layer = Dense::<2, 2>::zeros(&device, Const).unwrap();
    layer.visit_mut("", &mut |view| view.values.fill(1.0));
    let mut x: Tensor<(usize, Const<2>), f32, Cpu> = device.try_zeros_like(&(1, Const)).unwrap();
    x.copy_from(&[1.0, 2.0]);
    let once = layer.try_forward(x.clone().leaky_traced()).unwrap();
    let twice = once + layer.try_forward(x.clone().leaky_traced()).unwrap();
    let mut gradients = twice.sum::<(), _>().backward();
    assert_eq!(gradients.get_or_alloc_mut(&x).unwrap().as_slice(), [4.0, 4.0]);
    let mut kernels = Vec::new();
    layer.visit_slots(&mut |slot| kernels.push(slot.gradient(&mut gradients).unwrap().clone()));
    assert_eq!(kernels, [vec![2.0, 2.0, 4.0, 4.0], vec![2.0, 2.0]]);
}

/// Memory as it lies is not always the order of the elements.
#[test]
fn a_transposed_input_is_read_in_its_own_order() {
    use dfdx::tensor_ops::PermuteTo;
    let device = Cpu::default();
    let mut layer = Recurrent::<SimpleRnnCell, Const<2>, 3, Sequences>::inner(&device).unwrap();
    layer.visit_mut("", &mut |view| view.values.copy_from_slice(&fill(view.values.len(), 9)));
    let mut x: Tensor<(usize, usize, Const<2>), f32, Cpu> = device.try_zeros_like(&(2, 3, Const)).unwrap();
    x.copy_from(&fill(12, 7));
    let mut swapped: Tensor<(usize, usize, Const<2>), f32, Cpu> = device.try_zeros_like(&(3, 2, Const)).unwrap();
    let values = fill(12, 7);
    let order: Vec<f32> = [0, 3, 1, 4, 2, 5]
        .iter()
        .flat_map(|&pair| [values[2 * pair], values[2 * pair + 1]])
        .collect();
    swapped.copy_from(&order);
    let permuted = x.permute::<(usize, usize, Const<2>), dfdx::shapes::Axes3<1, 0, 2>>();
    assert_eq!(
        layer.try_forward(permuted).unwrap().as_vec(),
        layer.try_forward(swapped).unwrap().as_vec()
    );
}

/// The first layer of a network does without its input's gradient and has the same ones else.
#[test]
fn the_first_layer_has_the_same_weight_gradients() {
    let device = Cpu::default();
    let (x, coefficients) = (fill(2 * 4 * 3, 7), fill(2 * 5, 8));
    let inner = run(
        Recurrent::<LstmCell, Const<3>, 5>::inner(&device).unwrap(),
        (2, 4, Const::<3>),
        &x,
        &coefficients,
    );
    let first = run(
        Recurrent::<LstmCell, usize, 5>::first(&device, 3).unwrap(),
        (2, 4, 3),
        &x,
        &coefficients,
    );
    assert_eq!(inner.gradients, first.gradients);
    assert!(inner.dx.iter().any(|&dx| dx != 0.0) && first.dx.iter().all(|&dx| dx == 0.0));
}
