//! How many steps a season has.

use crate::history::Training;
use crate::sums::{dot, mean};

/// The season length of a series: given, or found in the training part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeasonLength {
    /// Known beforehand: 12 for months, 7 for days with a weekly pattern. One means no season.
    Given(usize),
    /// Found by [`infer_season_length`] in each series of the training part; the most frequent one counts, the shorter
    /// one where two are equally frequent.
    Inferred,
}

impl SeasonLength {
    /// The season length of a training part; one when there is no season.
    pub(super) fn resolve(self, training: &Training<'_>) -> usize {
        match self {
            Self::Given(length) => length,
            Self::Inferred => {
                let mut found: Vec<usize> = training
                    .series
                    .iter()
                    .map(|series| infer_season_length(series.values()))
                    .collect();
                found.sort_unstable();
                let mut groups: Vec<&[usize]> = found.chunk_by(|left, right| left == right).collect();
                // A stable sort keeps the shorter of two equally frequent lengths first.
                groups.sort_by_key(|group| std::cmp::Reverse(group.len()));
                groups.first().map_or(1, |group| group[0])
            }
        }
    }
}

/// The season length that the autocorrelation shows, or one when it shows none.
///
/// The series is looked at twice, less its linear trend and as its first differences. In each, the candidate is the
/// highest peak of the autocorrelation between its first drop below zero and half of the series, or the first peak that
/// comes within a tenth of it, so that a multiple is not taken for the season. It has to exceed four standard errors of
/// white noise; at long lags the autocorrelation is smoothed, unless a peak is sharp. The view with the higher peak
/// decides: differences where a trend that is not linear hides the season, the series itself where noise would drown it.
///
/// ```
/// use recurra_evaluation::baselines::infer_season_length;
///
/// let pattern = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0];
/// let series: Vec<f64> = (0..70).map(|day| pattern[day % 7] + 0.1 * day as f64).collect();
/// assert_eq!(infer_season_length(&series), 7);
/// ```
pub fn infer_season_length(values: &[f64]) -> usize {
    let differences: Vec<f64> = values.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let views = [without_line(values), differences];
    let peaks = views.iter().filter_map(|view| highest_peak(view));
    peaks
        .fold((1, 0.0), |best, peak| if peak.1 > best.1 { peak } else { best })
        .0
}

/// Standard errors of white noise that a peak has to exceed: there are many lags to be wrong at.
const SIGNIFICANT: f64 = 4.0;
/// A lag is averaged with its neighbours up to this part of itself away.
const BREADTH: usize = 20;

/// Lag and autocorrelation of the season's peak, if there is one.
fn highest_peak(values: &[f64]) -> Option<(usize, f64)> {
    let raw = autocorrelations(values, values.len() / 2 + 1)?;
    let first = raw.iter().position(|correlation| *correlation < 0.0)?;
    let threshold = SIGNIFICANT / (values.len() as f64).sqrt();
    // Long seasons have broad peaks, on which noise puts many small ones.
    let smooth: Vec<f64> = (0..raw.len())
        .map(|lag| {
            let reach = (lag / BREADTH).min(raw.len() - 1 - lag);
            mean(&raw[lag - reach..=lag + reach])
        })
        .collect();
    let peaks: Vec<usize> = (first.max(2)..smooth.len().saturating_sub(1))
        .filter(|&lag| smooth[lag] >= smooth[lag - 1] && smooth[lag] >= smooth[lag + 1] && smooth[lag] > threshold)
        .collect();
    let highest = peaks.iter().map(|lag| smooth[*lag]).fold(0.0, f64::max);
    let peak = peaks.into_iter().find(|lag| smooth[*lag] >= 0.9 * highest)?;
    // A sharp peak stands out from its surroundings and says exactly how long the season is.
    let around = peak - peak / BREADTH..=(peak + peak / BREADTH).min(raw.len() - 1);
    let sharp = around.fold(peak, |best, lag| if raw[lag] > raw[best] { lag } else { best });
    let found = if raw[sharp] > smooth[peak] + threshold {
        sharp
    } else {
        peak
    };
    Some((found, raw[found].max(smooth[peak])))
}

/// The autocorrelations at lags 0 to `lags`, divided by the variance of the whole; `None` for a constant series.
pub(super) fn autocorrelations(values: &[f64], lags: usize) -> Option<Vec<f64>> {
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

/// The residuals of a straight line through the values.
fn without_line(values: &[f64]) -> Vec<f64> {
    let (constant, slope) = super::line::through(values);
    values
        .iter()
        .enumerate()
        .map(|(step, value)| value - constant - slope * step as f64)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::History;
    use recurra_series::{RandomState, reference};

    fn noisy(count: usize, noise: f64, clean: impl Fn(usize) -> f64) -> Vec<f64> {
        let draws = RandomState::new(3).randn(count);
        (0..count)
            .zip(draws)
            .map(|(step, draw)| clean(step) + noise * draw)
            .collect()
    }

    fn wave(step: usize, length: f64) -> f64 {
        libm::sin(step as f64 * std::f64::consts::TAU / length)
    }

    #[test]
    fn finds_the_year_of_the_reference_series() {
        let values: Vec<f64> = reference::values().into_iter().map(f64::from).collect();
        let found = infer_season_length(&values[..reference::TRAIN_LENGTH]);
        assert!((360..=370).contains(&found), "{found}");
        assert_eq!(infer_season_length(&values), 365);
    }

    #[test]
    fn a_bent_trend_does_not_hide_the_months() {
        let values = noisy(300, 0.3, |step| 0.001 * (step * step) as f64 + 3.0 * wave(step, 12.0));
        assert_eq!(infer_season_length(&values), 12);
    }

    #[test]
    fn noise_and_constants_have_no_season() {
        assert_eq!(infer_season_length(&noisy(200, 1.0, |_| 0.0)), 1);
        assert_eq!(infer_season_length(&noisy(200, 1.0, |step| step as f64)), 1);
        assert_eq!(infer_season_length(&[0.1; 50]), 1);
        assert_eq!(infer_season_length(&[]), 1);
    }

    #[test]
    fn the_most_frequent_length_of_a_panel_counts() {
        let weekly = noisy(100, 0.2, |step| wave(step, 7.0));
        let monthly = noisy(100, 0.2, |step| wave(step, 12.0));
        let histories = [History::new(&monthly), History::new(&weekly), History::new(&weekly)];
        assert_eq!(SeasonLength::Inferred.resolve(&Training::new(&histories, 1)), 7);
        assert_eq!(SeasonLength::Inferred.resolve(&Training::new(&histories[..2], 1)), 7);
    }
}
