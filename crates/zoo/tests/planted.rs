//! A backtest of networks leaks nothing: what is planted behind a cutoff changes no bit of what is forecast there, through no
//! scaler, difference, window, covariate, fill or early stopping.

#![allow(clippy::unwrap_used)]

use recurra_evaluation::backtest::{Backtest, BacktestResult, Calibration, Refit, TrainingWindow};
use recurra_evaluation::metrics::Level;
use recurra_evaluation::{FittedForecaster, Forecaster, History, Training};
use recurra_series::{Covariate, Series};
use recurra_training::{Loss, Quantiles};
use recurra_zoo::Registry;
use recurra_zoo::forecaster::{EarlyStop, NetworkForecaster, NetworkSettings, Scaling, Strategy};

const COUNT: usize = 60;
const HORIZON: usize = 2;

/// What is replaced by a value that nobody could overlook.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Planted {
    Nothing,
    Value(usize),
    Past(usize),
    /// A covariate that is known for the horizon too.
    Future(usize),
}

fn series(planted: Planted) -> Series {
    let column = |own: fn(usize) -> Planted, value: fn(usize) -> f64, length: usize| -> Vec<f64> {
        let at = |at| if own(at) == planted { 5_000.0 } else { value(at) };
        (0..length).map(at).collect()
    };
    let values = column(
        Planted::Value,
        |at| 50.0 + ((at * 7) % 11) as f64 + at as f64 / 5.0,
        COUNT,
    );
    let past = column(Planted::Past, |at| ((at * 3) % 5) as f64, COUNT);
    let future = column(Planted::Future, |at| (at % 7) as f64, COUNT + HORIZON);
    let named = |name: &str, values| Covariate {
        name: name.into(),
        values,
    };
    let series = Series::from_values(values).unwrap();
    let series = series.with_past_covariate(named("rain", past)).unwrap();
    series.with_future_covariate(named("plan", future)).unwrap()
}

/// Cutoffs at 49, 52, 55, 58; the first two calibrate.
fn plan(refit: Refit, window: TrainingWindow) -> Backtest {
    let levels = vec![Level::new(50).unwrap()];
    Backtest {
        folds: 2,
        step: 3,
        refit,
        window,
        calibration: Some(Calibration { levels, errors: 2 }),
        ..Backtest::new(HORIZON)
    }
}

fn settings(scale: Scaling, difference: usize, loss: Loss) -> NetworkSettings {
    let zoo = Registry::builtin();
    let mut settings = NetworkSettings::of(zoo.find("gru-1x8").unwrap().recipe(), 3);
    settings.window = 6;
    // Past covariates are known up to the cutoff only.
    settings.strategy = Strategy::Direct;
    settings.scale = scale;
    settings.difference = difference;
    settings.training.epochs = 2;
    settings.training.loss = loss;
    settings
}

fn run(plan: &Backtest, settings: &NetworkSettings, planted: Planted) -> BacktestResult {
    let zoo = Registry::builtin();
    let network = NetworkForecaster::new(zoo.find("gru-1x8").unwrap(), settings.clone());
    let models: [&dyn Forecaster; 1] = [&network];
    let result = plan.run(&models, &[series(planted)]).unwrap();
    assert!(result.failures.is_empty(), "{:?}", result.failures);
    result
}

/// Forecasts and bounds from cutoffs up to `last`, and from later ones.
fn split(result: &BacktestResult, last: usize) -> [Vec<String>; 2] {
    let mut parts = [Vec::new(), Vec::new()];
    for row in result.table.rows.iter().filter(|row| &*row.model == "gru-1x8") {
        let cutoff = row.index + 1 - row.step;
        let bits = format!("{cutoff} {} {:016x} {:?}", row.step, row.yhat.to_bits(), row.bounds);
        parts[usize::from(cutoff > last)].push(bits);
    }
    parts
}

