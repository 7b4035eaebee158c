//! Every model against every other.

use super::holm::holm_adjusted;
use super::paired::{PairedComparison, Pairing, Verdict};
use super::ranks::midranks;
use super::sample::check;
use crate::metrics::Undefined;
use crate::sums::mean;
use serde::Serialize;

/// One model among the others. Low values (losses) are good.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Standing {
    /// The model.
    pub model: String,
    /// The centre of its values.
    #[serde(serialize_with = "super::digits::serialize")]
    pub center: f64,
    /// The mean of its ranks among all models, 1 for the lowest value, ties sharing theirs.
    #[serde(serialize_with = "super::digits::serialize")]
    pub mean_rank: f64,
    /// Models that it is better than: those against which the interval of the difference lies below zero.
    pub better_than: Vec<String>,
}

/// Two of the models.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Pair {
    /// The one.
    pub left: String,
    /// The other.
    pub right: String,
    /// How they compare.
    #[serde(flatten)]
    pub comparison: PairedComparison,
    /// The p-value of the test, adjusted by Holm for all pairs that have one.
    #[serde(serialize_with = "optional")]
    pub adjusted_p: Option<f64>,
}

fn optional<S: serde::Serializer>(value: &Option<f64>, serializer: S) -> Result<S::Ok, S::Error> {
    value.map(super::six_digits).serialize(serializer)
}

/// A table of wins: every model against every other, over the same units (seeds, series or cutoffs).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Pairwise {
    /// The models, the lowest mean rank first.
    pub standings: Vec<Standing>,
    /// All pairs, in the order in which the models were given.
    pub pairs: Vec<Pair>,
    /// Models that are left out, and why.
    pub left_out: Vec<(String, Undefined)>,
}

impl Pairwise {
    /// Compares the models' values, one per unit each. A model with a value that is not finite is left out.
    ///
    /// # Errors
    /// If there are no units, the models have different numbers of them, or the settings of the bootstrap make no sense.
    pub fn new(results: &[(&str, &[f64])], pairing: &Pairing) -> Result<Self, Undefined> {
        let (mut kept, mut left_out) = (Vec::new(), Vec::new());
        for (model, values) in results {
            match check(values, 1) {
                Ok(()) => kept.push((*model, *values)),
                Err(reason @ Undefined::NotFinite { .. }) => left_out.push((model.to_string(), reason)),
                Err(reason) => return Err(reason),
            }
        }
        let mut pairs = Vec::new();
        for (index, (left, left_values)) in kept.iter().enumerate() {
            for (right, right_values) in &kept[index + 1..] {
                pairs.push(Pair {
                    left: left.to_string(),
                    right: right.to_string(),
                    comparison: PairedComparison::new(left_values, right_values, pairing)?,
                    adjusted_p: None,
                });
            }
        }
        let p_values: Vec<f64> = pairs
            .iter()
            .filter_map(|pair| pair.comparison.test)
            .map(|test| test.p_value)
            .collect();
        let mut adjusted = holm_adjusted(&p_values)?.into_iter();
        for pair in &mut pairs {
            pair.adjusted_p = pair.comparison.test.and_then(|_| adjusted.next());
        }
        Ok(Self {
            standings: standings(&kept, &pairs, pairing),
            pairs,
            left_out,
        })
    }
}

fn standings(kept: &[(&str, &[f64])], pairs: &[Pair], pairing: &Pairing) -> Vec<Standing> {
    let units = kept.first().map_or(0, |(_, values)| values.len());
    let ranks: Vec<Vec<f64>> = (0..units)
        .map(|unit| midranks(&kept.iter().map(|(_, values)| values[unit]).collect::<Vec<f64>>()).0)
        .collect();
    let mut standings: Vec<Standing> = kept
        .iter()
        .enumerate()
        .map(|(index, (model, values))| {
            let wins = pairs.iter().filter_map(|pair| match pair.comparison.verdict {
                Verdict::Lower if pair.left == *model => Some(pair.right.clone()),
                Verdict::Higher if pair.right == *model => Some(pair.left.clone()),
                _ => None,
            });
            Standing {
                model: model.to_string(),
                center: pairing.location.of(values),
                mean_rank: mean(&ranks.iter().map(|ranks| ranks[index]).collect::<Vec<f64>>()),
                better_than: wins.collect(),
            }
        })
        .collect();
    standings.sort_by(|left, right| left.mean_rank.total_cmp(&right.mean_rank));
    standings
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn wins_need_an_interval_without_zero() {
        let base: Vec<f64> = (0..12).map(|unit| 5.0 + f64::from(unit % 5)).collect();
        let good: Vec<f64> = base
            .iter()
            .enumerate()
            .map(|(unit, value)| value - 1.0 - unit as f64 / 50.0)
            .collect();
        let same: Vec<f64> = base
            .iter()
            .enumerate()
            .map(|(unit, value)| value + [0.1, -0.1][unit % 2] * (unit + 1) as f64)
            .collect();
        let diverged = [f64::NAN; 12];
        let models: [(&str, &[f64]); 4] = [
            ("base", &base),
            ("diverged", &diverged),
            ("good", &good),
            ("same", &same),
        ];
        let table = Pairwise::new(&models, &Pairing::default()).unwrap();
        let wins: Vec<(&str, usize)> = table
            .standings
            .iter()
            .map(|standing| (standing.model.as_str(), standing.better_than.len()))
            .collect();
        assert_eq!(wins[0], ("good", 2));
        assert_eq!(wins[1..].iter().map(|(_, wins)| wins).sum::<usize>(), 0);
        assert_eq!(
            table.left_out,
            [("diverged".to_owned(), Undefined::NotFinite { index: 0 })]
        );
        let adjusted: Vec<bool> = table
            .pairs
            .iter()
            .map(|pair| pair.adjusted_p.unwrap() >= pair.comparison.test.unwrap().p_value)
            .collect();
        assert_eq!(adjusted, [true; 3]);
        let ranks: f64 = table.standings.iter().map(|standing| standing.mean_rank).sum();
        assert!((ranks - 6.0).abs() < 1e-12);
    }
}
