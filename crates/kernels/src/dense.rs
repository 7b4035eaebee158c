//! A dense layer without activation: `y = x·W + b`.

/// Sizes of a dense layer applied to some rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DenseShape {
    /// Rows (batch, or batch × steps).
    pub rows: usize,
    /// Values per row in.
    pub inputs: usize,
    /// Values per row out.
    pub outputs: usize,
}

/// `y = x·W + b`, with `x` `[rows, inputs]`, `kernel` `[inputs, outputs]`, `bias` `[outputs]`, `y` `[rows, outputs]`.
///
/// # Panics
/// If a slice's length does not fit `shape`.
pub fn dense_forward(shape: DenseShape, kernel: &[f32], bias: &[f32], x: &[f32], y: &mut [f32]) {
    crate::reference::dense_forward(shape, kernel, bias, x, y);
}

/// Adds the gradients of [`dense_forward`] to `dx` (`None` where nobody needs it), `dkernel` and `dbias`.
///
/// # Panics
/// If a slice's length does not fit `shape`.
pub fn dense_backward(
    shape: DenseShape,
    kernel: &[f32],
    x: &[f32],
    dy: &[f32],
    dx: Option<&mut [f32]>,
    dkernel: &mut [f32],
    dbias: &mut [f32],
) {
    crate::reference::dense_backward(shape, kernel, x, dy, dx, dkernel, dbias);
}
