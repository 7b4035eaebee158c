//! What a layer is given to forecast without dfdx's tape, beside its input: the input's shape, and memory.

use recurra_kernels::{DenseScratch, RecurrentScratch};

/// The shape of what goes from one layer to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BatchShape {
    /// Windows of the batch.
    pub windows: usize,
    /// Steps of a window; one where a layer has given its last state alone.
    pub steps: usize,
    /// Values per step.
    pub width: usize,
}

impl BatchShape {
    /// How many values there are.
    #[must_use]
    pub fn values(self) -> usize {
        self.windows * self.steps * self.width
    }
}

/// Working memory of [`Layer::infer`](crate::Layer::infer): all layers of a network use the same, one after the other.
#[derive(Debug, Default)]
pub struct InferenceScratch {
    /// What an operation keeps besides.
    pub(crate) kept: Vec<f32>,
    pub(crate) recurrent: RecurrentScratch,
    pub(crate) dense: DenseScratch,
}
