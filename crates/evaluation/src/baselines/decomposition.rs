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

#[cfg(test)]
mod tests {
    use super::is_seasonal;
    use recurra_series::RandomState;

    /// The rule as it is written down: correlations about the whole series' mean, over its sum of squares.
    fn by_hand(values: &[f64], season_length: usize) -> bool {
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let product = |lag: usize| -> f64 {
            let pairs = values.iter().zip(&values[lag..]);
            pairs.map(|(left, right)| (left - mean) * (right - mean)).sum()
        };
        let correlation = |lag: usize| product(lag) / product(0);
        let squares: f64 = (1..season_length).map(|lag| correlation(lag).powi(2)).sum();
        correlation(season_length).abs() > 1.645 * ((1.0 + 2.0 * squares) / n).sqrt()
    }

    #[test]
    fn a_season_is_one_whose_correlation_is_significant_beside_those_of_shorter_lags() {
        let mut seasonal = 0;
        for seed in 0..300 {
            // Noise that carries on, and a weak season: most lags are correlated, and many series are near the border.
            let draws = RandomState::new(seed).randn(40);
            let mut carried = 0.0;
            let value = |(at, draw): (usize, &f64)| {
                carried = 0.6 * carried + draw;
                carried + [0.9, -0.9, 0.0, 0.4][at % 4]
            };
            let values: Vec<f64> = draws.iter().enumerate().map(value).collect();
            let found = is_seasonal(&values, 4);
            assert_eq!(found, by_hand(&values, 4), "seed {seed}");
            seasonal += usize::from(found);
        }
        assert!((30..270).contains(&seasonal), "{seasonal} of 300 are seasonal");
    }

    #[test]
    fn a_season_takes_two_values_and_is_seen_three_times() {
        let saw: Vec<f64> = (0..30).map(|step| f64::from(step % 5)).collect();
        assert!(is_seasonal(&saw[..15], 5) && !is_seasonal(&saw[..14], 5));
        let alternating: Vec<f64> = (0..30).map(|step| f64::from(step % 2)).collect();
        assert!(is_seasonal(&alternating, 2));
        // Every series is like itself one step and no step later.
        let rising: Vec<f64> = (0..30).map(f64::from).collect();
        assert!(!is_seasonal(&rising, 1) && !is_seasonal(&rising, 0));
        assert!(!is_seasonal(&[3.0; 30], 5), "a constant");
    }
}
