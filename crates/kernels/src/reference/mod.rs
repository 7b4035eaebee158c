//! The numeric contract written as plain loops: what every fast path must equal, bit for bit.
//!
//! Every sum is one chain `sum = fma(a, b, sum)` (or `sum = a + sum` where there is nothing to multiply). With s the step in
//! the order in which a pass reads the window, b the row of the batch, n the hidden unit and g the gate:
//!
//! | sum | starts from | order of the terms |
//! |---|---|---|
//! | preactivation | the bias (GRU with `reset_after`: of z and r the sum of both) | inputs, then (not at a first step from the zero state) hidden units |
//! | dh of the step before | dy of that step, or +0 (GRU: plus the part through z) | n, and within it g |
//! | dx | the value there | passes, and within one n, and within it g |
//! | weight and bias gradients | the value there | s from last to first, and within it b |
//!
//! At a first step from the zero state the recurrent weights get no gradient, and the state before the first step never gets one. Under a recurrent
//! mask the products see `state·mask`; in dh the chain (from +0; GRU without `reset_after`: from the part through r) is multiplied by the
//! mask, and what it would have started from is added.
//!
//! A layer of 64 or more hidden units is cut into
//! chunks of 64 batch rows; the weight gradients of every chunk but the first start from +0 and are added, whole, in chunk
//! order.

mod backward;
mod dense;
mod forward;

pub use backward::recurrent_backward;
pub use dense::{dense_backward, dense_forward};
pub use forward::{PassMemory, recurrent_forward};

use crate::cell::{Direction, LayerShape};
use crate::fma::fma;

/// One chain of multiply-adds.
fn chain(start: f32, terms: impl Iterator<Item = (f32, f32)>) -> f32 {
    terms.fold(start, |sum, (a, b)| fma(a, b, sum))
}

/// The place in the window of the step that a pass reads as number `step`.
fn time(direction: Direction, shape: LayerShape, step: usize) -> usize {
    match direction {
        Direction::Forward => step,
        Direction::Backward => shape.steps - 1 - step,
    }
}
