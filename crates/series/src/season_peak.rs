//! The season that the autocorrelation of a series shows.

/// The correlation that a season has to reach: one that is worth using.
const SEASONAL: f64 = 0.3;
/// Standard errors of white noise that it has to exceed besides: there are many lags to be wrong at.
const SIGNIFICANT: f64 = 4.0;
/// The longest season looked for, so that very long series take no longer than they have to.
const LONGEST: usize = 1000;

/// The length of the season, or nothing where none stands out.
///
/// The series is looked at twice, less its linear trend (`residuals`) and as its first differences. The view with the higher
/// peak decides: differences where a trend that is not linear hides the season, the series itself where noise would drown it.
pub(crate) fn strongest_peak(values: &[f64], residuals: &[f64]) -> Option<usize> {
    let differences: Vec<f64> = values.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let peaks = [residuals, &differences].into_iter().filter_map(highest_peak);
    let best = peaks.fold((0, 0.0), |best, peak| if peak.1 > best.1 { peak } else { best });
    (best.0 > 1).then_some(best.0)
}

/// Lag and autocorrelation of the highest local peak up to half of the series, the shortest of equal ones, if it stands out.
fn highest_peak(values: &[f64]) -> Option<(usize, f64)> {
    let correlations = autocorrelations(values, (values.len() / 2).min(LONGEST) + 1)?;
    let threshold = SEASONAL.max(SIGNIFICANT / (values.len() as f64).sqrt());
    let is_peak = |lag: &usize| {
        let [before, at, after] = [lag - 1, *lag, lag + 1].map(|lag| correlations[lag]);
        at > before && at >= after && at >= threshold
    };
    let peaks = (2..correlations.len().saturating_sub(1))
        .filter(|lag| lag * 2 <= values.len())
        .filter(is_peak);
    let peaks = peaks.map(|lag| (lag, correlations[lag]));
    peaks.reduce(|best, peak| if peak.1 > best.1 { peak } else { best })
}

/// The autocorrelations at lags 0 to `lags` (or as many as there are), each as [`autocorrelation`](crate::autocorrelation)
/// gives it, in one go; nothing for a constant series, even one whose variance is a rounding error, or fewer than three values.
#[must_use]
pub fn autocorrelations(values: &[f64], lags: usize) -> Option<Vec<f64>> {
    let centre = mean(values);
    let centred: Vec<f64> = values.iter().map(|value| value - centre).collect();
    let variance = dot(&centred, &centred);
    // A constant series can have rounding errors for a variance.
    if values.len() < 3 || variance <= f64::EPSILON * dot(values, values) {
        return None;
    }
    let lags = lags.min(values.len() - 1);
    Some(
        (0..=lags)
            .map(|lag| dot(&centred[lag..], &centred) / variance)
            .collect(),
    )
}

/// The arithmetic mean, in index order.
fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The product sum of two slices, up to the end of the shorter, in index order.
fn dot(left: &[f64], right: &[f64]) -> f64 {
    left.iter().zip(right).map(|(left, right)| left * right).sum()
}
