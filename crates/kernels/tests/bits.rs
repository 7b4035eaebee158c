//! Every path that this machine has, on one to four threads where layers are big enough for threads, against the plain loops: bit for bit.
#![allow(clippy::unwrap_used)]

mod common;

use common::{CELLS, Layer, Numbers, OwnedWeights};
use proptest::prelude::*;
use recurra_kernels::{
    Cell, DenseShape, Direction, Isa, LayerShape, Outputs, PackedLayer, RecurrentScratch, dense_backward,
    dense_forward, recurrent_backward, recurrent_final_state, recurrent_forward, recurrent_infer, recurrent_threads,
    reference, with_threads,
};

/// What one forward and backward leave behind.
#[derive(Debug, Clone, PartialEq)]
struct Results {
    y: Vec<u32>,
    /// State and cell state after the last step, pass by pass.
    last: Vec<[Vec<u32>; 2]>,
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

fn results(y: &[f32], last: Vec<[Vec<u32>; 2]>, dx: &[f32], gradients: &mut [OwnedWeights]) -> Results {
    let gradients = gradients
        .iter_mut()
        .flat_map(|owned| owned.parts_mut().map(|part| bits(part)))
        .collect();
    Results {
        y: bits(y),
        last,
        dx: bits(dx),
        gradients,
    }
}

fn expected(layer: &Layer) -> Results {
    let (cell, shape, sequences) = (layer.cell, layer.shape, layer.outputs);
    let mut y = vec![f32::NAN; layer.dy.len()];
    let memories = reference::recurrent_forward(cell, shape, &layer.passes(), sequences, &layer.x, &mut y);
    let count = shape.batch * shape.hidden;
    let after = |values: &[f32]| bits(&values[values.len() - count..]);
    let last = |memory: &reference::PassMemory| match cell {
        Cell::Lstm => [after(&memory.hidden), after(&memory.extra)],
        _ => [after(&memory.hidden), Vec::new()],
    };
    let last = memories.iter().map(last).collect();
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
    results(&y, last, &dx, &mut gradients)
}

fn actual(layer: &Layer, scratch: &mut RecurrentScratch) -> Results {
    let (cell, shape, sequences) = (layer.cell, layer.shape, layer.outputs);
    let mut y = vec![f32::NAN; layer.dy.len()];
    recurrent_forward(cell, shape, &layer.passes(), sequences, &layer.x, scratch, &mut y);
    let count = shape.batch * shape.hidden;
    let last = (0..layer.directions.len()).map(|pass| {
        let mut state = vec![f32::NAN; count];
        let mut cells = vec![f32::NAN; if cell == Cell::Lstm { count } else { 0 }];
        recurrent_final_state(scratch, pass, &mut state, &mut cells);
        [bits(&state), bits(&cells)]
    });
    let last = last.collect();
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
    // Packed weights know of no state and no mask.
    if layer.initial.is_empty() && layer.masks.is_empty() {
        let mut packed = PackedLayer::default();
        packed.pack(cell, shape.inputs, shape.hidden, &passes);
        inferred.fill(f32::NAN);
        packed.infer(shape.batch, shape.steps, sequences, x, scratch, &mut inferred);
        assert_eq!(bits(&inferred), bits(&y), "inference of packed {cell:?} {shape:?}");
    }
    results(&y, last, &dx, &mut gradients)
}

fn check(layer: &Layer, isas: impl Iterator<Item = Isa>, threads: &[usize], scratch: &mut RecurrentScratch) {
    let expected = expected(layer);
    for isa in isas {
        for &threads in threads {
            let actual = isa.with(|| with_threads(threads, || actual(layer, scratch))).unwrap();
            let what = format!(
                "{isa}, {threads} threads, {:?} {:?} {:?}",
                layer.cell, layer.shape, layer.directions
            );
            assert!(actual.y == expected.y, "y: {what}");
            assert!(actual.last == expected.last, "last state: {what}");
            assert!(actual.gradients == expected.gradients, "weight gradients: {what}");
            assert!(actual.dx == expected.dx, "dx: {what}");
        }
    }
}

#[test]
fn the_reference_models_and_odd_sizes_agree_with_the_plain_loops() {
    let sizes = if cfg!(miri) {
        vec![(3, 2, 2, 9)]
    } else {
        vec![
            (32, 3, 1, 32),
            (20, 2, 64, 32),
            (84, 2, 40, 40),
            (1, 1, 1, 1),
            (1, 5, 3, 17),
            (150, 2, 4, 6),
            (3, 2, 90, 97),
        ]
    };
    let mut scratch = RecurrentScratch::default();
    for (seed, (batch, steps, inputs, hidden)) in sizes.into_iter().enumerate() {
        let shape = LayerShape {
            batch,
            steps,
            inputs,
            hidden,
        };
        for cell in CELLS {
            for (bidirectional, sequences) in [(true, true), (true, false)] {
                let layer = Layer::random(cell, shape, bidirectional, sequences, 99 + seed as u64);
                check(&layer, Isa::available(), &[1], &mut scratch);
            }
        }
    }
}

/// Big enough that four threads are started, with more chunks than some numbers of threads, and every product is taken in pieces.
#[test]
#[cfg_attr(miri, ignore = "too much work for an interpreter")]
fn chunked_layers_agree_with_the_plain_loops_on_any_number_of_threads() {
    let mut scratch = RecurrentScratch::default();
    for (cell, steps) in CELLS.into_iter().zip([8, 2, 3, 3]) {
        let shape = LayerShape {
            batch: 195,
            steps,
            inputs: 70,
            hidden: 70,
        };
        for threads in 1..=4 {
            let started = with_threads(threads, || recurrent_threads(cell, shape, 2));
            assert_eq!(started, threads, "{cell:?}: the layer is too small for this test");
        }
        // Multiply-adds in software are slow: the portable path does the first cell, and the others in smaller layers elsewhere.
        let isas: Vec<Isa> = Isa::available()
            .filter(|&isa| isa != Isa::Portable || cell == CELLS[0])
            .collect();
        let layer = Layer::random(cell, shape, true, true, 5);
        check(&layer, isas.iter().copied(), &[1, 2, 3, 4], &mut scratch);
        let layer = layer.with_initial(3).with_masks(4);
        check(&layer, isas.into_iter(), &[2], &mut scratch);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: if cfg!(miri) { 2 } else { 40 }, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_layer_agrees_with_the_plain_loops(
        cell in prop::sample::select(CELLS.to_vec()),
        mut batch in 1_usize..=97,
        mut steps in 1_usize..=97,
        inputs in 1_usize..=97,
        hidden in 1_usize..=97,
        bidirectional: bool,
        sequences: bool,
        seed: u64,
    ) {
        // Long windows and large batches only where the rest is small, so that the plain loops stay quick.
        let budget = if cfg!(miri) { 2_000 } else { 1_500_000 };
        let work = |batch: usize, steps: usize| batch * steps * cell.gates() * hidden * (inputs + hidden);
        while work(batch, steps) > budget && batch * steps > 1 {
            if seed % 2 == 0 && steps > 1 || batch == 1 { steps = steps.div_ceil(2) } else { batch = batch.div_ceil(2) }
        }
        if !cfg!(miri) || work(batch, steps) <= budget {
            let shape = LayerShape { batch, steps, inputs, hidden };
            let layer = Layer::random(cell, shape, bidirectional, sequences, seed);
            check(&layer, Isa::available(), &[1], &mut RecurrentScratch::default());
        }
    }

    #[test]
    fn any_layer_from_a_state_or_with_a_mask_agrees_with_the_plain_loops(
        cell in prop::sample::select(CELLS.to_vec()),
        batch in 1_usize..=9,
        steps in 1_usize..=7,
        inputs in 1_usize..=9,
        hidden in 1_usize..=40,
        (begins, masked) in prop::sample::select(vec![(true, false), (false, true), (true, true)]),
        bidirectional: bool,
        sequences: bool,
        seed: u64,
    ) {
        let (steps, hidden) = if cfg!(miri) { (2, hidden % 9 + 1) } else { (steps, hidden) };
        let shape = LayerShape { batch, steps, inputs, hidden };
        let mut layer = Layer::random(cell, shape, bidirectional, sequences, seed);
        if begins { layer = layer.with_initial(seed ^ 5) }
        if masked { layer = layer.with_masks(seed ^ 9) }
        check(&layer, Isa::available(), &[1], &mut RecurrentScratch::default());
    }

    #[test]
    fn any_dense_layer_agrees_with_the_plain_loops(
        rows in 1_usize..=97,
        inputs in 1_usize..=97,
        outputs in 1_usize..=97,
        seed: u64,
    ) {
        let (rows, inputs, outputs) = if cfg!(miri) { (rows % 9 + 1, inputs % 9 + 1, outputs % 9 + 1) } else { (rows, inputs, outputs) };
        let shape = DenseShape { rows, inputs, outputs };
        let mut numbers = Numbers(seed | 1);
        let (kernel, bias) = (numbers.values(inputs * outputs, 1.0), numbers.values(outputs, 1.0));
        let (x, dy) = (numbers.values(rows * inputs, 1.0), numbers.values(rows * outputs, 1.0));
        let (dx, dkernel, dbias) = (numbers.values(x.len(), 1.0), numbers.values(kernel.len(), 1.0), bias.clone());
        let mut expected = [vec![0.0; dy.len()], dx.clone(), dkernel.clone(), dbias.clone()];
        let mut actual = expected.clone();
        let [y, dx, dkernel, dbias] = &mut expected;
        reference::dense_forward(shape, &kernel, &bias, &x, y);
        reference::dense_backward(shape, &kernel, &x, &dy, Some(dx), dkernel, dbias);
        let start = actual.clone();
        for isa in Isa::available() {
            actual.clone_from(&start);
            let [y, dx, dkernel, dbias] = &mut actual;
            isa.with(|| {
                dense_forward(shape, &kernel, &bias, &x, y);
                dense_backward(shape, &kernel, &x, &dy, Some(dx), dkernel, dbias);
            }).unwrap();
            for (part, (ours, truth)) in actual.iter().zip(&expected).enumerate() {
                prop_assert!(bits(ours) == bits(truth), "{isa} {shape:?} part {part}");
            }
        }
    }
}

/// Dense layers with more inputs than one piece of the sums takes: they wait in the scratch between the pieces.
#[test]
#[cfg_attr(miri, ignore = "too much work for an interpreter")]
fn dense_layers_of_many_inputs_agree_with_the_plain_loops() {
    for (rows, inputs, outputs) in [(1, 1100, 7), (13, 700, 33), (97, 600, 70)] {
        let shape = DenseShape { rows, inputs, outputs };
        let mut numbers = Numbers(77);
        let (kernel, bias) = (numbers.values(inputs * outputs, 0.1), numbers.values(outputs, 1.0));
        let x = numbers.values(rows * inputs, 1.0);
        let mut expected = vec![f32::NAN; rows * outputs];
        reference::dense_forward(shape, &kernel, &bias, &x, &mut expected);
        for isa in Isa::available() {
            let mut y = vec![f32::NAN; rows * outputs];
            isa.with(|| dense_forward(shape, &kernel, &bias, &x, &mut y)).unwrap();
            assert!(bits(&y) == bits(&expected), "{isa} {shape:?}");
        }
    }
}

#[test]
fn a_dense_layer_without_rows_inputs_or_outputs_has_nothing_to_multiply() {
    for (rows, inputs, outputs) in [(0, 2, 3), (2, 0, 3), (2, 3, 0), (0, 0, 0)] {
        let shape = DenseShape { rows, inputs, outputs };
        let (kernel, bias) = (vec![1.0; inputs * outputs], vec![0.5; outputs]);
        let x = vec![1.0; rows * inputs];
        let (mut y, mut dx) = (vec![f32::NAN; rows * outputs], x.clone());
        let (mut dkernel, mut dbias) = (kernel.clone(), bias.clone());
        dense_forward(shape, &kernel, &bias, &x, &mut y);
        assert_eq!(y, vec![0.5; rows * outputs], "{shape:?}: the bias alone");
        dense_backward(shape, &kernel, &x, &y, Some(&mut dx), &mut dkernel, &mut dbias);
        assert_eq!((&dx, &dkernel), (&x, &kernel), "{shape:?}");
        assert_eq!(dbias, vec![0.5 + 0.5 * rows as f32; outputs], "{shape:?}");
    }
}

/// A window read in two pieces, the second from the state that the first left.
#[test]
fn a_state_that_is_carried_on_makes_one_window_of_two() {
    let shape = LayerShape {
        batch: 3,
        steps: 7,
        inputs: 2,
        hidden: 19,
    };
    for cell in CELLS {
        let mut whole = Layer::random(cell, shape, false, true, 4).with_masks(8);
        whole.directions = vec![Direction::Forward];
        let piece = |steps: std::ops::Range<usize>| {
            let mut piece = whole.clone();
            piece.shape.steps = steps.len();
            let windows = whole.x.chunks(7 * 2);
            piece.x = windows
                .flat_map(|x| x[steps.start * 2..steps.end * 2].to_vec())
                .collect();
            piece.dy = vec![0.0; 3 * steps.len() * 19];
            piece
        };
        let mut scratch = RecurrentScratch::default();
        let mut run = |layer: &Layer| {
            let mut y = vec![f32::NAN; layer.dy.len()];
            recurrent_forward(
                cell,
                layer.shape,
                &layer.passes(),
                Outputs::Sequences,
                &layer.x,
                &mut scratch,
                &mut y,
            );
            let mut state = [
                vec![0.0; 3 * 19],
                vec![0.0; if cell == Cell::Lstm { 3 * 19 } else { 0 }],
            ];
            let [hidden, cells] = &mut state;
            recurrent_final_state(&scratch, 0, hidden, cells);
            (y, state)
        };
        let (y, last) = run(&whole);
        let (first, carried) = run(&piece(0..3));
        let mut second = piece(3..7);
        second.initial = vec![carried];
        let (second, last_of_two) = run(&second);
        let joined: Vec<f32> = first
            .chunks(3 * 19)
            .zip(second.chunks(4 * 19))
            .flat_map(|(first, second)| [first, second].concat())
            .collect();
        assert_eq!(bits(&joined), bits(&y), "{cell:?}");
        assert_eq!(last_of_two, last, "{cell:?}");
    }
}

#[test]
#[cfg_attr(miri, ignore = "too much work for an interpreter")]
fn nan_and_infinity_pass_through_as_in_the_plain_loops() {
    let shape = LayerShape {
        batch: 5,
        steps: 3,
        inputs: 2,
        hidden: 9,
    };
    for cell in CELLS {
        for poison in [f32::NAN, f32::INFINITY, f32::MAX, f32::MIN_POSITIVE / 8.0, -0.0] {
            let mut layer = Layer::random(cell, shape, true, true, 3);
            (layer.x[3], layer.dy[7], layer.weights[0].kernel[2]) = (poison, poison, poison);
            check(&layer, Isa::available(), &[1], &mut RecurrentScratch::default());
        }
    }
}

/// Weights stay packed for the instruction set that packed them, whatever is active when they are used; packing others in their place leaves no trace.
#[test]
#[cfg_attr(miri, ignore = "there is one instruction set under Miri")]
fn packed_weights_bring_their_instruction_set_along() {
    let shape = LayerShape {
        batch: 3,
        steps: 2,
        inputs: 2,
        hidden: 9,
    };
    let mut packed = PackedLayer::default();
    for cell in CELLS {
        let layer = Layer::random(cell, shape, true, true, 8);
        let passes = layer.passes();
        let mut expected = vec![f32::NAN; layer.dy.len()];
        let _ = reference::recurrent_forward(cell, shape, &passes, Outputs::Sequences, &layer.x, &mut expected);
        for packs in Isa::available() {
            packs
                .with(|| packed.pack(cell, shape.inputs, shape.hidden, &passes))
                .unwrap();
            for uses in Isa::available() {
                let mut y = vec![f32::NAN; expected.len()];
                uses.with(|| {
                    packed.infer(
                        3,
                        2,
                        Outputs::Sequences,
                        &layer.x,
                        &mut RecurrentScratch::default(),
                        &mut y,
                    )
                })
                .unwrap();
                assert_eq!(bits(&y), bits(&expected), "{cell:?}: {packs} packs, {uses} uses");
            }
        }
    }
}
