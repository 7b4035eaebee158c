//! Every path that this machine has, on one to four threads, against the plain loops: bit for bit.
#![allow(clippy::unwrap_used)]

mod common;

use common::{CELLS, Layer, OwnedWeights};
use recurra_kernels::{
    Isa, LayerShape, RecurrentScratch, recurrent_backward, recurrent_forward, recurrent_infer, reference, with_threads,
};

/// What one forward and backward leave behind.
#[derive(Debug, Clone, PartialEq)]
struct Results {
    y: Vec<u32>,
    dx: Vec<u32>,
    gradients: Vec<Vec<u32>>,
}

fn bits(values: &[f32]) -> Vec<u32> {
    // The bits of a NaN are the processor's own affair.
    values
        .iter()
        .map(|value| {
            if value.is_nan() {
                f32::NAN.to_bits()
            } else {
                value.to_bits()
            }
        })
        .collect()
}

fn results(y: &[f32], dx: &[f32], gradients: &mut [OwnedWeights]) -> Results {
    let gradients = gradients
        .iter_mut()
        .flat_map(|owned| owned.parts_mut().map(|part| bits(part)))
        .collect();
    Results {
        y: bits(y),
        dx: bits(dx),
        gradients,
    }
}

fn expected(layer: &Layer) -> Results {
    let (cell, shape, sequences) = (layer.cell, layer.shape, layer.return_sequences);
    let mut y = vec![f32::NAN; layer.dy.len()];
    let memories = reference::recurrent_forward(cell, shape, &layer.passes(), sequences, &layer.x, &mut y);
    let (mut dx, mut gradients) = (layer.dx.clone(), layer.gradients.clone());
    let mut borrowed: Vec<_> = gradients.iter_mut().map(OwnedWeights::gradients).collect();
    let (passes, x, dy) = (layer.passes(), &layer.x, &layer.dy);
    reference::recurrent_backward(
        cell,
        shape,
        &passes,
        sequences,
        x,
        &memories,
        dy,
        Some(&mut dx),
        &mut borrowed,
    );
    results(&y, &dx, &mut gradients)
}

fn actual(layer: &Layer, scratch: &mut RecurrentScratch) -> Results {
    let (cell, shape, sequences) = (layer.cell, layer.shape, layer.return_sequences);
    let mut y = vec![f32::NAN; layer.dy.len()];
    recurrent_forward(cell, shape, &layer.passes(), sequences, &layer.x, scratch, &mut y);
    let (mut dx, mut gradients) = (layer.dx.clone(), layer.gradients.clone());
    let mut borrowed: Vec<_> = gradients.iter_mut().map(OwnedWeights::gradients).collect();
    let (passes, x, dy) = (layer.passes(), &layer.x, &layer.dy);
    recurrent_backward(
        cell,
        shape,
        &passes,
        sequences,
        x,
        scratch,
        dy,
        Some(&mut dx),
        &mut borrowed,
    );
    let mut inferred = vec![f32::NAN; layer.dy.len()];
    recurrent_infer(
        cell,
        shape,
        &passes,
        sequences,
        x,
        &mut RecurrentScratch::default(),
        &mut inferred,
    );
    assert_eq!(bits(&inferred), bits(&y), "inference of {cell:?} {shape:?}");
    results(&y, &dx, &mut gradients)
}

fn check(layer: &Layer, scratch: &mut RecurrentScratch) {
    let expected = expected(layer);
    for isa in Isa::available() {
        for threads in [1, 4] {
            let actual = isa.with(|| with_threads(threads, || actual(layer, scratch))).unwrap();
            let what = format!(
                "{isa}, {threads} threads, {:?} {:?} {:?}",
                layer.cell, layer.shape, layer.directions
            );
            assert!(actual.y == expected.y, "y: {what}");
            assert!(actual.gradients == expected.gradients, "weight gradients: {what}");
            assert!(actual.dx == expected.dx, "dx: {what}");
        }
    }
}

#[test]
fn the_reference_models_and_odd_sizes_agree_with_the_plain_loops() {
    let sizes = [
        (32, 4, 1, 32),
        (5, 3, 64, 32),
        (7, 3, 40, 40),
        (1, 1, 1, 1),
        (1, 5, 3, 17),
        (9, 2, 5, 23),
        (2, 3, 97, 3),
    ];
    let mut scratch = RecurrentScratch::default();
    for (seed, (batch, steps, inputs, hidden)) in sizes.into_iter().enumerate() {
        let shape = LayerShape {
            batch,
            steps,
            inputs,
            hidden,
        };
        for cell in CELLS {
            for (bidirectional, sequences) in [(false, false), (true, true), (true, false)] {
                check(
                    &Layer::random(cell, shape, bidirectional, sequences, 99 + seed as u64),
                    &mut scratch,
                );
            }
        }
    }
}

#[test]
fn chunked_layers_agree_with_the_plain_loops() {
    let mut scratch = RecurrentScratch::default();
    for cell in CELLS {
        let shape = LayerShape {
            batch: 131,
            steps: 3,
            inputs: 5,
            hidden: 70,
        };
        check(&Layer::random(cell, shape, true, true, 5), &mut scratch);
    }
}
