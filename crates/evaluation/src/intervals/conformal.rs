//! Split conformal intervals, and conformalised quantiles.

use crate::metrics::Level;
use crate::statistics::Interval;

/// Errors of a model on data that it was not fitted on, from which intervals around its later forecasts are made.
///
/// - Around points: the errors are `|y − ŷ|`, and an interval is `[ŷ − q, ŷ + q]` with their conformal quantile `q`
///   ([`ConformalErrors::margin`]): split conformal prediction. Papadopoulos et al. (2002); Lei, G'Sell, Rinaldo, Tibshirani &
///   Wasserman (2018), *Journal of the American Statistical Association* 113, 1094–1111.
/// - Around bands of quantiles that the model itself forecasts: the errors are `max(lo − y, y − hi)`, by how much a value lay outside
///   its band, or with a minus how far inside, and an interval is `[lo − q, hi + q]`. It keeps the band's shape, wide where the model
///   is unsure, and widens it (a negative `q` narrows it) to cover what it promises: conformalised quantile regression. Romano,
///   Patterson & Candès (2019), *Advances in Neural Information Processing Systems* 32. A point is a band without width, for which
///   this is the first rule.
///
/// ```
/// use recurra_evaluation::{intervals::ConformalErrors, metrics::Level};
///
/// let errors = ConformalErrors::new([3.0, -1.0, 2.0, -4.0]);
/// assert_eq!(errors.margin(Level::EIGHTY), Some(4.0));
/// assert_eq!(errors.margin(Level::NINETY_FIVE), None);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct ConformalErrors {
    /// Ascending; NaN last, because an error that is no number is larger than any.
    ascending: Vec<f64>,
}

impl ConformalErrors {
    /// Takes errors of point forecasts of one step of the horizon, in any order.
    pub fn new(errors: impl IntoIterator<Item = f64>) -> Self {
        Self::of_bands(errors.into_iter().map(f64::abs))
    }

    /// Takes what [`outside`] says of bands of one level and of one step of the horizon, in any order.
    pub fn of_bands(outside: impl IntoIterator<Item = f64>) -> Self {
        // A NaN with a minus would come first.
        let positive = |error: f64| if error.is_nan() { f64::NAN } else { error };
        let mut ascending: Vec<f64> = outside.into_iter().map(positive).collect();
        ascending.sort_unstable_by(f64::total_cmp);
        Self { ascending }
    }

    /// What is added on both sides of a forecast, or of a band, so that it holds the actual value with at least the level's
    /// probability: the `⌈(n + 1)·coverage⌉`-th smallest of the `n` errors. `None` when there are too few of them (below 4
    /// for 80 %, below 19 for 95 %), or when that many are no finite numbers.
    ///
    /// It promises that coverage if past and future errors are exchangeable; errors whose size drifts are not, and a
    /// backtest shows what is left of the promise.
    pub fn margin(&self, level: Level) -> Option<f64> {
        // In whole numbers, because 0.95 · (n + 1) may come out above the whole number that it is.
        let rank = ((self.ascending.len() + 1) * usize::from(level.percent())).div_ceil(100);
        self.at(rank)
    }

    /// The same for a coverage that is `shift` higher than the level's, or lower, as [`AdaptiveLevel`](super::AdaptiveLevel)
    /// asks for; the largest of the errors where that is more than they can give.
    pub fn shifted_margin(&self, level: Level, shift: f64) -> Option<f64> {
        if shift == 0.0 {
            return self.margin(level);
        }
        let rank = (self.ascending.len() + 1) as f64 * (level.coverage() + shift);
        self.at((rank.ceil().max(1.0) as usize).min(self.ascending.len()))
    }

    fn at(&self, rank: usize) -> Option<f64> {
        self.ascending
            .get(rank.checked_sub(1)?)
            .copied()
            .filter(|size| size.is_finite())
    }
}

/// By how much a value lies outside a band, with a minus how far inside: `max(lo − y, y − hi)`. NaN if any of the three is.
pub fn outside(actual: f64, band: Interval) -> f64 {
    let (below, above) = (band.lower - actual, actual - band.upper);
    if below.is_nan() || above.is_nan() {
        return f64::NAN;
    }
    below.max(above)
}

