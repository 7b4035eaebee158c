//! Inference allocates nothing once its scratch has seen the shape, and training's scratch does not grow.
#![allow(clippy::unwrap_used, unsafe_code)]

mod common;

use common::{CELLS, Layer, OwnedWeights};
use recurra_kernels::{
    DenseShape, LayerShape, RecurrentScratch, dense_forward, recurrent_backward, recurrent_forward, recurrent_infer,
};
use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicIsize, AtomicUsize, Ordering};

/// The system's allocator, counting.
struct Counting;

static CALLS: AtomicUsize = AtomicUsize::new(0);
static BYTES: AtomicIsize = AtomicIsize::new(0);

// SAFETY: everything is passed on to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        CALLS.fetch_add(1, Ordering::SeqCst);
        BYTES.fetch_add(layout.size() as isize, Ordering::SeqCst);
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        BYTES.fetch_sub(layout.size() as isize, Ordering::SeqCst);
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn train(layer: &Layer, scratch: &mut RecurrentScratch) {
    let (cell, shape) = (layer.cell, layer.shape);
    let (mut y, mut gradients) = (layer.dy.clone(), layer.gradients.clone());
    let mut borrowed: Vec<_> = gradients.iter_mut().map(OwnedWeights::gradients).collect();
    let (passes, x, dy) = (layer.passes(), &layer.x, &layer.dy);
    recurrent_forward(cell, shape, &passes, true, x, scratch, &mut y);
    recurrent_backward(cell, shape, &passes, true, x, scratch, dy, None, &mut borrowed);
}

/// One test, because others running beside it would be counted too.
#[test]
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
            let mut infer = || recurrent_infer(cell, shape, &passes, true, &layer.x, &mut scratch, &mut y);
            infer();
            let before = CALLS.load(Ordering::SeqCst);
            infer();
            infer();
            assert_eq!(CALLS.load(Ordering::SeqCst) - before, 0, "{cell:?} batch {batch}");
        }
        let shape = LayerShape {
            batch: 70,
            steps: 3,
            inputs: 3,
            hidden: 65,
        };
        let layer = Layer::random(cell, shape, true, true, 1);
        let mut scratch = RecurrentScratch::default();
        let held = [(); 3].map(|()| {
            train(&layer, &mut scratch);
            BYTES.load(Ordering::SeqCst)
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
    let before = CALLS.load(Ordering::SeqCst);
    dense_forward(shape, &kernel, &[1.0], &x, &mut y);
    assert_eq!((CALLS.load(Ordering::SeqCst) - before, y[0]), (0, 9.0));
}
