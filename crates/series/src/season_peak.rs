//! The season that the autocorrelation of a series shows.

use crate::autocorrelation::autocorrelations;

/// The correlation that a season has to reach. Noise alone stays below twice `1/sqrt(n)` in 19 of 20 cases; a season that
/// is worth using stands well clear of it.
pub(crate) const SEASONAL: f64 = 0.3;
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
