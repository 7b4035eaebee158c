//! What a training loop reads: pairs of an input window and its targets, by index.

/// Pairs of an input window and its targets, by index. A source gathers a batch on demand, so that the series is never
/// copied once per window.
pub trait Samples: Sync {
    /// How many pairs there are.
    fn len(&self) -> usize;

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Steps of an input window.
    fn steps(&self) -> usize;

    /// Values per step: one for the series itself, one more for each covariate.
    fn columns(&self) -> usize;

    /// Target values per pair (the horizon).
    fn outputs(&self) -> usize;

    /// Copies the pairs `indices`, in that order, to `inputs` (`[n, steps, columns]`) and `targets` (`[n, outputs]`).
    ///
    /// # Panics
    /// If an index is not below [`Samples::len`], or a slice's length does not fit.
    fn gather(&self, indices: &[usize], inputs: &mut [f32], targets: &mut [f32]);
}
