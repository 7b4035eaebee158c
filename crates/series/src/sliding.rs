//! Slices that slide over plain values, as `tf.data` cuts them. What a model is trained on are [`Windows`](crate::Windows).

use crate::Remainder;

/// Slices of `size` values, one every `shift` values, with the semantics of `tf.data`'s `window(size, shift,
/// drop_remainder)`: at the end of the series slices get shorter, or are left out, as `remainder` says. A size or shift
/// of 0 counts as 1.
///
/// ```
/// use recurra_series::{Remainder, sliding};
///
/// let lengths = |remainder| sliding(&[1.0, 2.0, 3.0], 2, 1, remainder).map(<[f32]>::len).collect::<Vec<_>>();
/// assert_eq!(lengths(Remainder::Drop), [2, 2]);
/// assert_eq!(lengths(Remainder::Keep), [2, 2, 1]);
/// ```
pub fn sliding(values: &[f32], size: usize, shift: usize, remainder: Remainder) -> impl Iterator<Item = &[f32]> {
    let size = size.max(1);
    (0..values.len())
        .step_by(shift.max(1))
        .map(move |start| &values[start..start.saturating_add(size).min(values.len())])
        .filter(move |slice| remainder == Remainder::Keep || slice.len() == size)
}
