//! A recurrent layer over a whole window: forward, backward through time, and inference.

use crate::cell::{Cell, Direction, LayerShape};
use crate::reference;

/// The weights of one pass, in Keras' layout (row-major).
#[derive(Debug, Clone, Copy)]
pub struct Weights<'a> {
    /// `[inputs, gates·hidden]`.
    pub kernel: &'a [f32],
    /// `[hidden, gates·hidden]`.
    pub recurrent_kernel: &'a [f32],
    /// [`Cell::bias_len`] values.
    pub bias: &'a [f32],
}

/// Where the gradients of one pass's weights are added, in the layout of [`Weights`].
#[derive(Debug)]
pub struct Gradients<'a> {
    /// `[inputs, gates·hidden]`.
    pub kernel: &'a mut [f32],
    /// `[hidden, gates·hidden]`.
    pub recurrent_kernel: &'a mut [f32],
    /// [`Cell::bias_len`] values.
    pub bias: &'a mut [f32],
}

/// One reading of the window: a one-way layer has one pass, a bidirectional layer two.
#[derive(Debug, Clone, Copy)]
pub struct Pass<'a> {
    /// Which end is read first.
    pub direction: Direction,
    /// The weights of this pass.
    pub weights: Weights<'a>,
}

/// What the backward pass needs of the forward pass, and working memory. Reused from batch to batch: it grows to the
/// largest batch seen and stays.
#[derive(Debug, Default)]
pub struct RecurrentScratch {
    memories: Vec<reference::PassMemory>,
}

/// Forward through the window, remembering in `scratch` what [`recurrent_backward`] needs.
///
/// `x` is `[batch, steps, inputs]`. With `return_sequences`, `y` is `[batch, steps, P·hidden]`, else
/// `[batch, P·hidden]`, for P passes; pass p fills columns `p·hidden .. (p+1)·hidden`. Every value of `y` is written.
///
/// # Panics
/// If a slice's length does not fit `shape`.
pub fn recurrent_forward(
    cell: Cell,
    shape: LayerShape,
    passes: &[Pass<'_>],
    return_sequences: bool,
    x: &[f32],
    scratch: &mut RecurrentScratch,
    y: &mut [f32],
) {
    scratch.memories = reference::recurrent_forward(cell, shape, passes, return_sequences, x, y);
}

/// Backward through time, after [`recurrent_forward`] with the same arguments and the same `scratch`.
///
/// `dy` has the layout of `y`. Gradients are *added* to `dx` (`[batch, steps, inputs]`; `None` where nobody needs it)
/// and to `gradients` (one per pass).
///
/// # Panics
/// If a slice's length does not fit `shape`.
#[expect(
    clippy::too_many_arguments,
    reason = "the arguments of the forward pass and their gradients"
)]
pub fn recurrent_backward(
    cell: Cell,
    shape: LayerShape,
    passes: &[Pass<'_>],
    return_sequences: bool,
    x: &[f32],
    scratch: &mut RecurrentScratch,
    dy: &[f32],
    dx: Option<&mut [f32]>,
    gradients: &mut [Gradients<'_>],
) {
    let memories = &scratch.memories;
    reference::recurrent_backward(cell, shape, passes, return_sequences, x, memories, dy, dx, gradients);
}

/// Forward without anything kept for a backward pass: the same bits as [`recurrent_forward`], less memory, and no
/// allocation once `scratch` has seen the shape.
pub fn recurrent_infer(
    cell: Cell,
    shape: LayerShape,
    passes: &[Pass<'_>],
    return_sequences: bool,
    x: &[f32],
    scratch: &mut RecurrentScratch,
    y: &mut [f32],
) {
    recurrent_forward(cell, shape, passes, return_sequences, x, scratch, y);
}
