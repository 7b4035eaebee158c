//! Differencing, for series whose level wanders.

/// `values[t] - values[t - lag]` for every `t` from `lag` on: `values.len() - lag` numbers, none if there are fewer. A lag
/// of 0 counts as 1; a lag of a season takes the season out.
///
/// ```
/// assert_eq!(recurra_series::difference(&[1.0, 4.0, 9.0], 1), [3.0, 5.0]);
/// ```
#[must_use]
pub fn difference(values: &[f64], lag: usize) -> Vec<f64> {
    let lag = lag.max(1);
    values
        .iter()
        .skip(lag)
        .zip(values)
        .map(|(later, earlier)| later - earlier)
        .collect()
}

/// The values that follow `history` when their differences at `lag` are `differences`: the inverse of [`difference`].
/// Nothing if the history is shorter than the lag.
///
/// ```
/// assert_eq!(recurra_series::integrate(&[1.0], &[3.0, 5.0], 1), Some(vec![4.0, 9.0]));
/// assert_eq!(recurra_series::integrate(&[1.0], &[3.0], 2), None);
/// ```
#[must_use]
pub fn integrate(history: &[f64], differences: &[f64], lag: usize) -> Option<Vec<f64>> {
    let lag = lag.max(1);
    let mut values = history.get(history.len().checked_sub(lag)?..)?.to_vec();
    for (at, difference) in differences.iter().enumerate() {
        values.push(values[at] + difference);
    }
    Some(values.split_off(lag))
}