#[test]
fn a_planted_future_changes_no_bit_of_a_networks_forecast() {
    let quantiles = Quantiles::new(&[0.25, 0.5, 0.75]).unwrap();
    let (huber, heads) = (Loss::Huber { delta: 1.0 }, Loss::Quantiles { quantiles });
    let expanding = TrainingWindow::Expanding;
    let sliding = TrainingWindow::Sliding { length: 30 };
    let (to_the_end, early) = (
        None,
        Some(EarlyStop {
            patience: 1,
            share: 0.3,
        }),
    );
    let cases = [
        (Scaling::Standard, 0, huber, Refit::EveryFolds(1), expanding, to_the_end),
        (Scaling::MinMax, 0, huber, Refit::EveryFolds(1), sliding, to_the_end),
        (Scaling::Log, 3, huber, Refit::EveryFolds(2), expanding, to_the_end),
        (Scaling::None, 1, huber, Refit::Never, expanding, to_the_end),
        (Scaling::Standard, 2, heads, Refit::EveryFolds(1), expanding, to_the_end),
        (Scaling::Standard, 0, huber, Refit::EveryFolds(1), expanding, early),
        (Scaling::MinMax, 2, heads, Refit::EveryFolds(2), sliding, early),
    ];
    for (scale, difference, loss, refit, window, early_stop) in cases {
        let (plan, mut settings) = (plan(refit, window), settings(scale, difference, loss));
        settings.early_stop = early_stop;
        if early_stop.is_some() {
            settings.training.epochs = 20;
        }
        let before = run(&plan, &settings, Planted::Nothing);
        // The scored cutoffs are 55 and 58: values from 55 on are the future of the first, those from 57 on its covariate's.
        for (planted, last) in [
            (Planted::Value(55), 55),
            (Planted::Value(56), 55),
            (Planted::Past(55), 55),
            (Planted::Future(57), 55),
            (Planted::Value(59), 58),
            (Planted::Past(58), 58),
            (Planted::Future(60), 58),
        ] {
            let after = run(&plan, &settings, planted);
            let ([before_same, before_other], [same, other]) = (split(&before, last), split(&after, last));
            assert_eq!(before_same, same, "{scale} {difference} {refit:?}: {planted:?}");
            assert_eq!(same.len(), if last == 55 { 2 } else { 4 });
            // It is of consequence once it was observed: a leak would be seen.
            if last == 55 {
                assert_ne!(before_other, other, "{scale} {difference} {refit:?}: {planted:?}");
            }
        }
    }
}

#[test]
fn what_is_held_back_for_early_stopping_is_not_trained_on_and_decides_when_to_stop() {
    let zoo = Registry::builtin();
    let values: Vec<f64> = (0..80).map(|at| f64::from((at * 7) % 11) / 11.0).collect();
    let fit = |values: &[f64], epochs, early_stop: Option<EarlyStop>| {
        let mut settings = settings(Scaling::None, 0, Loss::MeanSquaredError);
        settings.training.epochs = epochs;
        settings.training.optimizer = settings.training.optimizer.with_learning_rate(0.05);
        settings.early_stop = early_stop;
        let network = NetworkForecaster::new(zoo.find("gru-1x8").unwrap(), settings);
        let histories = [History::new(values)];
        let training = Training::new(&histories, HORIZON);
        network.fit_with(&training, &mut [], None).unwrap()
    };
    let early = Some(EarlyStop {
        patience: 3,
        share: 0.25,
    });
    // Values from 60 on are held back: after one epoch nothing of them is in the weights.
    let mut other = values.clone();
    other[60..].iter_mut().for_each(|value| *value += 3.0);
    let history = History::new(&values);
    let forecast = |values: &[f64], early_stop| {
        let (fitted, _) = fit(values, 1, early_stop);
        fitted.forecast(&history, HORIZON).unwrap()
    };
    assert_eq!(forecast(&values, early), forecast(&other, early));
    assert_eq!(forecast(&values, early), forecast(&values[..60], None));
    assert_ne!(forecast(&values, None), forecast(&other, None));

    // The training stops when they are forecast no better, with the weights of the best epoch.
    let (fitted, history_of_fit) = fit(&other, 400, early);
    let losses: Vec<f64> = history_of_fit
        .epochs
        .iter()
        .map(|epoch| epoch.validation.unwrap().loss)
        .collect();
    let best = (0..losses.len())
        .min_by(|left, right| losses[*left].total_cmp(&losses[*right]))
        .unwrap();
    assert!(losses.len() < 400 && losses.len() == best + 4, "{best} {losses:?}");
    let (best_epoch, _) = fit(&other[..60], best + 1, None);
    assert_eq!(
        fitted.forecast(&history, HORIZON).unwrap(),
        best_epoch.forecast(&history, HORIZON).unwrap()
    );
}

#[test]
fn early_stopping_that_cannot_be_is_refused() {
    let zoo = Registry::builtin();
    let refused = |values: usize, early_stop| {
        let mut settings = settings(Scaling::Standard, 0, Loss::MeanSquaredError);
        settings.early_stop = Some(early_stop);
        let values: Vec<f64> = (0..values).map(|at| (at % 7) as f64).collect();
        let network = NetworkForecaster::new(zoo.find("gru-1x8").unwrap(), settings);
        let error = network
            .fit(&Training::new(&[History::new(&values)], HORIZON))
            .unwrap_err();
        error.to_string()
    };
    insta::assert_snapshot!(refused(9, EarlyStop::after(1)), @"gru-1x8: the series has 9 values, but fitting needs at least 10");
    insta::assert_snapshot!(refused(50, EarlyStop::after(0)), @"gru-1x8: patience is 0, but must be at least 1");
    insta::assert_snapshot!(refused(50, EarlyStop { patience: 1, share: 1.0 }), @"gru-1x8: share is 1, but must be above 0 and below 1");
}
