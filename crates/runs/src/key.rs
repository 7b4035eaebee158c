//! Content keys: two results with one key were computed from the same configuration, data and code.

use crate::{digest::digest_json, experiment::ExperimentKind, recipe::Recipe, split_series::SplitSeries};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Digest of the training path's sources and `Cargo.lock`, taken when this crate was built.
pub const CODE_DIGEST: &str = env!("RECURRA_CODE_DIGEST");

/// SHA-256, in hexadecimal, of everything that decides a result: recipe, seed, series and code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Key(String);

/// What a key is the digest of, in this order, as JSON.
#[derive(Serialize)]
struct Content<'a> {
    kind: ExperimentKind,
    recipe: &'a Recipe,
    seed: u64,
    split: usize,
    data: &'a str,
    code: &'a str,
}

impl Key {
    /// The key of what an experiment of `kind` yields when trained by `recipe` from `seed` on `data` with this build's
    /// code.
    #[must_use]
    pub fn new(kind: ExperimentKind, recipe: &Recipe, seed: u64, data: &SplitSeries) -> Self {
        Self::with_code(kind, recipe, seed, data, CODE_DIGEST)
    }

    /// The key of what follows from `content` (by its JSON) and this build's code.
    #[must_use]
    pub fn of(content: &impl Serialize) -> Self {
        Self(digest_json(&(content, CODE_DIGEST)))
    }

    fn with_code(kind: ExperimentKind, recipe: &Recipe, seed: u64, data: &SplitSeries, code: &str) -> Self {
        let content = Content {
            kind,
            recipe,
            seed,
            split: data.split,
            data: &data.digest,
            code,
        };
        Self(digest_json(&content))
    }

    /// The first 64 bits of a digest in hexadecimal; 0 for a text that is none.
    pub(crate) fn leading_bits(digest: &str) -> u64 {
        digest
            .get(..16)
            .and_then(|digits| u64::from_str_radix(digits, 16).ok())
            .unwrap_or(0)
    }

    /// The first 16 digits: enough to tell the files of one folder apart.
    #[must_use]
    pub fn short(&self) -> &str {
        self.0.get(..16).unwrap_or(&self.0)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use recurra_training::Loss;

    fn recipe() -> Recipe {
        Recipe {
            epochs: 2,
            ..Recipe::sample()
        }
    }

    #[test]
    fn whatever_decides_a_result_decides_its_key() {
        let data = SplitSeries::new(vec![1.0, 2.0, 3.0], 2);
        let keys = [
            Key::with_code(ExperimentKind::Forecast, &recipe(), 51, &data, "code"),
            Key::with_code(ExperimentKind::RateSweep, &recipe(), 51, &data, "code"),
            Key::with_code(ExperimentKind::Forecast, &recipe(), 52, &data, "code"),
            Key::with_code(ExperimentKind::Forecast, &recipe(), 51, &data, "other code"),
            Key::with_code(
                ExperimentKind::Forecast,
                &recipe(),
                51,
                &SplitSeries::new(vec![1.0, 2.0, 3.5], 2),
                "code",
            ),
            Key::with_code(
                ExperimentKind::Forecast,
                &recipe(),
                51,
                &SplitSeries::new(vec![1.0, 2.0, 3.0], 1),
                "code",
            ),
            Key::with_code(
                ExperimentKind::Forecast,
                &Recipe { epochs: 3, ..recipe() },
                51,
                &data,
                "code",
            ),
            Key::with_code(
                ExperimentKind::Forecast,
                &Recipe {
                    loss: Loss::MeanSquaredError,
                    ..recipe()
                },
                51,
                &data,
                "code",
            ),
        ];
        let distinct: std::collections::BTreeSet<_> = keys.iter().collect();
        assert_eq!(distinct.len(), keys.len());
        assert_eq!(
            keys[0],
            Key::with_code(
                ExperimentKind::Forecast,
                &recipe(),
                51,
                &SplitSeries::new(vec![1.0, 2.0, 3.0], 2),
                "code"
            )
        );
    }

    #[test]
    fn the_code_digest_was_taken_from_the_workspace() {
        assert_eq!(CODE_DIGEST.len(), 64, "{CODE_DIGEST}");
    }
}
