//! One combination of a model and its settings.

use recurra_series::RandomState;
use recurra_zoo::Registry;

use super::file::{Search, parsed};
use crate::failure::Failure;
use crate::model_flags::{Model, TrainingFlags};

/// A model with the flags that it is trained by.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub(super) model: String,
    /// The flags as words, such as `--lr=0.001`.
    pub(super) words: Vec<String>,
    /// Epochs of a network; none for a classical method.
    epochs: Option<usize>,
}

impl Candidate {
    pub(super) fn new(
        model: String,
        words: Vec<String>,
        flags: &TrainingFlags,
        registry: &Registry,
    ) -> Result<Self, Failure> {
        let epochs = match Model::find(&model, registry)? {
            Model::Network(entry) => Some(flags.settings(entry, &[])?.training.epochs),
            Model::Classical(_) => {
                flags.classical_window()?;
                None
            }
        };
        if flags.lr == Some(crate::model_flags::Rate::Auto) {
            return Err(Failure::input("`lr` takes numbers here; `recurra lr-find` finds one"));
        }
        Ok(Self { model, words, epochs })
    }

    /// How people see it: `gru-1x32, lr 0.001, window 28`.
    pub(super) fn name(&self) -> String {
        described(&self.model, &self.words)
    }

    /// Whether the seed decides anything.
    pub(super) fn is_seeded(&self) -> bool {
        self.epochs.is_some()
    }

    /// The flags with which it is trained in a round of a search: from this seed and, in the early rounds of a halving, with fewer
    /// epochs.
    pub(super) fn in_round(&self, seed: u64, share: Share) -> Result<(TrainingFlags, Vec<String>), Failure> {
        let mut words = self.words.clone();
        if let (Some(epochs), false) = (self.epochs, share == Share::WHOLE) {
            words.retain(|word| !word.starts_with("--epochs="));
            words.push(format!("--epochs={}", (epochs / share.divisor).max(1)));
        }
        words.push(format!("--seed={seed}"));
        let flags = parsed(&words, &self.name())?;
        Ok((flags, words))
    }
}

/// A model with the flags that it is trained by, as people see them.
pub(super) fn described(model: &str, words: &[String]) -> String {
    let settings = words
        .iter()
        .map(|word| word.trim_start_matches("--").replacen('=', " ", 1));
    let parts: Vec<String> = std::iter::once(model.to_owned()).chain(settings).collect();
    parts.join(", ")
}

/// The part of a candidate's epochs that a round has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Share {
    divisor: usize,
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

/// All combinations of a model and one of the alternatives on every axis, the last axis fastest.
pub(super) fn grid(models: &[String], axes: &[Vec<Vec<String>>]) -> Vec<(String, Vec<String>)> {
    let mut all: Vec<(String, Vec<String>)> = models.iter().map(|model| (model.clone(), Vec::new())).collect();
    for axis in axes {
        all = all
            .into_iter()
            .flat_map(|(model, words)| {
                axis.iter().map(move |more| {
                    let mut words = words.clone();
                    words.extend(more.iter().cloned());
                    (model.clone(), words)
                })
            })
            .collect();
    }
    all
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
    fn a_grid_has_every_combination_once() {
        let axis = |name: &str, values: &[&str]| values.iter().map(|value| vec![format!("--{name}={value}")]).collect();
        let axes: [Vec<Vec<String>>; 2] = [axis("lr", &["1", "2"]), axis("window", &["7", "8", "9"])];
        let all = grid(&["a".into(), "b".into()], &axes);
        assert_eq!(all.len(), 12);
        assert_eq!(all[1], ("a".into(), vec!["--lr=1".into(), "--window=8".into()]));
        assert_eq!(all[11], ("b".into(), vec!["--lr=2".into(), "--window=9".into()]));
    }

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
