//! What a backtest does, from its flags and its data.

use recurra_evaluation::backtest::{Backtest, Calibration, Refit};
use recurra_evaluation::metrics::Level;
use recurra_series::Series;

use super::Arguments;
use crate::dataset::Dataset;
use crate::failure::Failure;
use crate::model_flags::{count, distinct};

/// Errors that intervals are made from, where there are as many.
const USUAL_ERRORS: usize = 99;

/// The plan. A season that was found in the values is looked for again before the first cutoff, as what comes later may decide no
/// forecast.
pub(super) fn plan(arguments: &Arguments, dataset: &Dataset) -> Result<Backtest, Failure> {
    let horizon = count("--horizon", arguments.horizon)?;
    let folds = count("--folds", arguments.folds)?;
    let step = count("--step", arguments.step.unwrap_or(horizon))?;
    let calibration = if arguments.interval.is_empty() {
        None
    } else {
        let levels = distinct(&arguments.interval);
        let percent = levels
            .iter()
            .map(|level| usize::from(level.percent()))
            .max()
            .unwrap_or(0);
        let needed = percent.div_ceil(100 - percent);
        let shortest = dataset.panel.series.iter().map(Series::len).min().unwrap_or(0);
        // Half of the shortest series is kept to fit on.
        let steps = (shortest / 2).saturating_sub(horizon) / step;
        let spare = (steps + 2).saturating_sub(folds + horizon.div_ceil(step));
        // Where that leaves too few errors, a quarter has to do.
        let taken = (needed + folds + horizon.div_ceil(step) - 2)
            .saturating_mul(step)
            .saturating_add(horizon);
        if spare < needed && shortest.saturating_sub(taken) < shortest.div_ceil(4) {
            let level = levels.iter().max().map_or(0, |level| level.percent());
            return Err(Failure::Input(format!(
                "--interval {level}: {needed} earlier folds are needed to make such an interval from, and the shortest \
                 series ({shortest} values) has room for {spare}; use a smaller --step, fewer --folds or a shorter \
                 --horizon"
            )));
        }
        // Half of the room: every earlier fold is one that the models are not fitted on.
        let errors = exact(&levels, (spare / 2).clamp(needed, USUAL_ERRORS.max(needed)), needed);
        Some(Calibration { levels, errors })
    };
    let plan = Backtest {
        folds,
        step,
        refit: if arguments.refit {
            Refit::EveryFolds(1)
        } else {
            Refit::Never
        },
        calibration,
        season_length: dataset.season,
        ..Backtest::new(horizon)
    };
    Ok(dataset.with_season_before(plan))
}

/// The most errors up to `most`, and not below `needed`, of which no level's rank `(n + 1)·coverage` has to be rounded up: rounding
/// makes intervals wider than they promise, with 23 errors those of 80 % hold 83.3 %. `most` where there is no such number.
fn exact(levels: &[Level], most: usize, needed: usize) -> usize {
    let whole = |errors: &usize| {
        let rank = |level: &Level| (errors + 1) * usize::from(level.percent());
        levels.iter().all(|level| rank(level).is_multiple_of(100))
    };
    (needed..=most).rev().find(whole).unwrap_or(most)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn no_rank_is_rounded_up_where_that_can_be() {
        let both = [Level::EIGHTY, Level::NINETY_FIVE];
        assert_eq!([19, 23, 99].map(|most| exact(&both, most, 19)), [19, 19, 99]);
        assert_eq!([4, 23, 98].map(|most| exact(&both[..1], most, 4)), [4, 19, 94]);
        assert_eq!(exact(&[Level::new(83).unwrap()], 60, 5), 60);
    }
}
