//! An epoch's order, cut into batches.

/// Cuts `order` into batches of `size` indices (0 counts as 1). The last one may be smaller; `drop_remainder` leaves it
/// out.
///
/// ```
/// let sizes = |drop| recurra_series::batches(&[4, 0, 3, 1, 2], 2, drop).map(<[usize]>::len).collect::<Vec<_>>();
/// assert_eq!(sizes(false), [2, 2, 1]);
/// assert_eq!(sizes(true), [2, 2]);
/// ```
pub fn batches(order: &[usize], size: usize, drop_remainder: bool) -> impl ExactSizeIterator<Item = &[usize]> + Clone {
    let size = size.max(1);
    let kept = if drop_remainder {
        order.len() - order.len() % size
    } else {
        order.len()
    };
    order[..kept].chunks(size)
}
