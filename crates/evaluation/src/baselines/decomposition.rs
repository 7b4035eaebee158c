//! Classical seasonal decomposition, and whether there is a season at all.

use crate::sums::mean;
use recurra_series::autocorrelations;

/// How a season joins the rest of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Composition {
    /// Season added to level and trend.
    Additive,
    /// Season times level and trend: for positive values only.
    Multiplicative,
}

impl Composition {
    pub(super) fn remove(self, value: f64, season: f64) -> f64 {
        match self {
            Self::Additive => value - season,
            Self::Multiplicative => value / season,
        }
    }

    pub(super) fn restore(self, value: f64, season: f64) -> f64 {
        match self {
            Self::Additive => value + season,
            Self::Multiplicative => value * season,
        }
    }
}

/// The seasonal indices of classical decomposition, one per place in the season, the first for `values[0]`: the mean, over
/// the seasons, of the value less (or over) a moving average as long as the season; then centred on zero (or one).
/// Needs two whole seasons. Hyndman & Athanasopoulos (2021), 3.4.
pub(super) fn seasonal_indices(values: &[f64], season_length: usize, composition: Composition) -> Vec<f64> {
    let half = season_length / 2;
    let mut sums = vec![(0.0, 0.0); season_length];
    for middle in half..values.len() - half {
        let around = &values[middle - half..=middle + half];
        // An even season is averaged with half weights at both ends, so that it stays centred.
        let trend = if season_length.is_multiple_of(2) {
            let inner: f64 = around[1..season_length].iter().sum();
            (inner + (around[0] + around[season_length]) / 2.0) / season_length as f64
        } else {
            mean(around)
        };
        let (sum, count) = &mut sums[middle % season_length];
        *sum += composition.remove(values[middle], trend);
        *count += 1.0;
    }
    let raw: Vec<f64> = sums.into_iter().map(|(sum, count)| sum / count).collect();
    let centre = mean(&raw);
    raw.into_iter().map(|index| composition.remove(index, centre)).collect()
}

/// Whether the autocorrelation at the season length is significant at 10 %, two-sided, by Bartlett's variance:
/// `|r[m]| > 1.645 · √((1 + 2 Σ r[i]², i < m) / n)`. The test of the M3 and M4 competitions' Theta method; it needs three
/// seasons. Fiorucci et al. (2016), *International Journal of Forecasting* 32, 1151–1161.
pub(super) fn is_seasonal(values: &[f64], season_length: usize) -> bool {
    if season_length < 2 || values.len() / 3 < season_length {
        return false;
    }
    let Some(correlations) = autocorrelations(values, season_length) else {
        return false;
    };
    let squares: f64 = correlations[1..season_length]
        .iter()
        .map(|correlation| correlation * correlation)
        .sum();
    let error = ((1.0 + 2.0 * squares) / values.len() as f64).sqrt();
    correlations[season_length].abs() > 1.645 * error
}
