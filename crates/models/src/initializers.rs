//! Keras' initialisers: Glorot's uniform and the orthogonal one. Biases start at zero (an LSTM's forget gate at one).

use crate::generator::Generator;

/// Glorot's uniform initialiser for a `[fan_in, fan_out]` matrix: uniform on `±sqrt(6 / (fan_in + fan_out))`.
///
/// For a recurrent kernel of G gates Keras counts the whole matrix, so `fan_out` is `G·hidden`.
#[must_use]
pub fn glorot_uniform(generator: &mut Generator, fan_in: usize, fan_out: usize) -> Vec<f32> {
    #[expect(clippy::cast_precision_loss, reason = "widths are far below 2⁵³")]
    let limit = (6.0 / (fan_in + fan_out) as f64).sqrt();
    #[expect(clippy::cast_possible_truncation, reason = "weights are f32")]
    let draw = |generator: &mut Generator| (limit * (2.0 * generator.next_f64() - 1.0)) as f32;
    (0..fan_in * fan_out).map(|_| draw(generator)).collect()
}

/// Keras' orthogonal initialiser for a `[rows, columns]` matrix with `rows ≤ columns`: orthonormal rows, distributed
/// uniformly over such matrices.
///
/// Draws a `[columns, rows]` matrix of standard normals, factors it as `Q·R` with a positive diagonal of `R` (which is
/// what Keras' multiplication by the signs of R's diagonal achieves), and returns `Qᵀ`. The factorisation is
/// Gram–Schmidt in f64, each column orthogonalised twice: accurate to the last bits, and no library decides its order
/// of operations.
#[must_use]
pub fn orthogonal(generator: &mut Generator, rows: usize, columns: usize) -> Vec<f32> {
    let mut normals = vec![0.0; columns * rows];
    normals.fill_with(|| generator.next_normal());
    // `basis[r]` is column r of the normal matrix, which becomes row r of the result.
    let mut basis: Vec<Vec<f64>> = (0..rows)
        .map(|row| (0..columns).map(|column| normals[column * rows + row]).collect())
        .collect();
    for row in 0..rows {
        let (done, rest) = basis.split_at_mut(row);
        let vector = &mut rest[0];
        for _ in 0..2 {
            for unit in done.iter() {
                let along = dot(unit, vector);
                vector.iter_mut().zip(unit).for_each(|(v, u)| *v -= along * u);
            }
        }
        let norm = dot(vector, vector).sqrt();
        vector.iter_mut().for_each(|v| *v /= norm);
    }
    #[expect(clippy::cast_possible_truncation, reason = "weights are f32")]
    basis.iter().flatten().map(|&value| value as f32).collect()
}

fn dot(left: &[f64], right: &[f64]) -> f64 {
    left.iter().zip(right).map(|(l, r)| l * r).sum()
}

#[cfg(test)]
mod tests {
    use super::{glorot_uniform, orthogonal};
    use crate::generator::Generator;

    #[test]
    fn glorot_fills_its_interval_and_no_more() {
        let mut generator = Generator::for_purpose(3, "test");
        let values = glorot_uniform(&mut generator, 40, 160);
        let limit = (6.0_f32 / 200.0).sqrt();
        let largest = values.iter().fold(0.0_f32, |largest, v| largest.max(v.abs()));
        assert!(largest <= limit && largest > 0.99 * limit, "{largest} of {limit}");
        let mean = values.iter().map(|&v| f64::from(v)).sum::<f64>() / 6400.0;
        assert!(mean.abs() < 0.005, "mean {mean}");
    }

    #[test]
    fn rows_of_the_orthogonal_matrix_are_orthonormal() {
        for (rows, columns) in [(1, 1), (3, 3), (5, 20), (32, 128), (40, 40)] {
            let mut generator = Generator::for_purpose(4, "test");
            let values = orthogonal(&mut generator, rows, columns);
            for r in 0..rows {
                for s in 0..rows {
                    let product: f64 = (0..columns)
                        .map(|c| f64::from(values[r * columns + c]) * f64::from(values[s * columns + c]))
                        .sum();
                    let expected = f64::from(u8::from(r == s));
                    assert!(
                        (product - expected).abs() < 1e-6,
                        "rows {r} and {s} of {rows}×{columns}: {product}"
                    );
                }
            }
        }
    }

    /// Row 0 of the result is column 0 of the normal matrix over its length: the sign of R's diagonal is positive, and
    /// the normals are drawn in the order of a row-major `[columns, rows]` matrix.
    #[test]
    fn the_first_row_is_the_first_column_of_the_normals() {
        let values = orthogonal(&mut Generator::for_purpose(5, "test"), 2, 3);
        let mut generator = Generator::for_purpose(5, "test");
        let normals: Vec<f64> = (0..6).map(|_| generator.next_normal()).collect();
        let column = [normals[0], normals[2], normals[4]];
        let norm = column.iter().map(|v| v * v).sum::<f64>().sqrt();
        for (value, normal) in values.iter().zip(column) {
            #[expect(clippy::cast_possible_truncation, reason = "weights are f32")]
            let expected = (normal / norm) as f32;
            assert!((value - expected).abs() < 1e-7, "{value} against {expected}");
        }
    }
}
