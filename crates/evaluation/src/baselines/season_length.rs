//! How many steps a season has.

use crate::history::Training;
use recurra_series::{common_season_length, season_length};

/// The season length of a series: given, or found in the training part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SeasonLength {
    /// Known beforehand: 12 for months, 7 for days with a weekly pattern. One means no season.
    Given(usize),
    /// Found by [`season_length`] in each series of the training part; the most frequent one counts, the shorter
    /// one where two are equally frequent.
    Inferred,
}

impl SeasonLength {
    /// The season length of a training part; one when there is no season.
    pub(super) fn resolve(self, training: &Training<'_>) -> usize {
        match self {
            Self::Given(length) => length,
            Self::Inferred => {
                let series = training.series.iter();
                common_season_length(series.map(|series| season_length(series.values(), None)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::History;
    use recurra_series::RandomState;

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
    fn the_most_frequent_length_of_a_panel_counts() {
        let weekly = noisy(100, 0.2, |step| wave(step, 7.0));
        let monthly = noisy(100, 0.2, |step| wave(step, 12.0));
        let histories = [History::new(&monthly), History::new(&weekly), History::new(&weekly)];
        assert_eq!(SeasonLength::Inferred.resolve(&Training::new(&histories, 1)), 7);
        assert_eq!(SeasonLength::Inferred.resolve(&Training::new(&histories[..2], 1)), 7);
        let monthly_wins = [&monthly, &monthly, &monthly, &weekly, &weekly].map(|values| History::new(values));
        assert_eq!(SeasonLength::Inferred.resolve(&Training::new(&monthly_wins, 1)), 12);
    }
}
