//! Inference allocates nothing once its scratch has seen the shape, and training's scratch does not grow.
#![allow(clippy::unwrap_used)]

mod common;
#[path = "common/counting.rs"]
mod counting;

use common::{CELLS, Layer, OwnedWeights};
use counting::{bytes, calls};
use recurra_kernels::{
    DenseShape, LayerShape, Outputs, PackedLayer, RecurrentScratch, dense_forward, recurrent_backward,
    recurrent_forward, recurrent_infer, with_threads,
};

fn train(layer: &Layer, scratch: &mut RecurrentScratch) {
    let (cell, shape) = (layer.cell, layer.shape);
    let (mut y, mut gradients) = (layer.dy.clone(), layer.gradients.clone());
    let mut borrowed: Vec<_> = gradients.iter_mut().map(OwnedWeights::gradients).collect();
    let (passes, x, dy) = (layer.passes(), &layer.x, &layer.dy);
    recurrent_forward(cell, shape, &passes, Outputs::Sequences, x, scratch, &mut y);
    recurrent_backward(
        cell,
        shape,
        &passes,
        Outputs::Sequences,
        x,
        scratch,
        dy,
        None,
        &mut borrowed,
    );
}

#[test]
#[cfg_attr(miri, ignore = "too much work for an interpreter")]
fn memory_is_reused() {
    for cell in CELLS {
        for batch in [1, 70] {
            let shape = LayerShape {
                batch,
                steps: 4,
                inputs: 3,
                hidden: 33,
            };
            let layer = Layer::random(cell, shape, true, true, 1);
            let (mut y, passes) = (layer.dy.clone(), layer.passes());
            let mut scratch = RecurrentScratch::default();
            let mut infer =
                || recurrent_infer(cell, shape, &passes, Outputs::Sequences, &layer.x, &mut scratch, &mut y);
            infer();
            let before = calls();
            infer();
            infer();
            assert_eq!(calls() - before, 0, "{cell:?} batch {batch}");
            let mut packed = PackedLayer::default();
            packed.pack(cell, 3, 33, &passes);
            packed.infer(batch, 4, Outputs::Sequences, &layer.x, &mut scratch, &mut y);
            let before = calls();
            packed.infer(batch, 4, Outputs::Sequences, &layer.x, &mut scratch, &mut y);
            packed.pack(cell, 3, 33, &passes);
            assert_eq!(calls() - before, 0, "packed {cell:?} batch {batch}");
        }
        let shape = LayerShape {
            batch: 70,
            steps: 3,
            inputs: 3,
            // Wide enough to be cut into chunks.
            hidden: 65,
        };
        let layer = Layer::random(cell, shape, true, true, 1);
        let mut scratch = RecurrentScratch::default();
        let held = [(); 3].map(|()| {
            // What a thread is started with is given back by that thread, whenever it ends.
            with_threads(1, || train(&layer, &mut scratch));
            bytes()
        });
        assert!(held[1] == held[0] && held[2] == held[0], "{cell:?}: {held:?} bytes");
    }
    let shape = DenseShape {
        rows: 32,
        inputs: 64,
        outputs: 1,
    };
    let (kernel, x, mut y) = ([0.5; 64], [0.25; 32 * 64], [0.0; 32]);
    dense_forward(shape, &kernel, &[1.0], &x, &mut y);
    let before = calls();
    dense_forward(shape, &kernel, &[1.0], &x, &mut y);
    assert_eq!((calls() - before, y[0]), (0, 9.0));
}
