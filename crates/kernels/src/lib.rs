//! Fused CPU kernels for recurrent networks: f32 slices in, f32 slices out, the same bits on every machine.

#![allow(unsafe_code)]

mod activation;
mod cell;
mod chunks;
mod dense;
mod fma;
mod recurrent;
pub mod reference;

pub use activation::{sigmoid, tanh};
pub use cell::{Cell, Direction, LayerShape};
pub use dense::{DenseShape, dense_backward, dense_forward};
pub use fma::fma;
pub use recurrent::{
    Gradients, Pass, RecurrentScratch, Weights, recurrent_backward, recurrent_forward, recurrent_infer,
};
