//! The kinds of recurrent cell, and what one layer reads and gives: direction, outputs, sizes.

/// The kind of a recurrent cell, with Keras' semantics and gate order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cell {
    /// `h' = tanh(x·W + h·U + b)`.
    SimpleRnn,
    /// Gates in the order i, f, c, o; logistic sigmoid for i, f, o and tanh for c and the output.
    Lstm,
    /// Gates in the order z, r, h. With `reset_after` (Keras' default) the reset gate scales the recurrent product and
    /// there are two biases, `[2, 3H]`; without, it scales the state before the product and there is one.
    Gru {
        /// Whether the reset gate is applied after the recurrent matrix product.
        reset_after: bool,
    },
}

impl Cell {
    /// Gates per hidden unit: 1, 4 or 3.
    #[must_use]
    pub fn gates(self) -> usize {
        match self {
            Self::SimpleRnn => 1,
            Self::Lstm => 4,
            Self::Gru { .. } => 3,
        }
    }

    /// Values in the bias of a cell of `hidden` units: `gates·hidden`, twice that for a GRU with `reset_after`.
    #[must_use]
    pub fn bias_len(self, hidden: usize) -> usize {
        match self {
            Self::Gru { reset_after: true } => 6 * hidden,
            cell => cell.gates() * hidden,
        }
    }
}

/// Which end of the window is read first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Direction {
    /// From the first step to the last.
    #[default]
    Forward,
    /// From the last step to the first. Outputs stand at the step they belong to; the last state is the one after the
    /// window's *first* step.
    Backward,
}

/// What a recurrent layer gives, Keras' `return_sequences`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outputs {
    /// The state after every step, `[batch, steps, P·hidden]` for P passes: `return_sequences=True`.
    Sequences,
    /// The state after the last step that is read, `[batch, P·hidden]`: `return_sequences=False`.
    LastState,
}

impl Outputs {
    /// For how many steps of a window of `steps` there is an output.
    #[must_use]
    pub fn steps(self, steps: usize) -> usize {
        match self {
            Self::Sequences => steps,
            Self::LastState => 1,
        }
    }
}

/// Sizes of one recurrent layer applied to one batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LayerShape {
    /// Windows in the batch.
    pub batch: usize,
    /// Steps of a window.
    pub steps: usize,
    /// Values per step.
    pub inputs: usize,
    /// Hidden units of one pass.
    pub hidden: usize,
}
