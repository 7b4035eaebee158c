//! What the forecasts left unexplained.

use super::SeriesReport;

/// Actual − forecast wherever both are known: (position among the times, residual), in order of position. Where several
/// segments forecast the same position, each counts.
pub(crate) fn residuals(series: &SeriesReport) -> Vec<(usize, f64)> {
    let mut all: Vec<(usize, f64)> = series
        .forecasts
        .iter()
        .flat_map(|segment| {
            segment
                .mean
                .iter()
                .enumerate()
                .map(|(step, mean)| (segment.start + step, *mean))
        })
        .filter_map(|(position, mean)| Some((position, (*series.values.get(position)?)? - mean)))
        .filter(|(_, residual)| residual.is_finite())
        .collect();
    all.sort_by_key(|(position, _)| *position);
    all
}

/// A histogram with bars of equal width.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Histogram {
    /// The middle of each bar.
    pub middles: Vec<f64>,
    /// Values in each bar.
    pub counts: Vec<usize>,
    /// The width of a bar.
    pub width: f64,
}

/// The histogram of a sample, with ⌈√n⌉ bars but at most 40; `None` for fewer than two different values.
pub(crate) fn histogram(sample: &[f64]) -> Option<Histogram> {
    let low = sample.iter().copied().fold(f64::INFINITY, f64::min);
    let high = sample.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if low.partial_cmp(&high) != Some(std::cmp::Ordering::Less) || !(high - low).is_finite() {
        return None;
    }
    let bars = ((sample.len() as f64).sqrt().ceil() as usize).min(40);
    let width = (high - low) / bars as f64;
    let mut counts = vec![0; bars];
    for value in sample {
        // The highest value belongs to the last bar.
        counts[(((value - low) / width) as usize).min(bars - 1)] += 1;
    }
    let middles = (0..bars).map(|bar| low + (bar as f64 + 0.5) * width).collect();
    Some(Histogram { middles, counts, width })
}

/// The autocorrelations at lags 1, 2, … up to `lags`; none for a sample that is constant or has fewer than three values.
pub(crate) fn autocorrelation(sample: &[f64], lags: usize) -> Vec<f64> {
    let found = recurra_series::autocorrelations(sample, lags).unwrap_or_default();
    found.into_iter().skip(1).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::Segment;
    use super::*;

    #[test]
    fn residuals_pair_forecasts_with_what_happened() {
        let segment = |start, mean: &[f64]| Segment {
            start,
            first_step: 1,
            mean: mean.to_vec(),
            intervals: Vec::new(),
        };
        let series = SeriesReport {
            unique_id: "a".to_owned(),
            times: (0..6).map(|t| t.to_string()).collect(),
            values: vec![Some(1.0), Some(2.0), None, Some(4.0)],
            split: Some(1),
            forecasts: vec![segment(2, &[9.0, 3.0, 9.0]), segment(1, &[2.5])],
            errors: Vec::new(),
        };
        assert_eq!(residuals(&series), [(1, -0.5), (3, 1.0)]);
    }

    #[test]
    fn every_value_is_in_one_bar() {
        let found = histogram(&[0.0, 1.0, 1.5, 4.0]).unwrap();
        assert_eq!(
            (found.counts, found.middles, found.width),
            (vec![3, 1], vec![1.0, 3.0], 2.0)
        );
        assert_eq!(histogram(&[2.0, 2.0]), None);
        assert_eq!(histogram(&[]), None);
    }

    #[test]
    fn autocorrelation_is_that_of_the_formula() {
        // By hand: the mean is 2.4, the sum of squares 5.2, the products 0.64, −1.72 and −2.08.
        let found = autocorrelation(&[1.0, 2.0, 3.0, 4.0, 2.0], 3);
        let expected = [0.64, -1.72, -2.08].map(|product| product / 5.2);
        assert!(
            found.len() == 3 && found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12),
            "{found:?}"
        );
        assert_eq!(autocorrelation(&[1.0, 1.0, 1.0], 2), Vec::<f64>::new());
        assert_eq!(autocorrelation(&[1.0, 2.0, 4.0], 9).len(), 2);
    }
}
