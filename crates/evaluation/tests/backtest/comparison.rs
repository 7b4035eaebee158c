//! Which models of a panel are better.

use super::{SEASON, weekly};
use recurra_evaluation::backtest::{Backtest, Grouping, Loss};
use recurra_evaluation::baselines::{Naive, SeasonalNaive};
use recurra_evaluation::metrics::Metric;
use recurra_evaluation::statistics::{Bootstrap, Verdict};
use recurra_evaluation::{FitError, FittedForecaster, ForecastError, Forecaster, History, Training};
use recurra_series::Series;

#[test]
fn the_series_of_a_panel_are_compared_by_scaled_losses() {
    let panel: Vec<Series> = (0..12)
        .map(|seed| weekly(&format!("series {seed}"), seed, 90))
        .collect();
    let plan = Backtest {
        folds: 3,
        ..Backtest::new(7)
    };
    let model = SeasonalNaive { season_length: SEASON };
    let result = plan.run(&[&model], &panel).unwrap();
    let comparison = result.compare(Loss::Squared, &Bootstrap::default()).unwrap();
    let pair = &comparison.pairs[0];
    assert_eq!((pair.left.as_str(), pair.comparison.count), ("naive", 12));
    let rmsse = result.scores(Metric::Rmsse, Grouping::Series);
    let mean = rmsse[..12]
        .iter()
        .map(|score| score.value.unwrap().powi(2))
        .sum::<f64>()
        / 12.0;
    let naive = comparison
        .standings
        .iter()
        .find(|standing| standing.model == "naive")
        .unwrap();
    assert!((naive.center - mean).abs() < 1e-12);
    assert_eq!(pair.comparison.verdict, Verdict::Higher);
}

/// Several steps of one cutoff are one unit: their mean loss.
#[test]
fn the_cutoffs_of_a_single_series_are_compared_by_the_mean_loss_of_their_steps() {
    let plan = Backtest {
        folds: 9,
        step: 2,
        ..Backtest::new(4)
    };
    let model = SeasonalNaive { season_length: SEASON };
    let result = plan.run(&[&model], &[weekly("north", 5, 80)]).unwrap();
    let comparison = result.compare(Loss::Absolute, &Bootstrap::default()).unwrap();
    assert_eq!(comparison.pairs[0].comparison.count, 9);
    let differences: Vec<f64> = (0..9)
        .map(|fold| {
            let of = |model: &str| -> f64 {
                let rows = result.table.rows.iter().filter(|row| &*row.model == model);
                rows.skip(4 * fold)
                    .take(4)
                    .map(|row| (row.yhat - row.y).abs())
                    .sum::<f64>()
                    / 4.0
            };
            of("naive") - of("seasonal-naive")
        })
        .collect();
    let found = comparison.pairs[0].comparison.difference.value;
    assert!((found - differences.iter().sum::<f64>() / 9.0).abs() < 1e-12, "{found}");
}

/// The naive forecast, where the last value is not above a hundred.
#[derive(Debug)]
struct Cautious;

impl Forecaster for Cautious {
    fn name(&self) -> &str {
        "cautious"
    }

    fn fit(&self, _training: &Training<'_>) -> Result<Box<dyn FittedForecaster>, FitError> {
        Ok(Box::new(Self))
    }
}

impl FittedForecaster for Cautious {
    fn name(&self) -> &str {
        "cautious"
    }

    fn forecast(&self, history: &History<'_>, horizon: usize) -> Result<Vec<f64>, ForecastError> {
        let last = *history.values().last().unwrap();
        if last > 100.0 {
            return Err(ForecastError::Horizon {
                model: "cautious".to_owned(),
                most: 0,
                asked: horizon,
            });
        }
        Ok(vec![last; horizon])
    }
}

#[test]
fn models_are_compared_over_the_forecasts_that_all_of_them_made() {
    // Every series ends with a jump, and the cautious model makes no forecast behind it: its mean would be the lower one
    // although both forecast the same wherever both do.
    let panel: Vec<Series> = (0..12)
        .map(|seed| {
            let mut values = weekly("", seed, 60).values().to_vec();
            values[58] = 1_000.0;
            Series::from_values(values)
                .unwrap()
                .with_unique_id(format!("series {seed}"))
        })
        .collect();
    for series in [&panel[..], &panel[..1]] {
        let plan = Backtest {
            folds: 30,
            ..Backtest::new(1)
        };
        let result = plan.run(&[&Naive, &Cautious], series).unwrap();
        assert_eq!(result.failures.len(), series.len());
        let comparison = result.compare(Loss::Absolute, &Bootstrap::default()).unwrap();
        let pair = &comparison.pairs[0].comparison;
        assert_eq!(pair.count, if series.len() == 1 { 29 } else { 12 });
        assert_eq!((pair.difference.value, pair.verdict), (0.0, Verdict::Undecided));
    }
}
