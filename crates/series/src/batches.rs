//! An epoch's order, cut into batches.

use crate::Remainder;

/// Cuts `order` into batches of `size` indices (0 counts as 1). The last one may be smaller, or is left out, as `remainder` says.
///
/// ```
/// use recurra_series::{Remainder, batches};
///
/// let sizes = |remainder| batches(&[4, 0, 3, 1, 2], 2, remainder).map(<[usize]>::len).collect::<Vec<_>>();
/// assert_eq!(sizes(Remainder::Keep), [2, 2, 1]);
/// assert_eq!(sizes(Remainder::Drop), [2, 2]);
/// ```
pub fn batches(order: &[usize], size: usize, remainder: Remainder) -> impl ExactSizeIterator<Item = &[usize]> + Clone {
    let size = size.max(1);
    let kept = match remainder {
        Remainder::Keep => order.len(),
        Remainder::Drop => order.len() - order.len() % size,
    };
    order[..kept].chunks(size)
}
