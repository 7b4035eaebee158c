//! Ridge regression by the normal equations, in `f64` and plain index order: the same bits on every machine.

/// A penalised linear fit.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LinearFit {
    /// One weight per column.
    pub(crate) weights: Vec<f64>,
    /// The constant.
    pub(crate) intercept: f64,
}

/// The normal equations have no unique solution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Singular;

/// Minimises `Σ (y − b − w·x)² + penalty · Σ w²` over `w` and `b`; the constant is not penalised.
///
/// The columns are centred first, so that the constant drops out of the equations, which are then solved by Cholesky
/// factorisation. Ridge regression: Hoerl & Kennard (1970), *Technometrics* 12, 55–67.
pub(crate) fn ridge<'a>(
    rows: impl Iterator<Item = (&'a [f64], f64)> + Clone,
    columns: usize,
    penalty: f64,
) -> Result<LinearFit, Singular> {
    let mut count = 0.0;
    let mut means = vec![0.0; columns];
    let mut target_mean = 0.0;
    for (inputs, target) in rows.clone() {
        count += 1.0;
        target_mean += target;
        means.iter_mut().zip(inputs).for_each(|(mean, input)| *mean += input);
    }
    if count == 0.0 {
        return Err(Singular);
    }
    target_mean /= count;
    means.iter_mut().for_each(|mean| *mean /= count);

    let mut gram = vec![0.0; columns * columns];
    let mut moments = vec![0.0; columns];
    let mut centred = vec![0.0; columns];
    for (inputs, target) in rows {
        for ((centred, input), mean) in centred.iter_mut().zip(inputs).zip(&means) {
            *centred = input - mean;
        }
        for (row, &value) in centred.iter().enumerate() {
            moments[row] += value * (target - target_mean);
            let lower = &mut gram[row * columns..=row * columns + row];
            lower
                .iter_mut()
                .zip(&centred)
                .for_each(|(sum, other)| *sum += value * other);
        }
    }
    for row in 0..columns {
        gram[row * columns + row] += penalty;
    }

    let weights = solve_by_cholesky(&mut gram, moments)?;
    let intercept = target_mean - crate::sums::dot(&weights, &means);
    Ok(LinearFit { weights, intercept })
}

/// Solves `A x = b` for a symmetric positive definite `A`, of which the lower triangle is given and overwritten.
fn solve_by_cholesky(matrix: &mut [f64], mut vector: Vec<f64>) -> Result<Vec<f64>, Singular> {
    let n = vector.len();
    // Below this share of its diagonal element a pivot is rounding error.
    const SMALLEST_PIVOT: f64 = 1e-13;
    for row in 0..n {
        for column in 0..=row {
            let mut sum = matrix[row * n + column];
            for k in 0..column {
                sum -= matrix[row * n + k] * matrix[column * n + k];
            }
            if row == column {
                if sum.is_nan() || sum <= SMALLEST_PIVOT * matrix[row * n + row] {
                    return Err(Singular);
                }
                matrix[row * n + row] = sum.sqrt();
            } else {
                matrix[row * n + column] = sum / matrix[column * n + column];
            }
        }
    }
    for row in 0..n {
        for k in 0..row {
            vector[row] -= matrix[row * n + k] * vector[k];
        }
        vector[row] /= matrix[row * n + row];
    }
    for row in (0..n).rev() {
        for k in row + 1..n {
            vector[row] -= matrix[k * n + row] * vector[k];
        }
        vector[row] /= matrix[row * n + row];
    }
    Ok(vector)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn recovers_an_exact_linear_relation() {
        let inputs = [[1.0, 2.0], [2.0, 1.0], [3.0, 5.0], [0.0, 1.0]];
        let rows = inputs
            .iter()
            .map(|input| (&input[..], 4.0 + 3.0 * input[0] - 2.0 * input[1]));
        let fit = ridge(rows, 2, 0.0).unwrap();
        for (found, expected) in fit.weights.iter().chain([&fit.intercept]).zip([3.0, -2.0, 4.0]) {
            assert!((found - expected).abs() < 1e-12, "{found} {expected}");
        }
    }

    #[test]
    fn equal_columns_without_a_penalty_are_singular() {
        let inputs = [[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]];
        let rows = inputs.iter().map(|input| (&input[..], input[0]));
        assert_eq!(ridge(rows.clone(), 2, 0.0), Err(Singular));
        assert!(ridge(rows, 2, 1e-3).is_ok());
    }

    /// In any unit, and where rounding leaves something of the second pivot.
    #[test]
    fn a_column_that_is_a_multiple_of_another_is_singular_in_every_unit() {
        for unit in [1e-6, 1e-3, 0.1, 1.0, 7.3, 1e3, 1e6] {
            let inputs: Vec<[f64; 2]> = (0..20)
                .map(|step| f64::from(step * step % 13) * unit)
                .map(|value| [value, value * 0.7])
                .collect();
            let rows = inputs.iter().map(|input| (&input[..], input[0]));
            assert_eq!(ridge(rows, 2, 0.0), Err(Singular), "{unit}");
        }
    }

    proptest! {
        /// At the minimum the gradient is zero: `Xᵀ(y − b − Xw) = penalty · w`, and the residuals sum to zero.
        #[test]
        fn the_gradient_vanishes(
            data in prop::collection::vec((prop::array::uniform3(-10.0..10.0f64), -10.0..10.0f64), 5..40),
            penalty in 0.1..10.0f64,
        ) {
            let rows = data.iter().map(|(input, target)| (&input[..], *target));
            let fit = ridge(rows, 3, penalty).unwrap();
            let residual = |input: &[f64; 3], target: f64| {
                target - fit.intercept - crate::sums::dot(&fit.weights, input)
            };
            let total: f64 = data.iter().map(|(input, target)| residual(input, *target)).sum();
            prop_assert!(total.abs() < 1e-9);
            for column in 0..3 {
                let gradient: f64 =
                    data.iter().map(|(input, target)| input[column] * residual(input, *target)).sum();
                prop_assert!((gradient - penalty * fit.weights[column]).abs() < 1e-8);
            }
        }
    }
}
