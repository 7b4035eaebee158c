//! A call reads and writes nothing outside its slices: they lie between values that are no numbers, which would poison every sum, and which must stay.
#![allow(clippy::unwrap_used)]

mod common;

use common::{CELLS, Layer, Numbers, OwnedWeights};
use recurra_kernels::{
    DenseShape, Gradients, Isa, LayerShape, Pass, RecurrentScratch, State, Weights, dense_backward, dense_forward,
    recurrent_backward, recurrent_forward, recurrent_infer,
};

/// More than the widest vector holds.
const GUARD: usize = 40;
const POISON: u32 = 0x7fc0_1234;

/// Values between poison.
struct Guarded(Vec<f32>);

impl Guarded {
    fn new(values: &[f32]) -> Self {
        let guard = [f32::from_bits(POISON); GUARD];
        Self([&guard[..], values, &guard[..]].concat())
    }

    fn inside(&self) -> &[f32] {
        &self.0[GUARD..self.0.len() - GUARD]
    }

    fn inside_mut(&mut self) -> &mut [f32] {
        let end = self.0.len() - GUARD;
        &mut self.0[GUARD..end]
    }

    /// The bits inside, after a look at the poison.
    fn bits(&self, what: &str) -> Vec<u32> {
        let guards = self.0[..GUARD].iter().chain(&self.0[self.0.len() - GUARD..]);
        assert!(
            guards.into_iter().all(|value| value.to_bits() == POISON),
            "{what}: written outside"
        );
        self.inside().iter().map(|value| value.to_bits()).collect()
    }
}

/// Weights, or their gradients, between poison.
struct GuardedWeights([Guarded; 3]);

impl GuardedWeights {
    fn new(owned: &OwnedWeights) -> Self {
        Self([&owned.kernel, &owned.recurrent_kernel, &owned.bias].map(|part| Guarded::new(part)))
    }

    fn weights(&self) -> Weights<'_> {
        let [kernel, recurrent_kernel, bias] = &self.0;
        Weights {
            kernel: kernel.inside(),
            recurrent_kernel: recurrent_kernel.inside(),
            bias: bias.inside(),
        }
    }

    fn gradients(&mut self) -> Gradients<'_> {
        let [kernel, recurrent_kernel, bias] = &mut self.0;
        Gradients {
            kernel: kernel.inside_mut(),
            recurrent_kernel: recurrent_kernel.inside_mut(),
            bias: bias.inside_mut(),
        }
    }
}

/// What a forward and a backward pass and an inference give, all arguments between poison.
fn guarded(layer: &Layer, what: &str) -> Vec<Vec<u32>> {
    let (cell, shape, sequences) = (layer.cell, layer.shape, layer.outputs);
    let weights: Vec<_> = layer.weights.iter().map(GuardedWeights::new).collect();
    let initial: Vec<_> = layer
        .initial
        .iter()
        .map(|state| [0, 1].map(|part| Guarded::new(&state[part])))
        .collect();
    let masks: Vec<_> = layer.masks.iter().map(|mask| Guarded::new(mask)).collect();
    let passes: Vec<Pass<'_>> = layer
        .directions
        .iter()
        .enumerate()
        .map(|(p, &direction)| Pass {
            initial: initial.get(p).map(|[hidden, cell]| State {
                hidden: hidden.inside(),
                cell: cell.inside(),
            }),
            recurrent_mask: masks.get(p).map(Guarded::inside),
            ..Pass::new(direction, weights[p].weights())
        })
        .collect();
    let [x, dy, mut dx] = [&layer.x, &layer.dy, &layer.dx].map(|values| Guarded::new(values));
    let [mut y, mut inferred] = [(); 2].map(|()| Guarded::new(&vec![0.0; layer.dy.len()]));
    let mut gradients: Vec<_> = layer.gradients.iter().map(GuardedWeights::new).collect();
    let mut scratch = RecurrentScratch::default();
    recurrent_infer(
        cell,
        shape,
        &passes,
        sequences,
        x.inside(),
        &mut scratch,
        inferred.inside_mut(),
    );
    recurrent_forward(
        cell,
        shape,
        &passes,
        sequences,
        x.inside(),
        &mut scratch,
        y.inside_mut(),
    );
    recurrent_backward(
        cell,
        shape,
        &passes,
        sequences,
        x.inside(),
        &mut scratch,
        dy.inside(),
        Some(dx.inside_mut()),
        &mut gradients.iter_mut().map(GuardedWeights::gradients).collect::<Vec<_>>(),
    );
    let gradients = gradients.iter().flat_map(|gradients| &gradients.0);
    [&inferred, &y, &dx]
        .into_iter()
        .chain(gradients)
        .map(|part| part.bits(what))
        .collect()
}

