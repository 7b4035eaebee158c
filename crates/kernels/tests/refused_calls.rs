//! The kernels read and write as far as a call's sizes say, so a call whose slices are shorter or longer is refused before anything is read.
#![allow(clippy::unwrap_used)]

mod common;

use std::panic::{AssertUnwindSafe, catch_unwind};

use common::{CELLS, Layer, OwnedWeights};
use recurra_kernels::{
    Cell, DenseShape, LayerShape, Outputs, RecurrentScratch, dense_backward, dense_forward, recurrent_backward,
    recurrent_forward, recurrent_infer,
};

const SHAPE: LayerShape = LayerShape {
    batch: 3,
    steps: 2,
    inputs: 4,
    hidden: 5,
};

/// What `call` says when it panics.
fn said(call: impl FnOnce()) -> Option<String> {
    let payload = catch_unwind(AssertUnwindSafe(call)).err()?;
    let text = payload.downcast_ref::<String>().cloned();
    Some(text.unwrap_or_else(|| (*payload.downcast_ref::<&str>().unwrap()).to_owned()))
}

fn assert_refused(what: &str, case: &str, call: impl FnOnce()) {
    let said = said(call);
    assert!(
        said.as_ref().is_some_and(|said| said.contains(what)),
        "{case}, {what}: {said:?}"
    );
}

fn layers() -> impl Iterator<Item = Layer> {
    let layer = |cell| Layer::random(cell, SHAPE, true, true, 7).with_initial(8).with_masks(9);
    // The LSTM, which alone has a cell state, is the second.
    CELLS.into_iter().take(if cfg!(miri) { 2 } else { 4 }).map(layer)
}

fn forward(layer: &Layer, scratch: &mut RecurrentScratch) {
    let mut y = layer.dy.clone();
    recurrent_forward(
        layer.cell,
        SHAPE,
        &layer.passes(),
        Outputs::Sequences,
        &layer.x,
        scratch,
        &mut y,
    );
}

/// Backward with `wrong`, after a forward pass of `right`.
fn backward(right: &Layer, wrong: &Layer) {
    let mut scratch = RecurrentScratch::default();
    forward(right, &mut scratch);
    let (mut dx, mut gradients) = (wrong.dx.clone(), wrong.gradients.clone());
    let mut gradients: Vec<_> = gradients.iter_mut().map(OwnedWeights::gradients).collect();
    let (passes, x, dy) = (wrong.passes(), &wrong.x, &wrong.dy);
    recurrent_backward(
        wrong.cell,
        SHAPE,
        &passes,
        Outputs::Sequences,
        x,
        &mut scratch,
        dy,
        Some(&mut dx),
        &mut gradients,
    );
}

/// The places of a layer's arguments, with what is said of a wrong one.
type Places = Vec<(&'static str, fn(&mut Layer) -> &mut Vec<f32>)>;

/// With one value too few, and with one too many.
fn spoilt(layer: &Layer, place: fn(&mut Layer) -> &mut Vec<f32>) -> [Layer; 2] {
    let (mut short, mut long) = (layer.clone(), layer.clone());
    place(&mut short).pop();
    place(&mut long).push(0.0);
    [short, long]
}

#[test]
fn a_slice_of_another_length_is_refused_forward_and_backward() {
    let mut places: Places = vec![
        ("values of x", |layer| &mut layer.x),
        ("values of y", |layer| &mut layer.dy),
        ("values of the kernel", |layer| &mut layer.weights[1].kernel),
        ("values of the recurrent kernel", |layer| {
            &mut layer.weights[1].recurrent_kernel
        }),
        ("values of the bias", |layer| &mut layer.weights[1].bias),
        ("values of the initial state", |layer| &mut layer.initial[1][0]),
        ("values of the recurrent mask", |layer| &mut layer.masks[1]),
    ];
    for layer in layers() {
        assert_eq!(said(|| backward(&layer, &layer)), None, "{:?}", layer.cell);
        places.truncate(7);
        if layer.cell == Cell::Lstm {
            places.push(("values of the initial cell state", |layer| &mut layer.initial[1][1]));
        }
        for &(what, place) in &places {
            for wrong in spoilt(&layer, place) {
                let case = format!("{:?}", layer.cell);
                assert_refused(what, &case, || forward(&wrong, &mut RecurrentScratch::default()));
                assert_refused(what, &case, || backward(&layer, &wrong));
                assert_refused(what, &case, || {
                    let (mut scratch, mut y) = (RecurrentScratch::default(), wrong.dy.clone());
                    recurrent_infer(
                        wrong.cell,
                        SHAPE,
                        &wrong.passes(),
                        Outputs::Sequences,
                        &wrong.x,
                        &mut scratch,
                        &mut y,
                    );
                });
            }
        }
    }
}

#[test]
fn gradients_of_another_length_are_refused() {
    let places: Places = vec![
        ("values of dx", |layer| &mut layer.dx),
        ("gradients of the kernel", |layer| &mut layer.gradients[1].kernel),
        ("gradients of the recurrent kernel", |layer| {
            &mut layer.gradients[1].recurrent_kernel
        }),
        ("gradients of the bias", |layer| &mut layer.gradients[1].bias),
    ];
    for layer in layers() {
        for &(what, place) in &places {
            for wrong in spoilt(&layer, place) {
                assert_refused(what, &format!("{:?}", layer.cell), || backward(&layer, &wrong));
            }
        }
        let mut fewer = layer.clone();
        fewer.gradients.pop();
        assert_refused("gradients, one per pass", "one of two", || backward(&layer, &fewer));
    }
}

#[test]
fn a_state_or_a_mask_for_one_pass_alone_is_refused() {
    for layer in layers() {
        let (mut state, mut mask) = (layer.clone(), layer);
        state.initial.pop();
        mask.masks.pop();
        for wrong in [state, mask] {
            assert_refused("all passes of a layer", &format!("{:?}", wrong.cell), || {
                forward(&wrong, &mut RecurrentScratch::default());
            });
        }
    }
}

#[test]
fn a_dense_call_with_a_slice_of_another_length_is_refused() {
    let shape = DenseShape {
        rows: 3,
        inputs: 4,
        outputs: 2,
    };
    // Kernel, bias, x, y or dy, then for backward dx and the gradient of the kernel.
    let right = [8, 2, 12, 6, 12, 8];
    let call = |lengths: [usize; 6], backward: bool| {
        let [kernel, mut bias, x, mut y, mut dx, mut dkernel] = lengths.map(|length| vec![0.0; length]);
        if backward {
            dense_backward(shape, &kernel, &x, &y, Some(&mut dx), &mut dkernel, &mut bias);
        } else {
            dense_forward(shape, &kernel, &bias, &x, &mut y);
        }
    };
    let what = [
        "values of the kernel",
        "values of the bias",
        "values of x",
        "values of y",
        "values of dx",
        "gradients of the kernel",
    ];
    for backward in [false, true] {
        assert_eq!(said(|| call(right, backward)), None);
        for place in 0..if backward { 6 } else { 4 } {
            for length in [right[place] - 1, right[place] + 1] {
                let mut lengths = right;
                lengths[place] = length;
                assert_refused(what[place], "dense", || call(lengths, backward));
            }
        }
    }
}
