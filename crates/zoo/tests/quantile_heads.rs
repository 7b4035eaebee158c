//! Networks that forecast quantiles.

#![allow(clippy::unwrap_used)]

use recurra_evaluation::backtest::{Backtest, Calibration};
use recurra_evaluation::metrics::{Level, Metric};
use recurra_evaluation::{FitError, FittedForecaster, ForecastError, History, Training};
use recurra_series::{RandomState, Series};
use recurra_training::{Loss, Quantiles};
use recurra_zoo::Registry;
use recurra_zoo::forecaster::{FittedNetwork, HeldOutSeries, HoldOut, NetworkForecaster, NetworkSettings, Strategy};

const PROBABILITIES: [f64; 5] = [0.025, 0.1, 0.5, 0.9, 0.975];

/// A weekly pattern under noise whose size follows it too: between 1 and 4.
fn uneven(days: usize) -> Vec<f64> {
    let draws = RandomState::new(12).randn(days);
    let size = |day: usize| 1.0 + (day % 7) as f64 / 2.0;
    let values = draws.iter().enumerate();
    values
        .map(|(day, draw)| 100.0 + 3.0 * (day % 7) as f64 + size(day) * draw)
        .collect()
}

fn settings(change: impl FnOnce(&mut NetworkSettings)) -> NetworkSettings {
    let zoo = Registry::builtin();
    let mut settings = NetworkSettings::of(zoo.find("gru-1x8").unwrap().recipe(), 5);
    settings.window = 14;
    settings.strategy = Strategy::Direct;
    settings.training.epochs = 3;
    settings.training.loss = Loss::Quantiles {
        quantiles: Quantiles::new(&PROBABILITIES).unwrap(),
    };
    change(&mut settings);
    settings
}

fn fit(settings: NetworkSettings, values: &[f64], horizon: usize) -> Result<FittedNetwork, FitError> {
    let zoo = Registry::builtin();
    let forecaster = NetworkForecaster::new(zoo.find("gru-1x8").unwrap(), settings);
    let fitted = forecaster.fit_with(&Training::new(&[History::new(values)], horizon), &mut [], None);
    fitted.map(|(fitted, _)| fitted)
}

#[test]
fn the_point_forecast_is_the_median_and_quantiles_do_not_cross() {
    let values = uneven(200);
    for difference in [0, 7] {
        // One epoch leaves the outputs of every step in any order.
        let fitted = fit(
            settings(|settings| {
                settings.training.epochs = 1;
                settings.difference = difference;
            }),
            &values,
            3,
        )
        .unwrap();
        assert_eq!((fitted.network().outputs(), fitted.most_steps()), (15, Some(3)));
        let histories: Vec<History<'_>> = (100..200).map(|end| History::new(&values[..end])).collect();
        let quantiles = fitted.forecast_quantiles(&histories, 2, &PROBABILITIES).unwrap();
        let points = fitted.forecast_batch(&histories, 2).unwrap();
        for (quantiles, point) in quantiles.iter().zip(points) {
            assert_eq!(quantiles[2], point);
            for pair in quantiles.windows(2) {
                assert!(pair[0].iter().zip(&pair[1]).all(|(low, high)| low <= high), "{pair:?}");
            }
        }
        let error = fitted.forecast_quantiles(&histories[..1], 2, &[0.2]).unwrap_err();
        assert!(matches!(error, ForecastError::Quantile { .. }), "{error}");
        let error = fitted.forecast_quantiles(&histories[..1], 4, &[0.5]).unwrap_err();
        assert!(matches!(error, ForecastError::Horizon { most: 3, .. }), "{error}");
    }
}

