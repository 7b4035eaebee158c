//! How a series goes with itself some steps later. Sums go in index order, so that the bits are the same everywhere.

/// The correlation of a series with itself `lag` steps later: `Σ (x[t] - m)(x[t+lag] - m) / Σ (x[t] - m)²` over all `t`
/// for which both are there, with `m` the mean. Sums go in index order. Nothing for a constant series, even one whose variance is a
/// rounding error, or a lag that leaves no pair.
///
/// ```
/// let series = [1.0, -1.0, 1.0, -1.0];
/// assert_eq!(recurra_series::autocorrelation(&series, 2), Some(0.5));
/// assert_eq!(recurra_series::autocorrelation(&[0.1; 9], 2), None);
/// ```
#[must_use]
pub fn autocorrelation(values: &[f64], lag: usize) -> Option<f64> {
    if lag >= values.len() {
        return None;
    }
    let (centred, variance) = centred(values)?;
    Some(dot(&centred[lag..], &centred) / variance).filter(|correlation| correlation.is_finite())
}

/// The autocorrelations at lags 0 to `lags` (or as many as there are), each as [`autocorrelation`] gives it, in one go; nothing for a
/// constant series or fewer than three values.
#[must_use]
pub fn autocorrelations(values: &[f64], lags: usize) -> Option<Vec<f64>> {
    if values.len() < 3 {
        return None;
    }
    let (centred, variance) = centred(values)?;
    let lags = 0..=lags.min(values.len() - 1);
    Some(lags.map(|lag| dot(&centred[lag..], &centred) / variance).collect())
}

/// The values less their mean, and the sum of their squares; nothing for a constant series.
fn centred(values: &[f64]) -> Option<(Vec<f64>, f64)> {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let centred: Vec<f64> = values.iter().map(|value| value - mean).collect();
    let variance = dot(&centred, &centred);
    // A constant series can have rounding errors for a variance.
    (variance > f64::EPSILON * dot(values, values)).then_some((centred, variance))
}

/// The product sum of two slices, up to the end of the shorter, in index order.
fn dot(left: &[f64], right: &[f64]) -> f64 {
    left.iter().zip(right).map(|(left, right)| left * right).sum()
}