/// The same without poison.
fn plain(layer: &Layer) -> Vec<Vec<u32>> {
    let (cell, shape, sequences) = (layer.cell, layer.shape, layer.outputs);
    let (mut y, mut dx, mut gradients) = (layer.dy.clone(), layer.dx.clone(), layer.gradients.clone());
    let mut scratch = RecurrentScratch::default();
    let (passes, x, dy) = (layer.passes(), &layer.x, &layer.dy);
    recurrent_forward(cell, shape, &passes, sequences, x, &mut scratch, &mut y);
    let mut borrowed: Vec<_> = gradients.iter_mut().map(OwnedWeights::gradients).collect();
    recurrent_backward(
        cell,
        shape,
        &passes,
        sequences,
        x,
        &mut scratch,
        dy,
        Some(&mut dx),
        &mut borrowed,
    );
    let bits = |values: &Vec<f32>| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
    let gradients = gradients
        .iter()
        .flat_map(|owned| [&owned.kernel, &owned.recurrent_kernel, &owned.bias]);
    [&y, &y, &dx].into_iter().chain(gradients).map(bits).collect()
}

#[test]
fn recurrent_layers_stay_within_their_slices() {
    // One unit, a block that is full, and blocks whose last is not; rows that are no whole tile.
    let sizes = [(1, 2, 1, 1), (3, 2, 3, 16), (5, 3, 2, 19), (2, 2, 18, 37)];
    for (batch, steps, inputs, hidden) in sizes.into_iter().take(if cfg!(miri) { 1 } else { 4 }) {
        let shape = LayerShape {
            batch,
            steps,
            inputs,
            hidden,
        };
        for cell in CELLS {
            for (bidirectional, sequences) in [(false, true), (true, true), (true, false)] {
                let layer = Layer::random(cell, shape, bidirectional, sequences, 21);
                let more = layer.clone().with_initial(22).with_masks(23);
                for isa in Isa::available() {
                    for layer in [&layer, &more] {
                        let what = format!("{isa}, {cell:?} {shape:?} {sequences}");
                        let (found, expected) = isa.with(|| (guarded(layer, &what), plain(layer))).unwrap();
                        assert!(found == expected, "{what}");
                    }
                }
            }
        }
    }
}

#[test]
fn dense_layers_stay_within_their_slices() {
    for (rows, inputs, outputs) in [(1, 1, 1), (3, 5, 16), (5, 3, 19), (2, 18, 37)] {
        let shape = DenseShape { rows, inputs, outputs };
        let mut numbers = Numbers(31);
        let mut values = |count| numbers.values(count, 1.0);
        let (kernel, bias, x) = (values(inputs * outputs), values(outputs), values(rows * inputs));
        let (dy, dx) = (values(rows * outputs), values(rows * inputs));
        for isa in Isa::available() {
            let what = format!("{isa}, {shape:?}");
            let (mut y, mut plain_dx, mut plain_dkernel, mut plain_dbias) =
                (dy.clone(), dx.clone(), kernel.clone(), bias.clone());
            let [k, b, inside_x, inside_dy, mut guarded_dx, mut dkernel, mut dbias] =
                [&kernel, &bias, &x, &dy, &dx, &kernel, &bias].map(|values| Guarded::new(values));
            let mut guarded_y = Guarded::new(&dy);
            isa.with(|| {
                dense_forward(shape, &kernel, &bias, &x, &mut y);
                dense_backward(
                    shape,
                    &kernel,
                    &x,
                    &dy,
                    Some(&mut plain_dx),
                    &mut plain_dkernel,
                    &mut plain_dbias,
                );
                dense_forward(shape, k.inside(), b.inside(), inside_x.inside(), guarded_y.inside_mut());
                dense_backward(
                    shape,
                    k.inside(),
                    inside_x.inside(),
                    inside_dy.inside(),
                    Some(guarded_dx.inside_mut()),
                    dkernel.inside_mut(),
                    dbias.inside_mut(),
                );
            })
            .unwrap();
            let bits = |values: &Vec<f32>| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
            let found = [guarded_y, guarded_dx, dkernel, dbias].map(|part| part.bits(&what));
            assert_eq!(found, [&y, &plain_dx, &plain_dkernel, &plain_dbias].map(bits), "{what}");
        }
    }
}
