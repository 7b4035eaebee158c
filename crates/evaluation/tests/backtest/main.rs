//! Backtests: no leaks, no dependence on threads, failures that stay where they are.
#![allow(clippy::unwrap_used)]

mod answers;
mod comparison;
mod folds;
mod gaps;
mod intervals;
mod observed;
mod output;
mod pieces;
mod planted;

use recurra_evaluation::Forecaster;
use recurra_evaluation::backtest::{Backtest, BacktestResult};
use recurra_evaluation::baselines::{
    Autoregression, Drift, ExponentialSmoothing, Naive, SeasonLength, SeasonalDifference, SeasonalMean, SeasonalNaive,
    Theta, TrailingMean,
};
use recurra_series::{RandomState, Series};

const SEASON: SeasonLength = SeasonLength::Given(7);

fn models() -> Vec<Box<dyn Forecaster>> {
    vec![
        Box::new(Naive),
        Box::new(SeasonalNaive {
            season_length: SeasonLength::Inferred,
        }),
        Box::new(Drift),
        Box::new(TrailingMean::default()),
        Box::new(SeasonalDifference {
            season_length: 7,
            smoothing: 3,
            trailing: 10,
        }),
        Box::new(SeasonalMean {
            season_length: 7,
            seasons: 2,
            smoothing: 1,
            trailing: 10,
        }),
        Box::new(ExponentialSmoothing { season_length: SEASON }),
        Box::new(Theta { season_length: SEASON }),
        Box::new(Autoregression::new(10)),
    ]
}

fn run(plan: &Backtest, models: &[Box<dyn Forecaster>], panel: &[Series]) -> BacktestResult {
    let models: Vec<&dyn Forecaster> = models.iter().map(AsRef::as_ref).collect();
    plan.run(&models, panel).unwrap()
}

fn weekly(name: &str, seed: u32, length: usize) -> Series {
    let draws = RandomState::new(seed).randn(length);
    let value = |(day, draw): (usize, &f64)| 20.0 + [3.0, 1.0, 0.0, 0.0, 2.0, 6.0, 7.0][day % 7] + draw;
    Series::from_values(draws.iter().enumerate().map(value).collect())
        .unwrap()
        .with_unique_id(name)
}
