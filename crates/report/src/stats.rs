//! Order statistics of errors over seeds.

/// Median and quartiles of a sample of errors, lower is better.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Spread {
    /// The lower quartile.
    pub lower: f64,
    /// The median.
    pub median: f64,
    /// The upper quartile.
    pub upper: f64,
    /// The size of the sample, diverged runs included.
    pub n: usize,
}

impl Spread {
    /// The spread of `errors`; `None` for an empty sample.
    ///
    /// A run that diverged (`None`, or not a number) counts as an infinite error: leaving it out would flatter the method.
    pub(crate) fn of(errors: &[Option<f64>]) -> Option<Self> {
        let mut sorted: Vec<f64> = errors
            .iter()
            .map(|error| error.filter(|e| !e.is_nan()).unwrap_or(f64::INFINITY))
            .collect();
        sorted.sort_by(f64::total_cmp);
        Some(Self {
            lower: quantile(&sorted, 0.25)?,
            median: quantile(&sorted, 0.5)?,
            upper: quantile(&sorted, 0.75)?,
            n: sorted.len(),
        })
    }
}

/// The `p`-quantile of an ascending sample, interpolated linearly between order statistics as NumPy does by default:
/// with h = (n − 1)·p, x₍⌊h⌋₎ + (h − ⌊h⌋)·(x₍⌊h⌋₊₁₎ − x₍⌊h⌋₎). `None` for an empty sample.
pub(crate) fn quantile(ascending: &[f64], p: f64) -> Option<f64> {
    let last = ascending.len().checked_sub(1)?;
    let h = last as f64 * p.clamp(0.0, 1.0);
    let below = h.floor() as usize;
    let (low, high) = (ascending[below], ascending[(below + 1).min(last)]);
    let weight = h - h.floor();
    // An infinite neighbour of weight zero must not turn the answer into NaN.
    Some(if weight == 0.0 {
        low
    } else {
        low + weight * (high - low)
    })
}

/// The share of `errors` below `threshold`; a diverged run is not below it. `None` for an empty sample.
pub(crate) fn share_below(errors: &[Option<f64>], threshold: f64) -> Option<f64> {
    let below = errors.iter().flatten().filter(|error| **error < threshold).count();
    (!errors.is_empty()).then(|| below as f64 / errors.len() as f64)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn quantiles_are_numpys() {
        // numpy.quantile([1, 2, 4, 8, 16], [0.25, 0.5, 0.75, 0.9]) → 2, 4, 8, 12.8
        let sample = [1.0, 2.0, 4.0, 8.0, 16.0];
        assert_eq!(quantile(&sample, 0.25), Some(2.0));
        assert_eq!(quantile(&sample, 0.5), Some(4.0));
        assert_eq!(quantile(&sample, 0.75), Some(8.0));
        assert!((quantile(&sample, 0.9).unwrap() - 12.8).abs() < 1e-12);
        assert_eq!(quantile(&[], 0.5), None);
        assert_eq!(quantile(&[7.0], 0.75), Some(7.0));
    }

    #[test]
    fn diverged_runs_count_as_the_worst() {
        let spread = Spread::of(&[Some(1.0), None, Some(f64::NAN)]).unwrap();
        assert_eq!(
            (spread.lower, spread.median, spread.n),
            (f64::INFINITY, f64::INFINITY, 3)
        );
        assert_eq!(
            Spread::of(&[Some(1.0), Some(2.0), Some(3.0), Some(4.0), None])
                .unwrap()
                .upper,
            4.0
        );
        assert_eq!(share_below(&[Some(1.0), None, Some(3.0), Some(2.0)], 2.0), Some(0.25));
        assert_eq!(share_below(&[], 2.0), None);
        assert_eq!(Spread::of(&[]), None);
        let even = Spread::of(&[Some(3.0), Some(1.0), Some(2.0), None]).unwrap();
        assert_eq!((even.median, even.n), (2.5, 4));
    }

    proptest::proptest! {
        #[test]
        fn a_quantile_lies_between_its_order_statistics(mut sample in proptest::collection::vec(-1e3..1e3_f64, 1..40), p in 0.0..1.0_f64) {
            sample.sort_by(f64::total_cmp);
            let found = quantile(&sample, p).unwrap();
            let h = p * (sample.len() - 1) as f64;
            let (below, above) = (sample[h.floor() as usize], sample[h.ceil() as usize]);
            proptest::prop_assert!(below <= found && found <= above);
            let expected = below * (1.0 - h.fract()) + above * h.fract();
            proptest::prop_assert!((found - expected).abs() < 1e-9);
        }
    }
}
