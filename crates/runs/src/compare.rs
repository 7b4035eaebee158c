//! What moved between two sets of results.

use recurra_report::records::Results;
use std::collections::{BTreeMap, BTreeSet};

/// One figure that is not what it was.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Moved {
    /// The experiment, or the baseline.
    pub subject: String,
    /// The seed; `None` for a baseline.
    pub seed: Option<u64>,
    /// The metric's name in `results.json`; for a learning-rate sweep the epoch is part of it.
    pub metric: String,
    /// What it was.
    pub from: Figure,
    /// What it is.
    pub to: Figure,
}

/// A figure of `results.json`.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Figure {
    /// A number.
    Number(f64),
    /// `null`: the run diverged.
    Null,
    /// There is no such run or key.
    Absent,
}

impl Figure {
    /// Whether both have the same bits: −0 is not 0, as it is for `==`.
    fn same(self, other: Self) -> bool {
        match (self, other) {
            (Self::Number(left), Self::Number(right)) => left.to_bits() == right.to_bits(),
            (left, right) => left == right,
        }
    }
}

impl From<Option<f64>> for Figure {
    fn from(value: Option<f64>) -> Self {
        value.map_or(Self::Null, Self::Number)
    }
}

impl std::fmt::Display for Figure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            // The shortest text that reads back as the same bits: a move in the last bit shows.
            Self::Number(value) => write!(f, "{value}"),
            Self::Null => f.write_str("diverged"),
            Self::Absent => f.write_str("absent"),
        }
    }
}

/// The name under which points of a learning-rate sweep stand in [`Moved::subject`].
const RATE_SWEEP: &str = "sweep";

/// Every figure that differs in any bit, in the order of `expected`, then those that `expected` does not have.
#[must_use]
pub fn moved(expected: &Results, actual: &Results) -> Vec<Moved> {
    let (before, after) = (figures(expected), figures(actual));
    let mut found = Vec::new();
    let there: BTreeMap<&Name, Figure> = after.iter().rev().map(|(name, figure)| (name, *figure)).collect();
    let mut seen = BTreeSet::new();
    for (name, from) in &before {
        seen.insert(name);
        let to = there.get(name).copied().unwrap_or(Figure::Absent);
        if !to.same(*from) {
            found.push(name.moved(*from, to));
        }
    }
    for (name, to) in after.iter().filter(|(name, _)| !seen.contains(name)) {
        found.push(name.moved(Figure::Absent, *to));
    }
    found
}

/// What tells one figure from all others.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Name {
    subject: String,
    seed: Option<u64>,
    metric: String,
}

impl Name {
    fn moved(&self, from: Figure, to: Figure) -> Moved {
        Moved {
            subject: self.subject.clone(),
            seed: self.seed,
            metric: self.metric.clone(),
            from,
            to,
        }
    }
}

/// Every figure of `results`, in the order in which they stand there.
fn figures(results: &Results) -> Vec<(Name, Figure)> {
    let mut all = Vec::new();
    let mut push = |subject: &str, seed: Option<u64>, metric: &str, figure: Figure| {
        all.push((
            Name {
                subject: subject.into(),
                seed,
                metric: metric.into(),
            },
            figure,
        ));
    };
    for run in &results.runs {
        let metrics = [
            ("epochs", Figure::Number(run.epochs as f64)),
            ("parameters", Figure::Number(run.parameters as f64)),
            ("val_mae", run.val_mae.into()),
            ("val_mse", run.val_mse.into()),
            ("val_bias", run.val_bias.into()),
            ("train_mae", run.train_mae.into()),
            ("final_loss", run.final_loss.into()),
            (
                "diverged.epoch",
                run.diverged
                    .map_or(Figure::Absent, |diverged| Figure::Number(diverged.epoch as f64)),
            ),
        ];
        for (metric, figure) in metrics {
            push(&run.experiment, Some(run.seed), metric, figure);
        }
    }
    for point in &results.rate_sweep {
        push(
            RATE_SWEEP,
            Some(point.seed),
            &format!("lr, epoch {}", point.epoch),
            Figure::Number(point.lr),
        );
        push(
            RATE_SWEEP,
            Some(point.seed),
            &format!("loss, epoch {}", point.epoch),
            point.loss.into(),
        );
    }
    for (name, errors) in &results.baselines {
        for (metric, value) in [("mae", errors.mae), ("mse", errors.mse), ("bias", errors.bias)] {
            push(name, None, metric, Figure::Number(value));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use recurra_report::records::{Baseline, Divergence, RateSweepPoint, Run};

    fn results() -> Results {
        let run = Run {
            experiment: "rnn-400".into(),
            seed: 51,
            epochs: 400,
            parameters: 4961,
            val_mae: Some(5.5),
            val_mse: Some(50.0),
            val_bias: Some(-1.0),
            train_mae: Some(4.0),
            final_loss: Some(3.5),
            diverged: None,
        };
        Results {
            schema: 1,
            runs: vec![run],
            rate_sweep: vec![RateSweepPoint {
                seed: 51,
                epoch: 0,
                lr: 1e-8,
                loss: Some(30.0),
            }],
            baselines: [(
                "naive".to_string(),
                Baseline {
                    mae: 5.9,
                    mse: 61.8,
                    bias: 0.0,
                },
            )]
            .into(),
            claims: vec![],
            distributions: vec![],
        }
    }

    #[test]
    fn the_same_results_move_nothing() {
        assert_eq!(moved(&results(), &results()), []);
    }

    #[test]
    fn the_last_bit_counts() {
        let mut other = results();
        other.runs[0].val_mae = Some(5.5_f64.next_up());
        let found = moved(&results(), &other);
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].subject.as_str(), found[0].seed, found[0].metric.as_str()),
            ("rnn-400", Some(51), "val_mae")
        );
        assert_ne!(found[0].from.to_string(), found[0].to.to_string());
    }

    #[test]
    fn the_sign_of_zero_counts() {
        let mut other = results();
        let naive = other.baselines.get_mut("naive").unwrap();
        naive.bias = -0.0;
        let found = moved(&results(), &other);
        assert_eq!(
            found
                .iter()
                .map(|row| (row.metric.as_str(), row.to.to_string()))
                .collect::<Vec<_>>(),
            [("bias", "-0".to_string())]
        );
    }

    #[test]
    fn divergence_absence_and_novelty_show() {
        let mut other = results();
        other.runs[0].val_mae = None;
        other.runs[0].diverged = Some(Divergence { epoch: 7 });
        other.rate_sweep.clear();
        let naive = other.baselines.remove("naive").unwrap();
        other.baselines.insert("seasonal-naive".into(), naive);
        let lines: Vec<String> = moved(&results(), &other)
            .iter()
            .map(|row| format!("{} {} {} {}", row.subject, row.metric, row.from, row.to))
            .collect();
        assert_eq!(
            lines,
            [
                "rnn-400 val_mae 5.5 diverged",
                "rnn-400 diverged.epoch absent 7",
                "sweep lr, epoch 0 0.00000001 absent",
                "sweep loss, epoch 0 30 absent",
                "naive mae 5.9 absent",
                "naive mse 61.8 absent",
                "naive bias 0 absent",
                "seasonal-naive mae absent 5.9",
                "seasonal-naive mse absent 61.8",
                "seasonal-naive bias absent 0",
            ]
        );
    }
}
