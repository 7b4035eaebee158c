//! What becomes of a rest that fills no whole piece.

/// What becomes of values at the end that fill no whole batch or slice; `drop_remainder` of `tf.data`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Remainder {
    /// They are a smaller one: `drop_remainder=False`.
    Keep,
    /// They are left out: `drop_remainder=True`.
    Drop,
}
