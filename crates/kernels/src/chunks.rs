//! How one call is cut into chunks of batch rows: by the layer's shape alone, never by the cores.
//!
//! A chunk's weight gradients are summed on their own and added in chunk order, so where the cuts are is part of the
//! numeric contract; how many threads work on the chunks is not.

use crate::cell::LayerShape;
use std::ops::Range;

/// Batch rows of a chunk.
pub(crate) const CHUNK_ROWS: usize = 64;
/// A layer of fewer hidden units is never cut: starting a thread would cost more than it gains.
pub(crate) const CHUNKED_HIDDEN: usize = 64;

/// The chunks of batch rows, in order. At least one, even for an empty batch.
pub(crate) fn chunks(shape: LayerShape) -> impl Iterator<Item = Range<usize>> {
    let rows = if shape.hidden < CHUNKED_HIDDEN {
        shape.batch.max(1)
    } else {
        CHUNK_ROWS
    };
    let count = shape.batch.div_ceil(rows).max(1);
    (0..count).map(move |chunk| chunk * rows..((chunk + 1) * rows).min(shape.batch))
}

#[cfg(test)]
mod tests {
    use super::chunks;
    use crate::cell::LayerShape;
    use std::ops::Range;

    fn cuts(batch: usize, hidden: usize) -> Vec<Range<usize>> {
        let shape = LayerShape {
            batch,
            steps: 5,
            inputs: 3,
            hidden,
        };
        chunks(shape).collect()
    }

    /// The cuts are part of the numeric contract: other ones would give other bits.
    #[test]
    fn only_wide_layers_are_cut_and_after_sixty_four_rows() {
        for (batch, hidden) in [(0, 1), (1000, 1), (1000, 63), (0, 64), (64, 64), (64, 512)] {
            let whole = 0..batch;
            assert_eq!(cuts(batch, hidden), [whole], "{batch} rows, {hidden} units");
        }
        assert_eq!(cuts(65, 64), [0..64, 64..65]);
        assert_eq!(cuts(192, 100), [0..64, 64..128, 128..192]);
    }
}
