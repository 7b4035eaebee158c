//! Layers as dfdx modules against Keras: output and every gradient, one way and bidirectional.
//!
//! The numbers are made by `xtask/fixtures/layers.py`.

#![allow(clippy::unwrap_used, clippy::print_stderr, missing_docs)]

mod keras_fixture;

use dfdx::nn::Module;
use dfdx::shapes::{HasShape, Shape};
use dfdx::tensor::{Gradients, OwnedTape, PutTape, SplitTape, Tape, Tensor, TensorFrom, ZerosTensor};
use dfdx::tensor_ops::Backward;
use keras_fixture::{Case, Fixture, Worst};
use recurra_models::{
    Average, Bidirectional, Concat, Cpu, CpuError, GruCell, GruResetBeforeCell, LastState, Layer, LstmCell, Mul,
    Recurrent, RecurrentCell, Sequences, SimpleRnnCell, Sum,
};

type Taped<S> = Tensor<S, f32, Cpu, OwnedTape<f32, Cpu>>;

/// Gives the layer the weights of the case, runs it forward and backward, and compares all that comes out.
fn compare<L, S>(fixture: &Fixture, case: &Case, mut layer: L, worst: &mut Worst)
where
    S: Shape,
    L: Layer + Module<Taped<(usize, usize, usize)>, Output = Taped<S>, Error = CpuError>,
{
    let ways = if matches!(case.wrapper.as_str(), "forward" | "backward") {
        1
    } else {
        2
    };
    let weights: Vec<String> = ["forward_layer", "backward_layer"][..ways]
        .iter()
        .flat_map(|way| ["kernel", "recurrent_kernel", "bias"].map(|name| format!("{way}/{name}")))
        .collect();
    let mut left = weights.iter();
    layer.visit_mut("", &mut |view| {
        let weight = fixture.get(&format!("{}/{}", case.size, left.next().unwrap()));
        assert_eq!(view.shape, weight.shape);
        view.values.copy_from_slice(&weight.f32());
    });
    assert!(left.next().is_none());

    let device = Cpu::default();
    let x = fixture.get(&format!("{}/x", case.size));
    let [batch, steps, inputs] = x.shape[..] else {
        panic!("x has three axes")
    };
    let mut input = device.zeros_like(&(batch, steps, inputs));
    input.copy_from(&x.f32());
    let (y, mut tape) = layer.forward(input.clone().put_tape(OwnedTape::default())).split_tape();
    let mut values = vec![0.0; y.shape().num_elements()];
    y.copy_into(&mut values);

    let dy = fixture.get(&format!("{}/dy", case.name)).f32();
    tape.add_backward_op(move |gradients| {
        gradients.get_or_alloc_mut(&y)?.copy_from_slice(&dy);
        Ok(())
    });
    let end: Tensor<(), f32, Cpu> = device.tensor(0.0);
    let mut gradients: Gradients<f32, Cpu> = end.put_tape(tape).backward();

    let mut note = |name: &str, ours: &[f32]| {
        worst.note(
            fixture.share_of_bound(case, name, ours),
            format!("{}/{name}", case.name),
        );
    };
    note("y", &values);
    note("dx", gradients.get_or_alloc_mut(&input).unwrap());
    let mut left = weights.iter();
    layer.visit_slots(&mut |slot| {
        let gradient = slot.gradient(&mut gradients).unwrap();
        note(&format!("d_{}", left.next().unwrap()), gradient);
    });
    assert!(left.next().is_none());
}

/// Gives `run` the cases of a cell with `hidden` units, and says how many they were.
fn cases_of(fixture: &Fixture, hidden: usize, mut run: impl FnMut(&Case, usize)) -> usize {
    let mut compared = 0;
    for case in fixture.cases() {
        let recurrent_kernel = fixture.get(&format!("{}/forward_layer/recurrent_kernel", case.size));
        if recurrent_kernel.shape[0] == hidden {
            run(&case, fixture.get(&format!("{}/x", case.size)).shape[2]);
            compared += 1;
        }
    }
    compared
}

