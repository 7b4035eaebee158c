//! What the passes need to know of a cell: its vectors and where they lie.

use crate::cell::{Cell, Direction, LayerShape};
use crate::lanes::Lanes;

impl Cell {
    /// Vectors stored for a unit block, a row and a step.
    pub(crate) fn stored(self) -> usize {
        match self {
            Self::SimpleRnn => 1,
            Self::Lstm | Self::Gru { .. } => 4,
        }
    }

    /// Bias gradients of a unit.
    pub(crate) fn biases(self) -> usize {
        self.bias_len(1)
    }
}

/// Unit blocks that a simple recurrent cell takes at a time: as few padded ones as can be, then as many as can be.
pub(crate) fn simple_rnn_blocks<L: Lanes>(hidden: usize) -> usize {
    let blocks = hidden.div_ceil(L::N);
    [4, 3, 2, 1]
        .into_iter()
        .min_by_key(|at_once| blocks.div_ceil(*at_once) * at_once)
        .unwrap_or(1)
}

/// The place in the window of the step that a pass reads as number `step`.
pub(crate) fn time(direction: Direction, steps: usize, step: usize) -> usize {
    match direction {
        Direction::Forward => step,
        Direction::Backward => steps - 1 - step,
    }
}

/// The product of sizes, or `None` where no slice could be so long. A size that wraps would let a short slice pass for a long one.
pub(crate) fn product<const K: usize>(sizes: [usize; K]) -> Option<usize> {
    sizes.into_iter().try_fold(1, usize::checked_mul)
}

/// Multiply-adds of one forward pass over `rows` rows.
pub(crate) fn multiply_adds(cell: Cell, shape: LayerShape, passes: usize, rows: usize) -> usize {
    passes * rows * shape.steps * cell.gates() * shape.hidden * (shape.inputs + shape.hidden)
}

#[cfg(test)]
mod tests {
    use super::{multiply_adds, product, time};
    use crate::cell::{Cell, Direction, LayerShape};

    #[test]
    fn work_is_counted_by_gates_and_both_products() {
        let shape = LayerShape {
            batch: 7,
            steps: 3,
            inputs: 2,
            hidden: 5,
        };
        // Two passes over four rows, three steps, five units, seven values into each gate of a unit.
        let of = |cell| multiply_adds(cell, shape, 2, 4);
        let (lstm, gru) = (of(Cell::Lstm), of(Cell::Gru { reset_after: true }));
        assert_eq!((of(Cell::SimpleRnn), gru, lstm), (840, 2520, 3360));
    }

    #[test]
    fn a_product_that_no_slice_can_have_is_none() {
        assert_eq!((product([2, 3, 4]), product([7, 0])), (Some(24), Some(0)));
        assert_eq!(product([usize::MAX, 2]), None);
    }

    #[test]
    fn backward_the_first_step_read_is_the_last_of_the_window() {
        assert_eq!([0, 1, 4].map(|step| time(Direction::Forward, 5, step)), [0, 1, 4]);
        assert_eq!([0, 1, 4].map(|step| time(Direction::Backward, 5, step)), [4, 3, 0]);
    }
}
