//! Fused CPU kernels for recurrent networks: f32 slices in, f32 slices out, the same bits on every machine.

#![allow(unsafe_code)]

mod cell;
mod dense;
mod recurrent;

pub use cell::{Cell, Direction, LayerShape};
pub use dense::{DenseShape, dense_backward, dense_forward};
pub use recurrent::{
    Gradients, Pass, RecurrentScratch, Weights, recurrent_backward, recurrent_forward, recurrent_infer,
};
