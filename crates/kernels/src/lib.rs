//! Fused CPU kernels for recurrent networks: f32 slices in, f32 slices out, the same bits on every machine.

#![allow(unsafe_code)]

mod activation;
mod backward;
mod buffer;
mod cell;
mod cells;
mod chunks;
mod delta_tile;
mod dense;
mod fma;
mod forward;
mod forward_tile;
mod gate_gradient;
mod isa;
mod lanes;
mod layout;
mod pack;
mod recurrent;
pub mod reference;
mod scratch;
mod threads;
mod tile;
mod vector_activation;
mod weight_tile;

pub use activation::{sigmoid, tanh};
pub use cell::{Cell, Direction, LayerShape};
pub use dense::{DenseShape, dense_backward, dense_forward};
pub use fma::fma;
pub use isa::{ISA_VARIABLE, Isa, IsaError};
pub use recurrent::{Gradients, Pass, Weights, recurrent_backward, recurrent_forward, recurrent_infer};
pub use scratch::RecurrentScratch;
pub use threads::{THREADS_VARIABLE, set_default_threads, threads, with_threads};
