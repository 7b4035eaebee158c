//! Working memory of a layer, reused from batch to batch.

use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, PoisonError};

use recurra_kernels::RecurrentScratch;

/// What a layer needs to remember between its forward and its backward pass, and room to work in. It grows to the
/// largest batch seen and stays.
#[derive(Debug, Default)]
pub(crate) struct Buffers {
    /// The layer's input, which the backward pass reads again.
    pub(crate) input: Vec<f32>,
    /// The layer's output, before it is copied into a tensor.
    pub(crate) output: Vec<f32>,
    /// What an operation keeps besides.
    pub(crate) kept: Vec<f32>,
    /// Gradients inside an operation.
    pub(crate) inner: Vec<f32>,
    /// The kernels' own memory.
    pub(crate) recurrent: RecurrentScratch,
}

/// The buffers of one layer. As many are made as forward passes are alive at once: one in a fit loop.
#[derive(Debug, Default)]
pub(crate) struct Pool {
    free: Arc<Mutex<Vec<Buffers>>>,
}

impl Clone for Pool {
    /// A cloned layer has memory of its own.
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Pool {
    pub(crate) fn lease(&self) -> Lease {
        let buffers = self
            .free
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop()
            .unwrap_or_default();
        Lease {
            buffers,
            home: Arc::clone(&self.free),
        }
    }
}

/// Buffers out of the pool; they go back when the lease is dropped, whether or not a backward pass came.
pub(crate) struct Lease {
    buffers: Buffers,
    home: Arc<Mutex<Vec<Buffers>>>,
}

impl Deref for Lease {
    type Target = Buffers;
    fn deref(&self) -> &Buffers {
        &self.buffers
    }
}

impl DerefMut for Lease {
    fn deref_mut(&mut self) -> &mut Buffers {
        &mut self.buffers
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let buffers = std::mem::take(&mut self.buffers);
        self.home.lock().unwrap_or_else(PoisonError::into_inner).push(buffers);
    }
}

/// The first `len` values of `buffer`, which grows if it must.
pub(crate) fn first(buffer: &mut Vec<f32>, len: usize) -> &mut [f32] {
    if buffer.len() < len {
        buffer.resize(len, 0.0);
    }
    &mut buffer[..len]
}