#[test]
fn held_out_values_say_by_how_much_quantiles_are_widened() {
    let values = uneven(300);
    let fitted = fit(settings(|_| {}), &values[..200], 2).unwrap();
    let history = History::new(&values);
    let part = HeldOutSeries {
        history,
        first: 200,
        observed: &|_| true,
    };
    let hold_out = HoldOut::measure(&fitted, &[part], 2).unwrap();
    assert_eq!(hold_out.quantile_levels, [Level::EIGHTY, Level::NINETY_FIVE]);
    let scale = hold_out.scale_of(&history);
    // Two steps ahead from day 200 on, written down plainly.
    let cutoffs: Vec<usize> = (200..299).collect();
    let histories: Vec<History<'_>> = cutoffs.iter().map(|end| History::new(&values[..*end])).collect();
    let quantiles = fitted.forecast_quantiles(&histories, 2, &[0.1, 0.9]).unwrap();
    let far = cutoffs.iter().zip(&quantiles).map(|(cutoff, bands)| {
        let actual = values[cutoff + 1];
        (bands[0][1] - actual).max(actual - bands[1][1]) / scale
    });
    let mut far: Vec<f64> = far.collect();
    assert_eq!(hold_out.outside[0][1], far);
    far.sort_by(f64::total_cmp);
    assert_eq!(hold_out.margin(2, Level::EIGHTY), Some(far[79]));
    // Networks that forecast points have no bands.
    let points = fit(
        settings(|settings| settings.training.loss = Loss::MeanAbsoluteError),
        &values[..200],
        2,
    );
    let part = HeldOutSeries {
        history,
        first: 200,
        observed: &|_| true,
    };
    let hold_out = HoldOut::measure(&points.unwrap(), &[part], 2).unwrap();
    assert!(hold_out.outside.is_empty() && hold_out.margin(1, Level::EIGHTY).is_none());
}

/// A network's quantiles follow the size of the noise, and past errors make them cover what they promise.
#[test]
fn intervals_follow_the_noise_and_cover_what_they_promise() {
    let values = uneven(1_700);
    let zoo = Registry::builtin();
    let network = NetworkForecaster::new(
        zoo.find("gru-1x8").unwrap(),
        settings(|settings| {
            settings.training.epochs = 200;
            settings.training.optimizer = settings.training.optimizer.with_learning_rate(2e-3);
        }),
    );
    let calibration = Some(Calibration {
        levels: vec![Level::EIGHTY, Level::NINETY_FIVE],
        errors: 100,
    });
    let plan = Backtest {
        folds: 400,
        calibration,
        ..Backtest::new(1)
    };
    let result = plan.run(&[&network], &[Series::from_values(values).unwrap()]).unwrap();
    assert!(result.failures.is_empty(), "{:?}", result.failures);
    assert_eq!(result.own_quantiles, ["gru-1x8"]);
    assert_eq!(result.coverage_before_calibration().len(), 2);
    for coverage in result.coverage().iter().filter(|found| found.model == "gru-1x8") {
        assert!(coverage.holds == Some(true) && coverage.scored == 400, "{coverage:?}");
        assert!(coverage.own_quantiles, "{coverage:?}");
    }
    // The noisiest day has four times the noise of the quietest; an interval of one width for all days would not show it.
    let width = |weekday: usize| {
        let rows = result
            .table
            .rows
            .iter()
            .filter(|row| &*row.model == "gru-1x8" && row.index % 7 == weekday);
        let widths: Vec<f64> = rows
            .map(|row| row.bounds[0].unwrap().upper - row.bounds[0].unwrap().lower)
            .collect();
        widths.iter().sum::<f64>() / widths.len() as f64
    };
    assert!(width(6) > 2.5 * width(0), "{} {}", width(6), width(0));
    let crps = result.pooled(Metric::Crps);
    assert!(crps[1].value.unwrap() < 0.5 * crps[0].value.unwrap(), "{crps:?}");
}

#[test]
fn settings_that_make_no_quantiles_are_refused() {
    let values = uneven(200);
    let refused = |change: fn(&mut NetworkSettings), horizon| {
        let error = fit(settings(change), &values, horizon).unwrap_err();
        error.to_string()
    };
    insta::assert_snapshot!(refused(|settings| settings.strategy = Strategy::Recursive, 1), @"gru-1x8: strategy is recursive, but must be direct where quantiles are forecast");
    insta::assert_snapshot!(refused(|settings| settings.difference = 1, 2), @"gru-1x8: difference is 1, but must be 0 or at least the horizon where quantiles are forecast");
    let without_median = |settings: &mut NetworkSettings| {
        let quantiles = Quantiles::new(&[0.1, 0.9]).unwrap();
        settings.training.loss = Loss::Quantiles { quantiles };
    };
    insta::assert_snapshot!(refused(without_median, 1), @"gru-1x8: quantiles is [0.1, 0.9], but must be a list with 0.5 in it, the point forecast");
}
