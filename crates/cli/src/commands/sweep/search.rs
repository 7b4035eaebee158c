//! Which candidates a sweep tries, and with how many epochs.

use recurra_series::RandomState;
use serde::Deserialize;

/// Which combinations are tried.
#[derive(Debug, Clone, Copy, Default, PartialEq, Deserialize)]
#[serde(tag = "method", rename_all = "lowercase", deny_unknown_fields)]
pub(super) enum Search {
    /// All of them.
    #[default]
    Grid,
    /// So many of them, drawn without replacement.
    Random {
        /// How many.
        draws: usize,
        /// The seed of the generator.
        #[serde(default)]
        seed: u32,
    },
    /// All with few epochs, then the best of them with more, and so on.
    Halving {
        /// Rounds; the last has all epochs.
        #[serde(default = "three")]
        rungs: u32,
        /// In each round the best `1/factor` go on, with `factor` times the epochs.
        #[serde(default = "three")]
        factor: u32,
    },
}

fn three() -> u32 {
    3
}

/// The part of a candidate's epochs that a round has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Share {
    pub(super) divisor: usize,
}

impl Share {
    /// All of them.
    pub(super) const WHOLE: Self = Self { divisor: 1 };

    /// The parts of the rounds, one after the other.
    pub(super) fn rounds(search: Search) -> Vec<Self> {
        match search {
            Search::Grid | Search::Random { .. } => vec![Self::WHOLE],
            Search::Halving { rungs, factor } => (0..rungs)
                .rev()
                .map(|left| Self {
                    divisor: (factor as usize).saturating_pow(left),
                })
                .collect(),
        }
    }
}

/// `draws` of `0..count` without replacement, in rising order: the first of a shuffle by Fisher and Yates from the front, whose
/// number `k` is the draw of MT19937 in `[0, 1)` times what is left, rounded down.
pub(super) fn drawn(count: usize, draws: usize, seed: u32) -> Vec<usize> {
    let mut random = RandomState::new(seed);
    let mut all: Vec<usize> = (0..count).collect();
    let draws = draws.min(count);
    for at in 0..draws {
        let left = count - at;
        let ahead = (random.random_sample() * left as f64) as usize;
        all.swap(at, at + ahead.min(left - 1));
    }
    all.truncate(draws);
    all.sort_unstable();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_distinct_and_follow_from_the_seed() {
        let once = drawn(1000, 20, 3);
        assert_eq!(once, drawn(1000, 20, 3));
        assert_ne!(once, drawn(1000, 20, 4));
        assert!(once.windows(2).all(|pair| pair[0] < pair[1]), "{once:?}");
        assert_eq!(drawn(5, 9, 0), [0, 1, 2, 3, 4]);
    }

    #[test]
    fn every_place_is_drawn_as_often() {
        let mut hits = [0; 10];
        (0..2000).for_each(|seed| drawn(10, 3, seed).into_iter().for_each(|at| hits[at] += 1));
        // 600 each, with a standard deviation of 20.5: five of them.
        assert!(hits.iter().all(|hits| (498..=702).contains(hits)), "{hits:?}");
    }

    #[test]
    fn a_halving_ends_with_all_epochs() {
        let divisors = |search| {
            Share::rounds(search)
                .iter()
                .map(|share| share.divisor)
                .collect::<Vec<_>>()
        };
        assert_eq!(divisors(Search::Halving { rungs: 3, factor: 4 }), [16, 4, 1]);
        assert_eq!(divisors(Search::Grid), [1]);
    }
}
