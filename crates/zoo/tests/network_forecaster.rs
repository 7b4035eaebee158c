//! Networks as forecasters: what they see, how they reach many steps, and what they refuse.

#![allow(clippy::unwrap_used)]

use recurra_evaluation::baselines::Naive;
use recurra_evaluation::{FitError, FittedForecaster, ForecastError, Forecaster, History, Training};
use recurra_series::Covariate;
use recurra_zoo::Registry;
use recurra_zoo::forecaster::{FittedNetwork, NetworkForecaster, NetworkSettings, Scaling, Strategy};

/// A weekly pattern that grows.
fn weekly(days: usize) -> Vec<f64> {
    (0..days)
        .map(|day| 100.0 + 10.0 * ((day % 7) as f64) + 0.2 * day as f64)
        .collect()
}

fn settings(change: impl FnOnce(&mut NetworkSettings)) -> NetworkSettings {
    let zoo = Registry::builtin();
    let mut settings = NetworkSettings::of(zoo.find("gru-1x8").unwrap().recipe(), 3);
    settings.window = 14;
    settings.training.epochs = 2;
    change(&mut settings);
    settings
}

fn fit(settings: NetworkSettings, histories: &[History<'_>], horizon: usize) -> Result<FittedNetwork, FitError> {
    let zoo = Registry::builtin();
    let forecaster = NetworkForecaster::new(zoo.find("gru-1x8").unwrap(), settings);
    forecaster
        .fit_with(&Training::new(histories, horizon), &mut [], None)
        .map(|(fitted, _)| fitted)
}

#[test]
fn a_recursive_forecast_takes_each_step_as_observed() {
    let values = weekly(80);
    let history = History::new(&values);
    let fitted = fit(settings(|_| {}), &[history], 3).unwrap();
    let whole = fitted.forecast(&history, 3).unwrap();
    let mut extended = values.clone();
    for step in &whole {
        let next = fitted.forecast(&History::new(&extended), 1).unwrap()[0];
        // The scaled forecast is fed back as it is; through the unit of the data it is rounded on the way.
        assert!((next - step).abs() < 1e-3, "{next} for {step}");
        extended.push(next);
    }
}

#[test]
fn a_batch_gives_what_its_parts_give() {
    let values = weekly(90);
    let history = History::new(&values);
    for strategy in [Strategy::Recursive, Strategy::Direct] {
        let fitted = fit(settings(|settings| settings.strategy = strategy), &[history], 4).unwrap();
        let histories: Vec<History<'_>> = (40..90).map(|cutoff| history.until(cutoff).unwrap()).collect();
        let batch = fitted.forecast_batch(&histories, 4).unwrap();
        for (history, forecast) in histories.iter().zip(batch) {
            assert_eq!(fitted.forecast(history, 4).unwrap(), forecast);
        }
    }
}

#[test]
fn a_trained_network_beats_naive_on_a_pattern() {
    let values = weekly(200);
    let history = History::new(&values);
    let training = history.until(160).unwrap();
    for difference in [0, 7] {
        let learnt = settings(|settings| {
            settings.training.epochs = 60;
            settings.training.optimizer = settings.training.optimizer.with_learning_rate(0.01);
            settings.difference = difference;
        });
        let fitted = fit(learnt, &[training], 7).unwrap();
        let naive = Naive.fit(&Training::new(&[training], 7)).unwrap();
        let error = |model: &dyn FittedForecaster| -> f64 {
            (160..193)
                .flat_map(|cutoff| {
                    let forecast = model.forecast(&history.until(cutoff).unwrap(), 7).unwrap();
                    forecast
                        .into_iter()
                        .zip(&values[cutoff..])
                        .map(|(forecast, value)| (forecast - value).abs())
                        .collect::<Vec<_>>()
                })
                .sum()
        };
        assert!(
            error(&fitted) < 0.5 * error(naive.as_ref()),
            "{} {}",
            error(&fitted),
            error(naive.as_ref())
        );
    }
}

#[test]
fn what_comes_after_the_cutoff_changes_nothing() {
    let mut values = weekly(80);
    let fitted = fit(settings(|_| {}), &[History::new(&values[..60])], 2).unwrap();
    let before = fitted.forecast(&History::new(&values).until(70).unwrap(), 2).unwrap();
    values[70..].fill(1e6);
    assert_eq!(
        fitted.forecast(&History::new(&values).until(70).unwrap(), 2).unwrap(),
        before
    );
}

#[test]
fn known_future_covariates_reach_the_steps_that_are_forecast() {
    let values = weekly(80);
    let column = |last: f64| {
        let mut values: Vec<f64> = (0..82).map(|day| f64::from(u8::from(day % 5 == 0))).collect();
        values[81] = last;
        [Covariate {
            name: "promo".into(),
            values,
        }]
    };
    let (known, other) = (column(0.0), column(1.0));
    let history = History::new(&values).with_future_covariates(&known).unwrap();
    for strategy in [Strategy::Recursive, Strategy::Direct] {
        let fitted = fit(settings(|settings| settings.strategy = strategy), &[history], 2).unwrap();
        let changed = History::new(&values).with_future_covariates(&other).unwrap();
        let (left, right) = (
            fitted.forecast(&history, 2).unwrap(),
            fitted.forecast(&changed, 2).unwrap(),
        );
        assert_ne!(
            left[1], right[1],
            "{strategy}: the covariate of the second step is not seen"
        );
        if strategy == Strategy::Recursive {
            assert_eq!(
                left[0], right[0],
                "the first step must not see the covariate of the second"
            );
        }
        assert!(matches!(
            fitted.forecast(&history, 3),
            Err(ForecastError::Covariate(_) | ForecastError::Horizon { .. })
        ));
        assert!(matches!(
            fitted.forecast(&History::new(&values), 1),
            Err(ForecastError::Covariate(_))
        ));
    }
}

#[test]
fn past_covariates_need_direct_forecasts() {
    let values = weekly(80);
    let past = [Covariate {
        name: "rain".into(),
        values: (0..80).map(|day| f64::from(day % 3)).collect(),
    }];
    let history = History::new(&values).with_past_covariates(&past).unwrap();
    let recursive = fit(settings(|_| {}), &[history], 2).unwrap();
    assert!(recursive.forecast(&history, 1).is_ok());
    let error = recursive.forecast(&history, 2).unwrap_err().to_string();
    assert!(error.contains("`rain`") && error.contains("direct"), "{error}");
    let direct = fit(settings(|settings| settings.strategy = Strategy::Direct), &[history], 2).unwrap();
    assert!(direct.forecast(&history, 2).is_ok());
}

#[test]
fn every_series_is_scaled_on_its_own_and_new_ones_by_their_history() {
    let small = weekly(80);
    let large: Vec<f64> = small.iter().map(|value| value * 1000.0).collect();
    let panel = [
        History::new(&small).with_unique_id("small"),
        History::new(&large).with_unique_id("large"),
    ];
    let fitted = fit(settings(|_| {}), &panel, 2).unwrap();
    let forecasts = fitted.forecast_batch(&panel, 2).unwrap();
    for (small, large) in forecasts[0].iter().zip(&forecasts[1]) {
        assert!((large / small - 1000.0).abs() < 0.01, "{small} {large}");
    }
    let new = fitted.forecast(&History::new(&small).with_unique_id("new"), 2).unwrap();
    assert_eq!(new, forecasts[0]);
}

/// The loss of the last step is measured before it, so it says nothing of where the weights are then.
#[test]
fn a_training_that_diverges_in_its_last_step_is_no_model() {
    let outcome = fit(
        settings(|settings| {
            settings.training.epochs = 1;
            settings.training.batch_size = 1000;
            settings.training.optimizer = settings.training.optimizer.with_learning_rate(1e39);
        }),
        &[History::new(&weekly(80))],
        1,
    );
    insta::assert_snapshot!(outcome.map(|_| ()).unwrap_err(), @"gru-1x8: the training diverged in epoch 1 (the loss or a weight was no finite number any more); choose a lower learning rate, or scale the data");
}

#[test]
fn what_cannot_be_fitted_says_why() {
    let values = weekly(80);
    let history = History::new(&values);
    let text = |result: Result<FittedNetwork, FitError>| result.map(|_| ()).unwrap_err().to_string();
    insta::assert_snapshot!(text(fit(settings(|settings| settings.window = 0), &[history], 1)), @"gru-1x8: window is 0, but must be at least 1");
    insta::assert_snapshot!(text(fit(settings(|settings| settings.window = 90), &[history], 1)), @"gru-1x8: the series has 80 values, but fitting needs at least 91");
    insta::assert_snapshot!(text(fit(settings(|settings| settings.difference = 70), &[history], 1)), @"gru-1x8: the series has 80 values, but fitting needs at least 85");
    let holed = [values[..40].to_vec(), vec![f64::NAN], values[41..].to_vec()].concat();
    insta::assert_snapshot!(text(fit(settings(|_| {}), &[History::new(&holed)], 1)), @"gru-1x8: value 40 of the series is not a finite number; fill or drop it first");
    let zero = [values[..40].to_vec(), vec![0.0], values[41..].to_vec()].concat();
    let error = text(fit(
        settings(|settings| settings.scale = Scaling::Log),
        &[History::new(&zero)],
        1,
    ));
    assert!(error.contains("value 40") && error.contains("log scale"), "{error}");
}
