//! A share of a plan, for one of several machines. Neutral to the engine that starts them.

use crate::{digest::digest_json, key::Key, plan::Plan};
use std::{fmt, str::FromStr};

/// One of `count` shares of a plan. All shares together are the plan, and no cell is in two of them. Cells of one training
/// (see [`Plan::trainings`]) stay together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Partition {
    scheme: Scheme,
    /// Counted from 1.
    index: usize,
    count: usize,
}

/// How trainings are dealt out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scheme {
    /// In turn: every `count`-th training of the plan. The shares are as even as can be.
    Slice,
    /// By a digest of the training: its share stays the same when the plan grows.
    Hash,
}

/// Why a text is no partition.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PartitionError {
    /// Another form.
    #[error("`{text}` is no partition: write slice:2/8, hash:2/8 (the second of eight), slice:auto or slice:auto/8")]
    Form {
        /// What was given.
        text: String,
    },
    /// An index outside the count.
    #[error("partition {index} of {count} does not exist: the index goes from 1 to the count")]
    Range {
        /// The index.
        index: usize,
        /// The count.
        count: usize,
    },
    /// `auto` where no array job says which element this is.
    #[error("`auto` needs {} in the environment; write the index instead, as in slice:2/8", names.join(" or "))]
    NoIndex {
        /// The variables that were looked for.
        names: Vec<&'static str>,
    },
    /// `auto` without a count where the environment does not say it.
    #[error("the environment does not say how many elements the job has: write the count, as in slice:auto/8")]
    NoCount,
    /// A variable that is no number.
    #[error("the environment variable {name} is `{value}`, which is no number")]
    Variable {
        /// The variable.
        name: &'static str,
        /// Its value.
        value: String,
    },
}

/// The element of a Slurm array job, counted from [`SLURM_FIRST`].
const SLURM_INDEX: &str = "SLURM_ARRAY_TASK_ID";
const SLURM_FIRST: &str = "SLURM_ARRAY_TASK_MIN";
const SLURM_COUNT: &str = "SLURM_ARRAY_TASK_COUNT";
/// The element of a Kubernetes Indexed Job, counted from 0.
const KUBERNETES_INDEX: &str = "JOB_COMPLETION_INDEX";

impl Partition {
    /// The whole plan.
    pub const WHOLE: Self = Self {
        scheme: Scheme::Slice,
        index: 1,
        count: 1,
    };

    /// Whether this is the whole plan.
    #[must_use]
    pub fn is_whole(self) -> bool {
        self.count == 1
    }

    /// Whether this share has the run of this number in the plan and with this key.
    #[must_use]
    pub fn takes(self, number: usize, key: &Key) -> bool {
        self.holds(number, || Key::leading_bits(&key.to_string()))
    }

    fn holds(self, number: usize, bits: impl FnOnce() -> u64) -> bool {
        let place = match self.scheme {
            Scheme::Slice => number % self.count,
            Scheme::Hash => bits() as usize % self.count,
        };
        place == self.index - 1
    }

    /// Reads `slice:2/8`, `hash:2/8`, `slice:auto` or `slice:auto/8`; `variable` looks up an environment variable.
    ///
    /// # Errors
    /// If the text has another form, the index is out of range, or `auto` finds no index or no count.
    pub fn parse(text: &str, variable: impl Fn(&str) -> Option<String>) -> Result<Self, PartitionError> {
        let form = || PartitionError::Form { text: text.to_string() };
        let (scheme, rest) = text.split_once(':').ok_or_else(form)?;
        let scheme = match scheme {
            "slice" => Scheme::Slice,
            "hash" => Scheme::Hash,
            _ => return Err(form()),
        };
        let (index, count) = match rest.split_once('/') {
            Some((index, count)) => (index, Some(count.parse().map_err(|_| form())?)),
            None => (rest, None),
        };
        let (index, count) = match (index, count) {
            ("auto", count) => automatic(count, variable)?,
            (index, Some(count)) => (index.parse().map_err(|_| form())?, count),
            (_, None) => return Err(form()),
        };
        if index == 0 || index > count {
            return Err(PartitionError::Range { index, count });
        }
        Ok(Self { scheme, index, count })
    }
}

/// Index and count from the environment of an array job.
fn automatic(
    count: Option<usize>,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<(usize, usize), PartitionError> {
    let number = |name: &'static str| match variable(name) {
        None => Ok(None),
        Some(value) => match value.trim().parse::<usize>() {
            Ok(number) => Ok(Some(number)),
            Err(_) => Err(PartitionError::Variable { name, value }),
        },
    };
    let slurm = number(SLURM_INDEX)?;
    let from_zero = match slurm {
        Some(index) => Some(index.saturating_sub(number(SLURM_FIRST)?.unwrap_or(0))),
        None => number(KUBERNETES_INDEX)?,
    };
    let no_index = || PartitionError::NoIndex {
        names: vec![SLURM_INDEX, KUBERNETES_INDEX],
    };
    let index = from_zero.ok_or_else(no_index)? + 1;
    let count = match count {
        Some(count) => count,
        None if slurm.is_some() => number(SLURM_COUNT)?.ok_or(PartitionError::NoCount)?,
        None => return Err(PartitionError::NoCount),
    };
    Ok((index, count))
}

