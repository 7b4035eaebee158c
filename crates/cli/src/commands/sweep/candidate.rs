//! One combination of a model and its settings.

use recurra_zoo::Registry;

use super::flags::parsed;
use super::search::Share;
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
}
