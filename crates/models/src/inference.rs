//! Forecasts without dfdx's tape: layer by layer over slices, with packed weights and memory that are used again.

use recurra_kernels::{Isa, PackedLayer, share_out, threads_that_pay};

use crate::inference_scratch::{BatchShape, InferenceScratch};
use crate::layer::{Layer, Stack};
use crate::pool::first;

/// Windows that go through all layers at once, at most: enough rows for every load of a weight, few enough for the second-level cache.
const WINDOWS: usize = 64;

/// What one call of predict needs: the weights of every layer as the kernels read them, and memory for each thread. Kept from call to call, so that
/// a later one allocates nothing.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// The instruction set for which the weights are packed; `None` if they have changed since.
    packed_for: Option<Isa>,
    layers: Vec<PackedLayer>,
    /// About as many as the multiply-adds of a step.
    parameters: usize,
    workers: Vec<Worker>,
}

/// The memory of one thread.
#[derive(Debug, Default)]
struct Worker {
    x: Vec<f32>,
    y: Vec<f32>,
    scratch: InferenceScratch,
}

impl Plan {
    /// Says that the weights have changed.
    pub(crate) fn invalidate(&mut self) {
        self.packed_for = None;
    }

    fn pack(&mut self, stack: &impl Stack) {
        let isa = Isa::active();
        if self.packed_for == Some(isa) {
            return;
        }
        self.parameters = 0;
        let mut index = 0;
        stack.visit_layers(&mut |layer| {
            if self.layers.len() == index {
                self.layers.push(PackedLayer::default());
            }
            layer.pack(&mut self.layers[index]);
            layer.visit("", &mut |view| self.parameters += view.values.len());
            index += 1;
        });
        self.packed_for = Some(isa);
    }

    /// Forecasts for whole windows `inputs` of the shape `[n, steps, columns]`.
    ///
    /// Windows know nothing of each other, so neither the cut into pieces nor the number of threads changes a bit: the pieces are of
    /// equal size, as many for each thread.
    pub(crate) fn run(
        &mut self,
        stack: &(impl Stack + Sync),
        (steps, columns): (usize, usize),
        inputs: &[f32],
        outputs: usize,
        forecasts: &mut [f32],
    ) {
        self.pack(stack);
        let window = steps * columns;
        let windows = inputs.len() / window;
        let threads = threads_that_pay(windows, self.parameters.saturating_mul(steps));
        let pieces = windows.div_ceil(WINDOWS * threads).max(1) * threads;
        let piece = windows.div_ceil(pieces).max(1);
        if self.workers.len() < threads {
            self.workers.resize_with(threads, Worker::default);
        }
        let layers = &self.layers;
        let tasks = inputs.chunks(piece * window).zip(forecasts.chunks_mut(piece * outputs));
        share_out(&mut self.workers[..threads], tasks, |worker, (inputs, forecasts)| {
            let shape = BatchShape {
                windows: inputs.len() / window,
                steps,
                width: columns,
            };
            worker.run(
                stack,
                layers,
                shape,
                inputs,
                forecasts,
                |layer, shape, packed, x, scratch, y| {
                    layer.infer(shape, packed, x, scratch, y);
                },
            );
        });
    }

    /// The same for stateful layers, which carry their states on: the windows stay one batch.
    pub(crate) fn run_next(
        &mut self,
        stack: &impl Stack,
        (steps, columns): (usize, usize),
        inputs: &[f32],
        forecasts: &mut [f32],
    ) {
        self.pack(stack);
        if self.workers.is_empty() {
            self.workers.push(Worker::default());
        }
        let shape = BatchShape {
            windows: inputs.len() / (steps * columns),
            steps,
            width: columns,
        };
        if let Some(worker) = self.workers.first_mut() {
            worker.run(
                stack,
                &self.layers,
                shape,
                inputs,
                forecasts,
                |layer, shape, packed, x, scratch, y| {
                    layer.infer_next(shape, packed, x, scratch, y);
                },
            );
        }
    }
}

/// [`Layer::infer`] or [`Layer::infer_next`].
type Infer = fn(&dyn Layer, BatchShape, &PackedLayer, &[f32], &mut InferenceScratch, &mut [f32]);

impl Worker {
    fn run(
        &mut self,
        stack: &impl Stack,
        packed: &[PackedLayer],
        mut shape: BatchShape,
        inputs: &[f32],
        forecasts: &mut [f32],
        infer: Infer,
    ) {
        let Self { x, y, scratch } = self;
        first(x, inputs.len()).copy_from_slice(inputs);
        let mut index = 0;
        stack.visit_layers(&mut |layer| {
            let given = layer.output_shape(shape);
            let values = first(y, given.values());
            infer(layer, shape, &packed[index], &x[..shape.values()], scratch, values);
            std::mem::swap(x, y);
            shape = given;
            index += 1;
        });
        forecasts.copy_from_slice(&x[..shape.values()]);
    }
}
