//! Fused CPU kernels for recurrent networks: f32 slices in, f32 slices out, the same bits on every machine.
//!
//! There are the recurrent layers ([`Cell`]: simple recurrent, LSTM, GRU) over whole windows, forward, backward through time and for inference, and
//! dense layers. A kernel is compiled for AVX-512, AVX2 with FMA, NEON and for any processor; which one runs is chosen once ([`Isa`], or the
//! environment variable `RECURRA_ISA`).
//!
//! # The same bits
//! Whatever the instruction set, the number of threads or the build, the results are those of the plain loops in [`mod@reference`], which
//! state the order of every sum. It is possible because vectors lie along outputs and never along a sum, every multiply-add is
//! rounded once (in software where the processor cannot), and [`tanh`] and [`sigmoid`] are made of exactly rounded operations only.
//! The sign and payload of a NaN are the processor's own.
//!
//! # Example
//! One bidirectional LSTM layer, forward and backward:
//!
//! ```
//! use recurra_kernels::{
//!     Cell, Direction, Gradients, LayerShape, Pass, RecurrentScratch, Weights, recurrent_backward, recurrent_forward,
//! };
//!
//! let shape = LayerShape { batch: 2, steps: 5, inputs: 1, hidden: 3 };
//! // Keras' layouts: [inputs, 4·hidden], [hidden, 4·hidden], [4·hidden].
//! let (kernel, recurrent_kernel, bias) = ([0.1; 12], [0.2; 36], [0.0; 12]);
//! let weights = Weights { kernel: &kernel, recurrent_kernel: &recurrent_kernel, bias: &bias };
//! let passes = [Direction::Forward, Direction::Backward].map(|direction| Pass { direction, weights });
//! let x = [0.5; 2 * 5];
//! let mut scratch = RecurrentScratch::default();
//!
//! let mut y = [0.0; 2 * 2 * 3];
//! recurrent_forward(Cell::Lstm, shape, &passes, false, &x, &mut scratch, &mut y);
//! // A constant window reads the same from either end.
//! assert_eq!(y[..3], y[3..6]);
//!
//! let (mut dx, dy) = ([0.0; 10], [1.0; 12]);
//! let (mut dkernel, mut drecurrent, mut dbias) = ([[0.0; 12]; 2], [[0.0; 36]; 2], [[0.0; 12]; 2]);
//! let parts = dkernel.iter_mut().zip(&mut drecurrent).zip(&mut dbias);
//! let mut gradients: Vec<Gradients<'_>> = parts
//!     .map(|((kernel, recurrent_kernel), bias)| Gradients { kernel, recurrent_kernel, bias })
//!     .collect();
//! recurrent_backward(Cell::Lstm, shape, &passes, false, &x, &mut scratch, &dy, Some(&mut dx), &mut gradients);
//! assert!(dx.iter().all(|dx| *dx > 0.0));
//! ```

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
mod inference;
mod isa;
mod lanes;
mod layout;
mod pack;
mod peak;
mod recurrent;
pub mod reference;
mod scratch;
mod threads;
mod tile;
mod vector_activation;
mod weight_tile;

pub use activation::{sigmoid, tanh};
pub use cell::{Cell, Direction, LayerShape};
pub use dense::{DenseScratch, DenseShape, dense_backward, dense_forward, dense_infer};
pub use fma::fma;
pub use inference::{PackedLayer, recurrent_infer};
pub use isa::{ISA_VARIABLE, Isa, IsaError};
pub use peak::peak_gflops;
pub use recurrent::{Gradients, Pass, Weights, recurrent_backward, recurrent_forward, recurrent_threads};
pub use scratch::RecurrentScratch;
pub use threads::{
    THREADS_VARIABLE, ThreadsError, set_default_threads, share_out, threads, threads_from_env, threads_that_pay,
    with_threads,
};
