//! Split conformal intervals.

use crate::metrics::Level;

/// Errors of a model on data that it was not fitted on, from which intervals around its later forecasts are made.
///
/// Papadopoulos et al. (2002); Lei, G'Sell, Rinaldo, Tibshirani & Wasserman (2018), *Journal of the American Statistical
/// Association* 113, 1094–1111.
///
/// ```
/// use recurra_evaluation::{intervals::ConformalErrors, metrics::Level};
///
/// let errors = ConformalErrors::new([3.0, -1.0, 2.0, -4.0]);
/// assert_eq!(errors.half_width(Level::EIGHTY), Some(4.0));
/// assert_eq!(errors.half_width(Level::NINETY_FIVE), None);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct ConformalErrors {
    /// Absolute errors, ascending; NaN last, because an error that is no number is larger than any.
    sizes: Vec<f64>,
}

impl ConformalErrors {
    /// Takes errors of one step of the horizon, in any order.
    pub fn new(errors: impl IntoIterator<Item = f64>) -> Self {
        let mut sizes: Vec<f64> = errors.into_iter().map(f64::abs).collect();
        sizes.sort_unstable_by(f64::total_cmp);
        Self { sizes }
    }

    /// Half the width of the interval around a forecast that holds the actual value with at least the level's
    /// probability: the `⌈(n + 1)·coverage⌉`-th smallest of the `n` absolute errors. `None` when there are too few of them
    /// (below 4 for 80 %, below 19 for 95 %), or when that many are no finite numbers.
    ///
    /// It promises that coverage if past and future errors are exchangeable; errors whose size drifts are not, and a
    /// backtest shows what is left of the promise.
    pub fn half_width(&self, level: Level) -> Option<f64> {
        // In whole numbers, because 0.95 · (n + 1) may come out above the whole number that it is.
        let rank = ((self.sizes.len() + 1) * usize::from(level.percent())).div_ceil(100);
        self.at(rank)
    }

    /// The same for a coverage that is `shift` higher than the level's, or lower, as [`AdaptiveLevel`](super::AdaptiveLevel)
    /// asks for; the largest of the errors where that is more than they can give.
    pub fn shifted_half_width(&self, level: Level, shift: f64) -> Option<f64> {
        if shift == 0.0 {
            return self.half_width(level);
        }
        let rank = (self.sizes.len() + 1) as f64 * (level.coverage() + shift);
        self.at((rank.ceil().max(1.0) as usize).min(self.sizes.len()))
    }

    fn at(&self, rank: usize) -> Option<f64> {
        self.sizes
            .get(rank.checked_sub(1)?)
            .copied()
            .filter(|size| size.is_finite())
    }
}

/// [`ConformalErrors::half_width`] of errors that are needed for one interval only.
pub fn conformal_half_width(errors: &[f64], level: Level) -> Option<f64> {
    ConformalErrors::new(errors.iter().copied()).half_width(level)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use recurra_series::RandomState;

    #[test]
    fn the_rank_counts_one_more_than_the_errors() {
        let errors: Vec<f64> = (1..=19).map(f64::from).collect();
        assert_eq!(conformal_half_width(&errors, Level::NINETY_FIVE), Some(19.0));
        assert_eq!(conformal_half_width(&errors, Level::EIGHTY), Some(16.0));
        assert_eq!(conformal_half_width(&errors[..18], Level::NINETY_FIVE), None);
        assert_eq!(conformal_half_width(&[], Level::EIGHTY), None);
        assert_eq!(conformal_half_width(&[1.0, 2.0, 3.0, f64::NAN], Level::EIGHTY), None);
    }

    #[test]
    fn a_shift_moves_the_rank_and_stays_within_the_errors() {
        let errors = ConformalErrors::new((1..=19).map(f64::from));
        let shifted = |shift| errors.shifted_half_width(Level::EIGHTY, shift);
        assert_eq!(
            [0.0, 0.06, -0.06, 0.5, -2.0].map(shifted),
            [16.0, 18.0, 15.0, 19.0, 1.0].map(Some)
        );
        assert_eq!(ConformalErrors::new([]).shifted_half_width(Level::EIGHTY, 0.1), None);
    }

    #[test]
    fn exchangeable_errors_are_covered_as_promised() {
        // With n = 19 calibration errors the coverage is 16/20 on average over calibrations, exactly.
        let draws = RandomState::new(12).randn(20 * 5_000);
        let hits = draws
            .chunks_exact(20)
            .filter(|errors| errors[19].abs() <= conformal_half_width(&errors[..19], Level::EIGHTY).unwrap());
        let share = hits.count() as f64 / 5_000.0;
        // Three standard errors of a share of 0.8 in 5,000.
        assert!((share - 0.8).abs() < 0.017, "{share}");
    }
}
