//! What a caller hands in for one reading of the window: weights, the state before it, a mask; and where its gradients go.

use crate::cell::Direction;

/// The weights of one pass, in Keras' layout (row-major).
#[derive(Debug, Clone, Copy)]
pub struct Weights<'a> {
    /// `[inputs, gates·hidden]`.
    pub kernel: &'a [f32],
    /// `[hidden, gates·hidden]`.
    pub recurrent_kernel: &'a [f32],
    /// [`Cell::bias_len`](crate::Cell::bias_len) values.
    pub bias: &'a [f32],
}

/// Where the gradients of one pass's weights are added, in the layout of [`Weights`].
#[derive(Debug)]
pub struct Gradients<'a> {
    /// `[inputs, gates·hidden]`.
    pub kernel: &'a mut [f32],
    /// `[hidden, gates·hidden]`.
    pub recurrent_kernel: &'a mut [f32],
    /// [`Cell::bias_len`](crate::Cell::bias_len) values.
    pub bias: &'a mut [f32],
}

/// One reading of the window: a one-way layer has one pass, a bidirectional layer two.
#[derive(Debug, Clone, Copy)]
pub struct Pass<'a> {
    /// Which end is read first.
    pub direction: Direction,
    /// The weights of this pass.
    pub weights: Weights<'a>,
    /// The state before the first step that is read; zero without one. All passes of a layer have one or none has. The backward
    /// pass gives no gradient of it: it is a constant, as in Keras' stateful layers.
    pub initial: Option<State<'a>>,
    /// Recurrent dropout: factors `[batch, hidden]` on the state where the recurrent kernel multiplies it, the same at every step. (A GRU's
    /// `z·h` and the cell state of an LSTM stay as they are.) All passes of a layer have a mask or none has.
    pub recurrent_mask: Option<&'a [f32]>,
}

impl<'a> Pass<'a> {
    /// A pass from the zero state without recurrent dropout.
    #[must_use]
    pub fn new(direction: Direction, weights: Weights<'a>) -> Self {
        Self {
            direction,
            weights,
            initial: None,
            recurrent_mask: None,
        }
    }
}

/// The state of a recurrent layer between two steps.
#[derive(Debug, Clone, Copy)]
pub struct State<'a> {
    /// What the next step sees as the output of the one before, `[batch, hidden]`.
    pub hidden: &'a [f32],
    /// LSTM: the cell state, `[batch, hidden]`. Empty for the other cells.
    pub cell: &'a [f32],
}
