//! The recurrent cells as types.

use std::fmt::Debug;

use dfdx::shapes::{Const, ConstDim};
use recurra_kernels::Cell;

/// A recurrent cell known at compile time.
pub trait RecurrentCell: 'static + Debug + Clone + Copy + Default + Send + Sync {
    /// Gates per hidden unit.
    type Gates: ConstDim;
    /// Rows of the bias: two for a GRU with `reset_after`, else one.
    type Biases: ConstDim;
    /// The kernels' name of the cell.
    const CELL: Cell;
}

/// `h' = tanh(x·W + h·U + b)`.
#[derive(Debug, Clone, Copy, Default)]
pub struct SimpleRnnCell;

impl RecurrentCell for SimpleRnnCell {
    type Gates = Const<1>;
    type Biases = Const<1>;
    const CELL: Cell = Cell::SimpleRnn;
}

/// Gates i, f, c, o of `x·W + h·U + b`: `c' = σ(f)·c + σ(i)·tanh(c̃)`, `h' = σ(o)·tanh(c')`.
#[derive(Debug, Clone, Copy, Default)]
pub struct LstmCell;

impl RecurrentCell for LstmCell {
    type Gates = Const<4>;
    type Biases = Const<1>;
    const CELL: Cell = Cell::Lstm;
}

/// Gates z, r, h, the reset gate after the recurrent product (Keras' default):
/// `h̃ = tanh(x·W_h + b_h + r·(h·U_h + b'_h))`, `h' = z·h + (1 − z)·h̃`.
#[derive(Debug, Clone, Copy, Default)]
pub struct GruCell;

impl RecurrentCell for GruCell {
    type Gates = Const<3>;
    type Biases = Const<2>;
    const CELL: Cell = Cell::Gru { reset_after: true };
}

/// Gates z, r, h, the reset gate before the recurrent product, as first published:
/// `h̃ = tanh(x·W_h + (r·h)·U_h + b_h)`, `h' = z·h + (1 − z)·h̃`.
#[derive(Debug, Clone, Copy, Default)]
pub struct GruResetBeforeCell;

impl RecurrentCell for GruResetBeforeCell {
    type Gates = Const<3>;
    type Biases = Const<1>;
    const CELL: Cell = Cell::Gru { reset_after: false };
}