/// A band with `margin` added on both sides; its middle alone where a negative margin leaves nothing of it. `None` if that is not
/// finite.
///
/// ```
/// use recurra_evaluation::{intervals::widened, statistics::Interval};
///
/// let band = Interval { lower: 1.0, upper: 3.0 };
/// assert_eq!(widened(band, 0.5), Some(Interval { lower: 0.5, upper: 3.5 }));
/// assert_eq!(widened(band, -1.5), Some(Interval { lower: 2.0, upper: 2.0 }));
/// ```
pub fn widened(band: Interval, margin: f64) -> Option<Interval> {
    let (mut lower, mut upper) = (band.lower - margin, band.upper + margin);
    if lower > upper {
        lower = band.lower / 2.0 + band.upper / 2.0;
        upper = lower;
    }
    (lower.is_finite() && upper.is_finite()).then_some(Interval { lower, upper })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use recurra_series::RandomState;

    fn half_width(errors: &[f64], level: Level) -> Option<f64> {
        ConformalErrors::new(errors.iter().copied()).margin(level)
    }

    #[test]
    fn the_rank_counts_one_more_than_the_errors() {
        let errors: Vec<f64> = (1..=19).map(f64::from).collect();
        assert_eq!(half_width(&errors, Level::NINETY_FIVE), Some(19.0));
        assert_eq!(half_width(&errors, Level::EIGHTY), Some(16.0));
        assert_eq!(half_width(&errors[..18], Level::NINETY_FIVE), None);
        assert_eq!(half_width(&[], Level::EIGHTY), None);
        assert_eq!(half_width(&[1.0, 2.0, 3.0, f64::NAN], Level::EIGHTY), None);
    }

    #[test]
    fn a_shift_moves_the_rank_and_stays_within_the_errors() {
        let errors = ConformalErrors::new((1..=19).map(f64::from));
        let shifted = |shift| errors.shifted_margin(Level::EIGHTY, shift);
        assert_eq!(
            [0.0, 0.06, -0.06, 0.5, -2.0].map(shifted),
            [16.0, 18.0, 15.0, 19.0, 1.0].map(Some)
        );
        assert_eq!(ConformalErrors::new([]).shifted_margin(Level::EIGHTY, 0.1), None);
    }

    #[test]
    fn outside_is_positive_beyond_either_end() {
        let band = Interval { lower: 1.0, upper: 4.0 };
        let found = [0.0, 1.0, 2.0, 3.5, 6.0].map(|actual| outside(actual, band));
        assert_eq!(found, [1.0, 0.0, -1.0, -0.5, 2.0]);
        assert!(outside(f64::NAN, band).is_nan());
        let half = Interval {
            lower: f64::NAN,
            ..band
        };
        assert!(outside(9.0, half).is_nan());
        assert_eq!(widened(half, 1.0), None);
        // Of a band that is used up the middle is left.
        let middle = Interval { lower: 2.5, upper: 2.5 };
        assert_eq!(widened(band, -2.0), Some(middle));
        // Whatever its sign, a NaN is the largest.
        let errors = ConformalErrors::of_bands([-f64::NAN, -1.0, -2.0, 0.5]);
        assert_eq!(errors.margin(Level::EIGHTY), None);
        assert_eq!(errors.margin(Level::new(60).unwrap()), Some(0.5));
    }

    proptest::proptest! {
        /// Of n + 1 exchangeable values exactly the right share lies in the band that the others widen: whichever is left out.
        #[test]
        fn every_value_left_out_in_turn_is_covered_as_promised(
            values in proptest::collection::vec(-1e3..1e3_f64, 20),
            centre in -1e3..1e3_f64,
            width in 0.0..5e2_f64,
        ) {
            let band = Interval { lower: centre, upper: centre + width };
            let hits = (0..values.len()).filter(|left_out| {
                let others = values.iter().enumerate().filter(|(at, _)| at != left_out);
                let errors = ConformalErrors::of_bands(others.map(|(_, value)| outside(*value, band)));
                let margin = errors.margin(Level::EIGHTY).unwrap();
                outside(values[*left_out], band) <= margin
            });
            // ⌈20 · 0.8⌉ of 20, if no two are equally far outside.
            proptest::prop_assert_eq!(hits.count(), 16);
        }
    }

    #[test]
    fn exchangeable_errors_are_covered_as_promised() {
        // With n = 19 calibration errors the coverage is 16/20 on average over calibrations, exactly.
        let draws = RandomState::new(12).randn(20 * 5_000);
        let hits = draws
            .chunks_exact(20)
            .filter(|errors| errors[19].abs() <= half_width(&errors[..19], Level::EIGHTY).unwrap());
        let share = hits.count() as f64 / 5_000.0;
        // Three standard errors of a share of 0.8 in 5,000.
        assert!((share - 0.8).abs() < 0.017, "{share}");
    }
}