macro_rules! run {
    ($fixture:ident, $case:ident, $inputs:ident, $worst:ident, $layer:ty) => {
        compare(
            $fixture,
            $case,
            <$layer>::zeros(&Cpu::default(), $inputs).unwrap(),
            $worst,
        )
    };
}

macro_rules! run_backwards {
    ($fixture:ident, $case:ident, $inputs:ident, $worst:ident, $layer:ty) => {
        compare(
            $fixture,
            $case,
            <$layer>::zeros(&Cpu::default(), $inputs).unwrap().go_backwards(),
            $worst,
        )
    };
}

/// One way, backwards and concatenated, for hidden units `H` and `H2 = 2·H`.
fn compare_usual<C: RecurrentCell, const H: usize, const H2: usize>(fixture: &Fixture, worst: &mut Worst) -> usize {
    cases_of(fixture, H, |case, inputs| {
        match (case.wrapper.as_str(), case.sequences) {
            ("forward", true) => run!(fixture, case, inputs, worst, Recurrent<C, usize, H, Sequences>),
            ("forward", false) => run!(fixture, case, inputs, worst, Recurrent<C, usize, H, LastState>),
            ("concat", true) => run!(fixture, case, inputs, worst, Bidirectional<C, usize, H, H2, Sequences, Concat>),
            ("concat", false) => run!(fixture, case, inputs, worst, Bidirectional<C, usize, H, H2, LastState, Concat>),
            ("backward", true) => run_backwards!(fixture, case, inputs, worst, Recurrent<C, usize, H, Sequences>),
            ("backward", false) => run_backwards!(fixture, case, inputs, worst, Recurrent<C, usize, H, LastState>),
            _ => compare_merged::<C>(fixture, case, inputs, worst),
        }
    })
}

/// The other merge modes, which the fixture has for five hidden units alone.
fn compare_merged<C: RecurrentCell>(fixture: &Fixture, case: &Case, inputs: usize, worst: &mut Worst) {
    assert_eq!(case.size, "odd", "{}", case.name);
    match (case.wrapper.as_str(), case.sequences) {
        ("sum", true) => run!(fixture, case, inputs, worst, Bidirectional<C, usize, 5, 5, Sequences, Sum>),
        ("sum", false) => run!(fixture, case, inputs, worst, Bidirectional<C, usize, 5, 5, LastState, Sum>),
        ("mul", true) => run!(fixture, case, inputs, worst, Bidirectional<C, usize, 5, 5, Sequences, Mul>),
        ("mul", false) => run!(fixture, case, inputs, worst, Bidirectional<C, usize, 5, 5, LastState, Mul>),
        ("ave", true) => run!(fixture, case, inputs, worst, Bidirectional<C, usize, 5, 5, Sequences, Average>),
        ("ave", false) => run!(fixture, case, inputs, worst, Bidirectional<C, usize, 5, 5, LastState, Average>),
        other => panic!("no layer for {other:?}"),
    }
}

fn compare_cell<C: RecurrentCell>(cell: &str) {
    let fixture = Fixture::read(cell);
    let mut worst = Worst::default();
    let compared = compare_usual::<C, 1, 2>(&fixture, &mut worst)
        + compare_usual::<C, 3, 6>(&fixture, &mut worst)
        + compare_usual::<C, 4, 8>(&fixture, &mut worst)
        + compare_usual::<C, 5, 10>(&fixture, &mut worst)
        + compare_usual::<C, 7, 14>(&fixture, &mut worst);
    assert_eq!(compared, 36, "all cases");
    worst.judge(cell);
}

#[test]
fn simple_rnn_is_keras() {
    compare_cell::<SimpleRnnCell>("simple-rnn");
}

#[test]
fn lstm_is_keras() {
    compare_cell::<LstmCell>("lstm");
}

#[test]
fn gru_is_keras() {
    compare_cell::<GruCell>("gru");
}

#[test]
fn gru_with_the_reset_before_is_keras() {
    compare_cell::<GruResetBeforeCell>("gru-reset-before");
}
