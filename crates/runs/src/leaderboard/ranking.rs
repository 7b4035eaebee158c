//! How the models of a leaderboard stand over all its data sets.

use crate::error::RunError;
use recurra_evaluation::Forecaster;
use recurra_evaluation::baselines::Naive;
use recurra_evaluation::metrics::Undefined;
use recurra_evaluation::statistics::{
    PairedComparison, Pairing, Pairwise, Verdict, friedman, median, nemenyi_critical_difference,
};
use recurra_report::leaderboard::{self, BesideNaive, Board, Friedman, Ranked, Ranking};

/// The confidence of the critical difference.
const CONFIDENCE: f64 = 0.95;

/// Ranks the models by MASE. A model without a MASE on a data set ranks last there.
///
/// # Errors
/// If there are fewer than two data sets, or the models cannot be told apart.
pub fn ranking(board: &Board) -> Result<Ranking, RunError> {
    let undefined = |reason: Undefined| RunError::Statistic {
        message: reason.to_string(),
    };
    let mut names: Vec<(&str, bool)> = Vec::new();
    for score in &board.scores {
        if !names.iter().any(|(name, _)| *name == score.model) {
            names.push((&score.model, score.seed.is_some()));
        }
    }
    // By model, then data set: the median over seeds, nothing if one seed has none.
    let table: Vec<Vec<Option<f64>>> = names
        .iter()
        .map(|(model, _)| {
            let of_set = |set: &recurra_report::leaderboard::DataSet| {
                let values: Option<Vec<f64>> = board.of(&set.name, model).map(|score| score.mase).collect();
                median(&values?).ok()
            };
            board.sets.iter().map(of_set).collect()
        })
        .collect();
    let ranked: Vec<Vec<f64>> = table
        .iter()
        .map(|row| row.iter().map(|value| value.unwrap_or(f64::MAX)).collect())
        .collect();
    let borrowed: Vec<&[f64]> = ranked.iter().map(Vec::as_slice).collect();
    let test = friedman(&borrowed).map_err(undefined)?;
    let critical = nemenyi_critical_difference(names.len(), board.sets.len(), CONFIDENCE).map_err(undefined)?;

    // Only models with a value everywhere can be compared by size.
    let complete: Vec<(&str, Vec<f64>)> = names
        .iter()
        .zip(&table)
        .filter_map(|((name, _), row)| Some((*name, row.iter().copied().collect::<Option<Vec<f64>>>()?)))
        .collect();
    let complete: Vec<(&str, &[f64])> = complete.iter().map(|(name, row)| (*name, row.as_slice())).collect();
    let pairwise = Pairwise::new(&complete, &Pairing::default()).map_err(undefined)?;
    let better_than = |model: &str| {
        let found = pairwise.standings.iter().find(|standing| standing.model == model);
        found.map_or(0, |standing| standing.better_than.len())
    };

    let naive_name = Naive.name().to_owned();
    let naive = names
        .iter()
        .position(|(name, _)| *name == naive_name)
        .map(|at| &table[at]);
    let mut models: Vec<Ranked> = Vec::with_capacity(names.len());
    for (((model, network), row), mean_rank) in names.iter().zip(&table).zip(&test.mean_ranks) {
        let both: Vec<(f64, f64)> = match naive {
            Some(naive) => row
                .iter()
                .zip(naive)
                .filter_map(|(own, naive)| Some(((*own)?, (*naive)?)))
                .collect(),
            None => Vec::new(),
        };
        let (own, other): (Vec<f64>, Vec<f64>) = both.iter().copied().unzip();
        let comparison = (*model != naive_name && !own.is_empty())
            .then(|| PairedComparison::new(&own, &other, &Pairing::default()))
            .transpose()
            .map_err(undefined)?;
        models.push(Ranked {
            model: (*model).to_owned(),
            network: *network,
            mean_rank: *mean_rank,
            mase: row.clone(),
            beside_naive: comparison.map(|found| BesideNaive {
                sets: both.len(),
                wins: both.iter().filter(|(own, naive)| own < naive).count(),
                difference: found.difference.value,
                lower: found.difference.interval.lower,
                upper: found.difference.interval.upper,
                verdict: match found.verdict {
                    Verdict::Lower => leaderboard::Verdict::Better,
                    Verdict::Higher => leaderboard::Verdict::Worse,
                    Verdict::Undecided => leaderboard::Verdict::NotShownToDiffer,
                },
            }),
            better_than: better_than(model),
        });
    }
    models.sort_by(|left, right| left.mean_rank.total_cmp(&right.mean_rank));
    Ok(Ranking {
        models,
        sets: board.sets.len(),
        friedman: Friedman {
            chi_squared: test.chi_squared,
            p_value: test.p_value,
            iman_davenport_p_value: test.iman_davenport_p_value,
        },
        critical_difference: critical,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use recurra_report::leaderboard::{DataSet, Score};

    /// A model, its seed, and its MASE on eight data sets.
    type Row = (&'static str, Option<u64>, [Option<f64>; 8]);

    fn board(values: &[Row]) -> Board {
        let set = |index: usize| DataSet {
            name: format!("set {index}"),
            title: String::new(),
            series: 1,
            points: 9,
            horizon: 1,
            folds: 1,
            step: 1,
            season: 1,
            window: 1,
            difference: 0,
        };
        let scores = (0..8).flat_map(|index| {
            values.iter().map(move |(model, seed, mase)| Score {
                set: format!("set {index}"),
                model: (*model).to_owned(),
                seed: *seed,
                count: 1,
                mase: mase[index],
                rmsse: None,
                coverage: Vec::new(),
                undefined: None,
            })
        });
        Board {
            schema: 1,
            sets: (0..8).map(set).collect(),
            scores: scores.collect(),
        }
    }

    #[test]
    fn models_rank_by_the_median_of_their_seeds_and_last_where_they_have_no_value() {
        let naive = [1.0, 1.1, 1.2, 1.0, 1.3, 1.0, 1.1, 1.2].map(Some);
        let good = naive.map(|value| value.map(|value| value * 0.8));
        let lucky = naive.map(|value| value.map(|value| value * 0.1));
        let mut short = good.map(|value| value.map(|value| value * 0.5));
        short[3] = None;
        let board = board(&[
            ("naive", None, naive),
            ("net", Some(1), good),
            ("net", Some(2), good),
            ("net", Some(3), lucky),
            ("short", None, short),
        ]);
        let ranking = ranking(&board).unwrap();
        let order: Vec<(&str, f64)> = ranking
            .models
            .iter()
            .map(|model| (model.model.as_str(), model.mean_rank))
            .collect();
        assert_eq!(order, [("short", 1.25), ("net", 1.875), ("naive", 2.875)]);
        let net = &ranking.models[1];
        let beside = net.beside_naive.unwrap();
        assert_eq!(
            (net.mase[0], beside.wins, beside.sets, beside.verdict),
            (good[0], 8, 8, leaderboard::Verdict::Better)
        );
        assert_eq!((net.network, net.better_than), (true, 1));
        let short = ranking.models[0].beside_naive.unwrap();
        assert_eq!((short.wins, short.sets), (7, 7));
        assert_eq!(ranking.models[2].beside_naive, None);
    }
}
