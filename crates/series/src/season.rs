//! The length of a season, from the frequency and the values.

use crate::Frequency;
use crate::autocorrelation::autocorrelation;
use crate::season_peak::{SEASONAL, strongest_peak};

/// The lengths of a season that are looked at for a frequency, in steps, shortest first.
fn candidates(frequency: Option<Frequency>) -> Vec<usize> {
    let per_day = |seconds: u32| 86_400 / seconds as usize;
    match frequency {
        Some(Frequency::Seconds(seconds)) if seconds > 0 && 86_400 % seconds == 0 => {
            vec![3600 / seconds as usize, per_day(seconds), per_day(seconds) * 7]
        }
        Some(Frequency::Days(1)) => vec![7, 365],
        Some(Frequency::BusinessDays) => vec![5, 261],
        Some(other) => other.usual_season().into_iter().collect(),
        None => Vec::new(),
    }
}

/// The length of the season of a series, in steps: among the lengths that are usual for the frequency (a day, a week, a
/// year) the one with the strongest autocorrelation, stronger than at half the length, after the straight line through the
/// series is taken out. Nothing where no autocorrelation reaches 0.3, or the series does not hold two whole seasons.
///
/// Plain numbers have no usual lengths, and a caller may know no frequency. There the series is looked at twice, less its
/// linear trend and as its first differences; in each, the highest local peak of the autocorrelation up to half of the series
/// (or lag 1,000) counts if it reaches 0.3 and four standard errors of white noise. The view with the higher peak decides.
///
/// ```
/// use recurra_series::{Frequency, season_length};
///
/// let week = [5.0, 5.0, 5.0, 6.0, 9.0, 2.0, 1.0];
/// let values: Vec<f64> = (0..70).map(|day| week[day % 7] + 0.1 * day as f64).collect();
/// assert_eq!(season_length(&values, Some(Frequency::Days(1))), Some(7));
/// assert_eq!(season_length(&values, None), Some(7));
/// ```
#[must_use]
pub fn season_length(values: &[f64], frequency: Option<Frequency>) -> Option<usize> {
    let residuals = without_line(values);
    if matches!(frequency, Some(Frequency::Step(_)) | None) {
        return strongest_peak(values, &residuals);
    }
    let correlation = |lag: usize| autocorrelation(&residuals, lag).unwrap_or(0.0);
    // A smooth series is like itself after any few steps; only a season is more so than half a season.
    let mut lags = candidates(frequency);
    lags.retain(|&lag| correlation(lag) > correlation(lag / 2).max(correlation(lag.div_ceil(2))));
    lags.retain(|&lag| lag > 1 && lag * 2 <= values.len());
    // Of equal ones the first: the shortest.
    let strength = |lag: &usize| correlation(*lag);
    lags.into_iter()
        .rev()
        .max_by(|a, b| strength(a).total_cmp(&strength(b)))
        .filter(|lag| strength(lag) >= SEASONAL)
}

/// The series without its least-squares straight line.
fn without_line(values: &[f64]) -> Vec<f64> {
    let count = values.len() as f64;
    let middle = (count - 1.0) / 2.0;
    let mean = values.iter().sum::<f64>() / count;
    let times = || (0..values.len()).map(|time| time as f64 - middle);
    let product: f64 = times().zip(values).map(|(time, value)| time * (value - mean)).sum();
    let square: f64 = times().map(|time| time * time).sum();
    let slope = if square > 0.0 { product / square } else { 0.0 };
    times()
        .zip(values)
        .map(|(time, value)| value - mean - slope * time)
        .collect()
}
