//! Recurrent layers with options against Keras: stateful over two batches, recurrent dropout with a given mask. (Going backwards is
//! among the cases of `keras_layers.rs`.)
//!
//! The numbers are made by `xtask/fixtures/layer_options.py`.

#![allow(clippy::unwrap_used, clippy::print_stderr, missing_docs)]

#[allow(dead_code, reason = "only the reading of files is used here")]
mod keras_fixture;

use dfdx::nn::Module;
use dfdx::shapes::{HasShape, Shape};
use dfdx::tensor::{Gradients, OwnedTape, PutTape, SplitTape, Tape, Tensor, TensorFrom, ZerosTensor};
use dfdx::tensor_ops::Backward;
use keras_fixture::{Array, Fixture};
use recurra_kernels::{
    Cell, Direction, LayerShape, Outputs, Pass, RecurrentScratch, Weights, recurrent_backward, recurrent_forward,
};
use recurra_models::{
    Bidirectional, Concat, Cpu, CpuError, GruCell, GruResetBeforeCell, LastState, Layer, LstmCell, Recurrent,
    RecurrentCell, Sequences, SimpleRnnCell,
};

const UNITS: usize = 5;

type Taped<S> = Tensor<S, f32, Cpu, OwnedTape<f32, Cpu>>;

/// One case of the fixture.
struct Case<'a> {
    fixture: &'a Fixture,
    name: String,
}

impl Case<'_> {
    fn array(&self, name: &str) -> &Array {
        self.fixture.get(&format!("{}/{name}", self.name))
    }

    fn values(&self, name: &str) -> Vec<f32> {
        self.array(name).f32()
    }

    /// Both sides are f32, each some units in the seventh digit from the truth; a wrong formula is off in the first or second.
    fn compare(&self, name: &str, ours: &[f32]) {
        let keras = self.values(name);
        assert_eq!(ours.len(), keras.len(), "{}/{name}", self.name);
        let largest = keras.iter().fold(0.0_f32, |largest, value| largest.max(value.abs()));
        assert!(largest > 0.0, "{}/{name} is zero", self.name);
        for (ours, keras) in ours.iter().zip(&keras) {
            let distance = (ours - keras).abs() / largest;
            assert!(distance < 3e-6, "{}/{name}: {ours} should be {keras}", self.name);
        }
    }
}

fn weight_names(both_ways: bool) -> Vec<String> {
    let ways: &[&str] = if both_ways {
        &["forward_layer", "backward_layer"]
    } else {
        &["forward_layer"]
    };
    let names = |way: &&str| ["kernel", "recurrent_kernel", "bias"].map(|name| format!("{way}/{name}"));
    ways.iter().flat_map(names).collect()
}

/// Two batches one after the other: outputs of both, gradients and last states of the second.
fn compare_stateful<L, S>(case: &Case<'_>, mut layer: L, both_ways: bool)
where
    S: Shape,
    L: Layer + Module<Taped<(usize, usize, usize)>, Output = Taped<S>, Error = CpuError>,
{
    let names = weight_names(both_ways);
    let mut left = names.iter();
    layer.visit_mut("", &mut |view| {
        view.values.copy_from_slice(&case.values(left.next().unwrap()))
    });
    let device = Cpu::default();
    let run = |input: &str, output: &str| {
        let shape = &case.array(input).shape;
        let mut x = device.zeros_like(&(shape[0], shape[1], shape[2]));
        x.copy_from(&case.values(input));
        let (y, tape) = layer.forward(x.clone().put_tape(OwnedTape::default())).split_tape();
        let mut values = vec![0.0; y.shape().num_elements()];
        y.copy_into(&mut values);
        case.compare(output, &values);
        (x, y, tape)
    };
    drop(run("x1", "y1"));
    let (x, y, mut tape) = run("x2", "y2");

    let dy = case.values("dy");
    tape.add_backward_op(move |gradients| {
        gradients.get_or_alloc_mut(&y)?.copy_from_slice(&dy);
        Ok(())
    });
    let end: Tensor<(), f32, Cpu> = device.tensor(0.0);
    let mut gradients: Gradients<f32, Cpu> = end.put_tape(tape).backward();
    case.compare("dx", gradients.get_or_alloc_mut(&x).unwrap());
    let mut left = names.iter();
    layer.visit_slots(&mut |slot| {
        let name = format!("d_{}", left.next().unwrap());
        case.compare(&name, slot.gradient(&mut gradients).unwrap());
    });
    assert!(left.next().is_none());
}

/// A network around the layer gives its states by name.
fn compare_cell<C: RecurrentCell>(fixture: &Fixture, cell: &str) {
    let case = |name: &str| Case {
        fixture,
        name: format!("{cell}/{name}"),
    };
    let layer = Recurrent::<C, usize, UNITS, Sequences>::zeros(&Cpu::default(), 2).unwrap();
    compare_stateful(&case("stateful"), layer.stateful(), false);
    let layer = Bidirectional::<C, usize, UNITS, { 2 * UNITS }, LastState, Concat>::zeros(&Cpu::default(), 2).unwrap();
    compare_stateful(&case("stateful-both-ways"), layer.stateful(), true);
    compare_mask(&case("recurrent-dropout"), C::CELL);
}

/// The mask is given, so it is the kernels that are compared.
fn compare_mask(case: &Case<'_>, cell: Cell) {
    let [kernel, recurrent_kernel, bias, x, dy, mask] =
        ["kernel", "recurrent_kernel", "bias", "x", "dy", "mask"].map(|name| case.values(name));
    let sizes = &case.array("x").shape;
    let shape = LayerShape {
        batch: sizes[0],
        steps: sizes[1],
        inputs: sizes[2],
        hidden: UNITS,
    };
    let weights = Weights {
        kernel: &kernel,
        recurrent_kernel: &recurrent_kernel,
        bias: &bias,
    };
    let pass = [Pass {
        recurrent_mask: Some(&mask),
        ..Pass::new(Direction::Forward, weights)
    }];
    let mut scratch = RecurrentScratch::default();
    let (mut y, mut dx) = (vec![0.0; dy.len()], vec![0.0; x.len()]);
    recurrent_forward(cell, shape, &pass, Outputs::Sequences, &x, &mut scratch, &mut y);
    case.compare("y", &y);
    let mut found = [&kernel, &recurrent_kernel, &bias].map(|weights| vec![0.0; weights.len()]);
    let [kernel, recurrent_kernel, bias] = &mut found;
    let gradients = recurra_kernels::Gradients {
        kernel,
        recurrent_kernel,
        bias,
    };
    let dx_place = Some(&mut dx[..]);
    recurrent_backward(
        cell,
        shape,
        &pass,
        Outputs::Sequences,
        &x,
        &mut scratch,
        &dy,
        dx_place,
        &mut [gradients],
    );
    case.compare("dx", &dx);
    for (name, gradient) in ["kernel", "recurrent_kernel", "bias"].into_iter().zip(&found) {
        case.compare(&format!("d_{name}"), gradient);
    }
}

#[test]
fn options_are_keras() {
    let fixture = Fixture::open("layer-options");
    compare_cell::<SimpleRnnCell>(&fixture, "simple-rnn");
    compare_cell::<LstmCell>(&fixture, "lstm");
    compare_cell::<GruCell>(&fixture, "gru");
    compare_cell::<GruResetBeforeCell>(&fixture, "gru-reset-before");
}