impl FromStr for Partition {
    type Err = PartitionError;

    fn from_str(text: &str) -> Result<Self, PartitionError> {
        Self::parse(text, |name| std::env::var(name).ok())
    }
}

impl fmt::Display for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = match self.scheme {
            Scheme::Slice => "slice",
            Scheme::Hash => "hash",
        };
        write!(f, "{scheme}:{}/{}", self.index, self.count)
    }
}

impl Plan {
    /// The cells of this plan that belong to `partition`, in their order.
    #[must_use]
    pub fn share(&self, partition: Partition) -> Self {
        let all: Vec<usize> = (0..self.cells.len()).collect();
        let mut mine: Vec<usize> = Vec::new();
        for (number, training) in self.trainings(&all).into_iter().enumerate() {
            let bits = || {
                let cell = &self.cells[training.cells[0]];
                // Whatever its epochs, a training belongs to one share.
                Key::leading_bits(&digest_json(&(&cell.recipe.endless(), cell.seed)))
            };
            if partition.holds(number, bits) {
                mine.extend(training.cells);
            }
        }
        mine.sort_unstable();
        Self {
            cells: mine.into_iter().map(|index| self.cells[index].clone()).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::{matrix::Matrix, split_series::SplitSeries};

    fn whole() -> Plan {
        let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../xtask/matrix.toml")).unwrap();
        let matrix = Matrix::parse(&text).unwrap();
        let experiments = matrix.select(&[]).unwrap();
        Plan::new(
            &experiments,
            &crate::default_seeds(7),
            &SplitSeries::new(vec![1.0, 2.0, 3.0], 2),
        )
    }

    #[test]
    fn the_shares_are_the_plan_and_keep_trainings_together() {
        let plan = whole();
        for scheme in ["slice", "hash"] {
            for count in [1, 2, 3, 4, 8, 100] {
                let shares: Vec<Plan> = (1..=count)
                    .map(|index| plan.share(format!("{scheme}:{index}/{count}").parse().unwrap()))
                    .collect();
                let mut names: Vec<String> = shares
                    .iter()
                    .flat_map(|share| share.cells.iter().map(|cell| cell.label()))
                    .collect();
                names.sort();
                let mut expected: Vec<String> = plan.cells.iter().map(|cell| cell.label()).collect();
                expected.sort();
                assert_eq!(names, expected, "{scheme}, {count} shares");
                for share in &shares {
                    let of = |id: &str| {
                        let cells = share.cells.iter().filter(|cell| cell.experiment == id);
                        cells.map(|cell| cell.seed).collect::<Vec<u64>>()
                    };
                    assert_eq!(of("rnn-400"), of("rnn-500"));
                }
            }
        }
        let sizes: Vec<usize> = (1..=8)
            .map(|index| plan.share(format!("slice:{index}/8").parse().unwrap()).cells.len())
            .collect();
        assert!(sizes.iter().all(|size| (4..=7).contains(size)), "{sizes:?}");
    }

    #[test]
    fn a_hashed_share_stays_when_the_plan_grows() {
        let plan = whole();
        let fewer = Plan {
            cells: plan
                .cells
                .iter()
                .filter(|cell| cell.experiment != "rnn-400")
                .cloned()
                .collect(),
        };
        let labels = |plan: &Plan| plan.cells.iter().map(|cell| cell.label()).collect::<Vec<_>>();
        let partition: Partition = "hash:2/3".parse().unwrap();
        let mut grown = labels(&plan.share(partition));
        grown.retain(|label| !label.starts_with("rnn-400"));
        assert_eq!(grown, labels(&fewer.share(partition)));
    }

    #[test]
    fn auto_reads_slurm_and_kubernetes() {
        let parse = |text: &str, pairs: &[(&str, &str)]| {
            Partition::parse(text, |name| {
                pairs.iter().find(|pair| pair.0 == name).map(|pair| pair.1.to_string())
            })
            .map(|partition| partition.to_string())
            .map_err(|error| error.to_string())
        };
        let slurm = [
            ("SLURM_ARRAY_TASK_ID", "12"),
            ("SLURM_ARRAY_TASK_MIN", "10"),
            ("SLURM_ARRAY_TASK_COUNT", "4"),
        ];
        assert_eq!(parse("slice:auto", &slurm), Ok("slice:3/4".into()));
        assert_eq!(parse("hash:auto/8", &slurm), Ok("hash:3/8".into()));
        assert_eq!(
            parse("slice:auto/8", &[("JOB_COMPLETION_INDEX", "0")]),
            Ok("slice:1/8".into())
        );
        assert!(
            parse("slice:auto", &[("JOB_COMPLETION_INDEX", "0")])
                .unwrap_err()
                .contains("slice:auto/8")
        );
        assert!(parse("slice:auto/8", &[]).unwrap_err().contains("JOB_COMPLETION_INDEX"));
        assert!(
            parse("slice:auto/8", &[("JOB_COMPLETION_INDEX", "x")])
                .unwrap_err()
                .contains("`x`")
        );
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "slice",
            "slice:",
            "slice:2",
            "slice:2/",
            "slice:a/8",
            "block:1/2",
            "slice:0/4",
            "slice:5/4",
        ] {
            assert!(text.parse::<Partition>().is_err(), "{text}");
        }
    }
}
