//! How a bidirectional layer joins its two readings, as types: the mode decides the width.

use std::fmt::Debug;

use crate::description::MergeMode;

/// A merge mode known at compile time.
pub trait Merge: 'static + Debug + Clone + Copy + Default + Send + Sync {
    /// How much wider than one reading the output is.
    const FACTOR: usize;
    /// The mode as a value.
    const MODE: MergeMode;
}

macro_rules! merge {
    ($(#[$doc:meta])* $name:ident, $factor:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, Default)]
        pub struct $name;

        impl Merge for $name {
            const FACTOR: usize = $factor;
            const MODE: MergeMode = MergeMode::$name;
        }
    };
}

merge!(
    /// Forward, then backward: `O = 2·H`.
    Concat,
    2
);
merge!(
    /// The sum: `O = H`.
    Sum,
    1
);
merge!(
    /// The product, element by element: `O = H`.
    Mul,
    1
);
merge!(
    /// The mean: `O = H`.
    Average,
    1
);

/// Joins rows of `[forward, backward]` into rows half as wide.
pub(crate) fn join(mode: MergeMode, both: &[f32], hidden: usize, y: &mut [f32]) {
    for (both, y) in both.chunks_exact(2 * hidden).zip(y.chunks_exact_mut(hidden)) {
        let (forward, backward) = both.split_at(hidden);
        for ((y, &f), &b) in y.iter_mut().zip(forward).zip(backward) {
            *y = match mode {
                MergeMode::Sum => f + b,
                MergeMode::Mul => f * b,
                MergeMode::Average => (f + b) * 0.5,
                MergeMode::Concat => unreachable!("concatenated readings are not joined"),
            };
        }
    }
}

/// The gradient of [`join`]: writes every value of `d_both`.
pub(crate) fn split(mode: MergeMode, both: &[f32], hidden: usize, dy: &[f32], d_both: &mut [f32]) {
    let rows = both
        .chunks_exact(2 * hidden)
        .zip(d_both.chunks_exact_mut(2 * hidden))
        .zip(dy.chunks_exact(hidden));
    for ((both, d_both), dy) in rows {
        let (d_forward, d_backward) = d_both.split_at_mut(hidden);
        for (unit, &dy) in dy.iter().enumerate() {
            (d_forward[unit], d_backward[unit]) = match mode {
                MergeMode::Sum => (dy, dy),
                MergeMode::Mul => (dy * both[hidden + unit], dy * both[unit]),
                MergeMode::Average => (dy * 0.5, dy * 0.5),
                MergeMode::Concat => unreachable!("concatenated readings are not joined"),
            };
        }
    }
}
