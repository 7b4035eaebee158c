#![doc = include_str!("../README.md")]
#![allow(unsafe_code)]

mod activation;
mod backward;
mod backward_step;
mod buffer;
mod call;
mod carried;
mod cell;
mod cells;
mod chunks;
mod delta_tile;
mod dense;
mod fma;
mod forward;
mod forward_tile;
mod gate_gradient;
mod inference;
mod isa;
mod lanes;
mod layout;
mod pack;
mod pass;
mod peak;
mod recurrent;
mod recurrent_mask;
pub mod reference;
mod scratch;
mod threads;
mod tile;
mod vector_activation;
mod weight_gradients;
mod weight_tile;

pub use activation::{sigmoid, tanh};
pub use carried::recurrent_final_state;
pub use cell::{Cell, Direction, LayerShape, Outputs};
pub use dense::{DenseScratch, DenseShape, dense_backward, dense_forward, dense_infer};
pub use fma::fma;
pub use inference::{PackedLayer, recurrent_infer};
pub use isa::{ISA_VARIABLE, Isa, IsaError};
pub use pass::{Gradients, Pass, State, Weights};
pub use peak::peak_gflops;
pub use recurrent::{recurrent_backward, recurrent_forward, recurrent_threads};
pub use scratch::RecurrentScratch;
pub use threads::{
    THREADS_VARIABLE, ThreadsError, set_default_threads, share_out, threads, threads_from_env, threads_that_pay,
    with_threads,
};
