//! A dense layer as plain loops.

use super::chain;
use crate::dense::DenseShape;

/// The plain twin of [`crate::dense_forward`]: each output is a chain from the bias over the inputs.
pub fn dense_forward(shape: DenseShape, kernel: &[f32], bias: &[f32], x: &[f32], y: &mut [f32]) {
    let DenseShape { rows, inputs, outputs } = shape;
    for row in 0..rows {
        for n in 0..outputs {
            let terms = (0..inputs).map(|i| (x[row * inputs + i], kernel[i * outputs + n]));
            y[row * outputs + n] = chain(bias[n], terms);
        }
    }
}

/// The plain twin of [`crate::dense_backward`]: chains from the value there, dx over the outputs, the others over the rows.
pub fn dense_backward(
    shape: DenseShape,
    kernel: &[f32],
    x: &[f32],
    dy: &[f32],
    dx: Option<&mut [f32]>,
    dkernel: &mut [f32],
    dbias: &mut [f32],
) {
    let DenseShape { rows, inputs, outputs } = shape;
    if let Some(dx) = dx {
        for row in 0..rows {
            for i in 0..inputs {
                let terms = (0..outputs).map(|n| (dy[row * outputs + n], kernel[i * outputs + n]));
                dx[row * inputs + i] = chain(dx[row * inputs + i], terms);
            }
        }
    }
    for n in 0..outputs {
        for i in 0..inputs {
            let terms = (0..rows).map(|row| (x[row * inputs + i], dy[row * outputs + n]));
            dkernel[i * outputs + n] = chain(dkernel[i * outputs + n], terms);
        }
        dbias[n] = (0..rows).fold(dbias[n], |sum, row| dy[row * outputs + n] + sum);
    }
}
