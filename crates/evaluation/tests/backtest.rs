//! Backtests: no leaks, no dependence on threads, failures that stay where they are.
#![allow(clippy::unwrap_used)]

use recurra_evaluation::backtest::{Backtest, BacktestResult, Calibration, Grouping, Loss, Refit, TrainingWindow};
use recurra_evaluation::baselines::{
    Autoregression, Drift, ExponentialSmoothing, Naive, SeasonLength, SeasonalDifference, SeasonalMean, SeasonalNaive,
    Theta, TrailingMean,
};
use recurra_evaluation::metrics::{Level, Metric};
use recurra_evaluation::statistics::{Bootstrap, Verdict};
use recurra_evaluation::{FitError, FittedForecaster, ForecastError, Forecaster, History, ModelError, Training};
use recurra_series::{
    ColumnNames, Covariate, CsvOptions, Fill, PanelOptions, RandomState, Series, Source, Table, reference,
};
use std::sync::Mutex;

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

/// The same series with one value replaced.
fn planted(series: &Series, index: usize, value: f64) -> Series {
    let mut values = series.values().to_vec();
    values[index] = value;
    Series::from_values(values)
        .unwrap()
        .with_unique_id(series.unique_id().unwrap())
}

#[test]
fn a_planted_future_changes_nothing_before_it() {
    let (north, south) = (weekly("north", 1, 150), weekly("south", 2, 170));
    // At 90 % the widest of ten errors makes the interval, so that one error too many is seen; at 50 %, with a fast
    // adaptation, one miss too many. Cutoffs lie at 115, 118, 121, …
    let levels = [50, 90].map(|percent| Level::new(percent).unwrap()).to_vec();
    let calibration = Some(Calibration { levels, errors: 10 });
    for refit in [Refit::Never, Refit::EveryFolds(1), Refit::EveryFolds(4)] {
        for window in [TrainingWindow::Expanding, TrainingWindow::Sliding { length: 60 }] {
            let plan = Backtest {
                folds: 12,
                step: 3,
                refit,
                window,
                adaptation: 0.5,
                calibration: calibration.clone(),
                ..Backtest::new(5)
            };
            let before = run(&plan, &models(), &[north.clone(), south.clone()]);
            assert!(before.failures.is_empty(), "{:?}", before.failures);
            assert_eq!(before.table.rows.len(), 9 * 2 * 12 * 5);
            for index in [118, 119, 120] {
                let after = run(&plan, &models(), &[planted(&north, index, 1e6), south.clone()]);
                compare_around(index, &before, &after);
            }
        }
    }
}

/// Forecasts of `north` from cutoffs up to `index` are the same bits, and some from later cutoffs are not: the value is of
/// consequence once it was observed, so that a leak would be seen.
fn compare_around(index: usize, before: &BacktestResult, after: &BacktestResult) {
    assert_eq!(before.scales, after.scales);
    let (mut same, mut other) = (0, 0);
    for (before, after) in before.table.rows.iter().zip(&after.table.rows) {
        // A model fitted on the whole panel may well forecast the other series differently later on.
        if &*before.unique_id != "north" {
            continue;
        }
        let cutoff = before.index + 1 - before.step;
        if cutoff <= index {
            assert_eq!(
                (before.yhat, &before.bounds),
                (after.yhat, &after.bounds),
                "{} {cutoff}",
                before.model
            );
            same += 1;
        } else {
            other += usize::from(before.yhat != after.yhat);
        }
    }
    assert!(same > 100 && other > 100, "{same} {other}");
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let panel = [weekly("north", 1, 120), weekly("south", 2, 130)];
    let plan = |threads| Backtest {
        folds: 6,
        refit: Refit::EveryFolds(2),
        threads,
        ..Backtest::new(7)
    };
    let (one, four) = (run(&plan(1), &models(), &panel), run(&plan(4), &models(), &panel));
    assert_eq!(one.table, four.table);
}

/// A naive forecast that writes down what it is shown.
#[derive(Debug, Default)]
struct Witness {
    fits: Mutex<Vec<Vec<usize>>>,
}

#[derive(Debug)]
struct FittedWitness;

impl Forecaster for Witness {
    fn name(&self) -> &str {
        "witness"
    }

    fn fit(&self, training: &Training<'_>) -> Result<Box<dyn FittedForecaster>, FitError> {
        let seen = training
            .series
            .iter()
            .map(|series| series.first_index() * 1000 + series.len())
            .collect();
        self.fits.lock().unwrap().push(seen);
        Ok(Box::new(FittedWitness))
    }
}

impl FittedForecaster for FittedWitness {
    fn name(&self) -> &str {
        "witness"
    }

    fn forecast(&self, history: &History<'_>, horizon: usize) -> Result<Vec<f64>, ForecastError> {
        for (_, past) in history.past_covariates() {
            assert_eq!(past.len(), history.len());
        }
        if history.first_index() + history.len() == 16 {
            let source: ModelError = "sixteen is too much".into();
            return Err(ForecastError::Model {
                model: "witness".to_owned(),
                source,
            });
        }
        let future: Vec<f64> = history
            .future_covariates(horizon)?
            .flat_map(|(_, values)| values.to_vec())
            .collect();
        Ok(future[history.len()..].to_vec())
    }
}

#[test]
fn folds_fits_covariates_and_failures_are_where_the_plan_says() {
    let series = Series::from_values((0..20).map(f64::from).collect()).unwrap();
    let past = Covariate {
        name: "rain".into(),
        values: vec![1.0; 20],
    };
    let future = Covariate {
        name: "plan".into(),
        values: (0..22).map(|step| f64::from(step) * 10.0).collect(),
    };
    let series = series
        .with_past_covariate(past)
        .unwrap()
        .with_future_covariate(future)
        .unwrap();
    let witness = Witness::default();
    let plan = Backtest {
        folds: 4,
        refit: Refit::EveryFolds(3),
        window: TrainingWindow::Sliding { length: 5 },
        threads: 1,
        ..Backtest::new(2)
    };
    let result = plan.run(&[&witness], &[series]).unwrap();
    // Cutoffs 12, 14, 16, 18: fits at 12 and 18, on five values each.
    assert_eq!(*witness.fits.lock().unwrap(), [[7005], [13005]]);
    let rows: Vec<(usize, usize, f64)> = result
        .table
        .rows
        .iter()
        .filter(|row| &*row.model == "witness")
        .map(|row| (row.index, row.step, row.yhat))
        .collect();
    assert_eq!(
        rows,
        [
            (12, 1, 120.0),
            (13, 2, 130.0),
            (14, 1, 140.0),
            (15, 2, 150.0),
            (18, 1, 180.0),
            (19, 2, 190.0)
        ]
    );
    assert_eq!(result.failures.len(), 1);
    let failure = &result.failures[0];
    assert_eq!(
        (failure.cutoff, failure.message.as_str()),
        (16, "witness: sixteen is too much")
    );
    let naive = result.pooled(Metric::Mae);
    assert_eq!(
        (naive[0].model.as_str(), naive[0].value, naive[0].count),
        ("naive", Some(1.5), 8)
    );
}

#[test]
fn the_reference_walk_is_a_backtest() {
    let values = reference::values().into_iter().map(f64::from).collect();
    let series = Series::from_values(values).unwrap();
    let plan = Backtest {
        folds: 461,
        ..Backtest::new(1)
    };
    let result = plan.run(&[&SeasonalDifference::smoothed(365)], &[series]).unwrap();
    let mae: Vec<f64> = result
        .pooled(Metric::Mae)
        .iter()
        .map(|score| score.value.unwrap())
        .collect();
    assert!(
        (mae[0] - 5.9379083).abs() < 1e-6 && (mae[1] - 4.5694419).abs() < 1e-6,
        "{mae:?}"
    );
}

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

#[test]
fn conformal_intervals_cover_what_they_promise() {
    let draws = RandomState::new(4).randn(2_400);
    let mut level = 0.0;
    let values = draws.iter().map(|draw| {
        level = 0.8 * level + draw;
        level
    });
    let series = Series::from_values(values.collect()).unwrap();
    let plan = Backtest {
        folds: 2_000,
        calibration: Some(Calibration::default()),
        ..Backtest::new(1)
    };
    let result = plan.run(&[&Autoregression::new(3)], &[series]).unwrap();
    let coverage = result.coverage();
    assert_eq!(coverage.len(), 4);
    for measured in coverage {
        assert!(
            measured.holds && measured.scored == 2_000 && measured.without == 0,
            "{measured:?}"
        );
    }
    let widths = result.pooled(Metric::Width(Level::EIGHTY));
    assert!(widths[1].value < widths[0].value, "{widths:?}");
}

#[test]
fn intervals_adapt_to_errors_that_grow() {
    // Noise that grows by 0.6 % a step: the latest 100 errors are always a little too small for it.
    let draws = RandomState::new(5).randn(500);
    let mut size = 1.0;
    let values = draws.iter().map(|draw| {
        size *= 1.006;
        draw * size
    });
    let series = Series::from_values(values.collect()).unwrap();
    let share = |adaptation| {
        let calibration = Some(Calibration {
            levels: vec![Level::EIGHTY],
            errors: 100,
        });
        let plan = Backtest {
            folds: 380,
            calibration,
            adaptation,
            ..Backtest::new(1)
        };
        plan.run(&[], std::slice::from_ref(&series)).unwrap().coverage()[0].share()
    };
    let (plain, adaptive) = (share(0.0), share(0.05));
    assert!(plain < 0.77 && (adaptive - 0.8).abs() < 0.02, "{plain} {adaptive}");
}

/// Forecasts zero, and a band of its own around it.
#[derive(Debug)]
struct Band;

impl Forecaster for Band {
    fn name(&self) -> &str {
        "band"
    }

    fn fit(&self, _training: &Training<'_>) -> Result<Box<dyn FittedForecaster>, FitError> {
        Ok(Box::new(Self))
    }
}

impl FittedForecaster for Band {
    fn name(&self) -> &str {
        "band"
    }

    fn forecast(&self, _history: &History<'_>, horizon: usize) -> Result<Vec<f64>, ForecastError> {
        Ok(vec![0.0; horizon])
    }

    fn forecast_quantiles(
        &self,
        histories: &[History<'_>],
        horizon: usize,
        probabilities: &[f64],
    ) -> Result<Vec<Vec<Vec<f64>>>, ForecastError> {
        let step = |probability: f64| {
            (1..=horizon)
                .map(move |step| (probability - 0.5) * step as f64)
                .collect()
        };
        Ok(histories
            .iter()
            .map(|_| probabilities.iter().map(|probability| step(*probability)).collect())
            .collect())
    }
}

#[test]
fn a_model_with_quantiles_brings_its_own_intervals() {
    let series = Series::from_values(RandomState::new(9).randn(60)).unwrap();
    let calibration = Some(Calibration {
        levels: vec![Level::EIGHTY],
        errors: 10,
    });
    let result = Backtest {
        folds: 3,
        calibration,
        ..Backtest::new(2)
    }
    .run(&[&Band], &[series])
    .unwrap();
    let own: Vec<(usize, f64, f64)> = result
        .table
        .rows
        .iter()
        .filter(|row| &*row.model == "band")
        .map(|row| (row.step, row.bounds[0].unwrap().lower, row.bounds[0].unwrap().upper))
        .collect();
    assert_eq!(own.len(), 6);
    for (step, lower, upper) in own {
        let half = 0.4 * step as f64;
        assert!(
            (lower + half).abs() < 1e-12 && (upper - half).abs() < 1e-12,
            "{step} {lower} {upper}"
        );
    }
}

#[test]
fn values_that_were_filled_in_are_neither_scored_nor_forecast_from_as_the_last_one() {
    let source = "ds,y\n0,1\n1,2\n2,3\n3,4\n4,5\n5,\n6,7\n7,8\n8,9\n9,10\n";
    let series = gappy(source);
    let plan = Backtest {
        folds: 6,
        refit: Refit::EveryFolds(1),
        ..Backtest::new(1)
    };
    let result = plan.run(&[], &[series]).unwrap();
    let rows: Vec<(usize, f64)> = result.table.rows.iter().map(|row| (row.index, row.yhat)).collect();
    // Value 5 was filled in: it is not scored, and no forecast is made at the cutoff behind it.
    assert_eq!(rows, [(4, 4.0), (7, 7.0), (8, 8.0), (9, 9.0)]);
    assert_eq!(result.left_out, 1);
}

fn gappy(csv: &str) -> Series {
    let source = Source::Bytes {
        name: "gappy.csv".to_owned(),
        bytes: csv.as_bytes().to_vec(),
    };
    let table = Table::read(source, &CsvOptions::default()).unwrap();
    let panel = table
        .gappy_panel(&ColumnNames::default(), &PanelOptions::default())
        .unwrap();
    panel.fill(Fill::Linear, 1).unwrap().series.remove(0)
}

#[test]
fn undefined_scores_name_their_series() {
    let flat = Series::from_values(vec![5.0; 30]).unwrap().with_unique_id("flat");
    let zero = Series::from_values(vec![0.0; 30]).unwrap().with_unique_id("zero");
    let plan = Backtest {
        folds: 3,
        ..Backtest::new(2)
    };
    let result = plan.run(&[], &[weekly("north", 3, 30), flat, zero]).unwrap();
    let by_series = result.scores(Metric::Mase, Grouping::Series);
    assert!(by_series[0].value.is_some() && by_series[1].value.is_none());
    let reasons: Vec<String> = [Metric::Mase, Metric::Mape, Metric::Crps]
        .into_iter()
        .map(|metric| result.pooled(metric)[0].undefined.as_ref().unwrap().to_string())
        .collect();
    insta::assert_snapshot!(reasons.join("\n"), @r#"
series `flat`: the seasonal naive error of the training part is zero (season length 1)
series `zero`: actual value 0 is zero, and a percentage divides by it
not all forecasts have quantiles
"#);
    insta::assert_json_snapshot!(result.scores(Metric::Rmsse, Grouping::Step)[1], @r#"
{
  "model": "naive",
  "step": 2,
  "metric": "rmsse",
  "value": null,
  "undefined": "series `flat`: the seasonal naive error of the training part is zero (season length 1)",
  "count": 9
}
"#);
}

#[test]
fn the_table_is_written_in_the_usual_columns() {
    let series = Series::from_values((0..12).map(|step| f64::from(step % 3)).collect())
        .unwrap()
        .with_unique_id("a");
    let calibration = Some(Calibration {
        levels: vec![Level::EIGHTY],
        errors: 4,
    });
    let plan = Backtest {
        folds: 2,
        calibration,
        ..Backtest::new(2)
    };
    let result = plan.run(&[&Drift], &[series]);
    let error = result.unwrap_err();
    insta::assert_snapshot!(error, @"series `a` has 12 values, but 6 folds need at least 13; use fewer folds, or fewer errors to calibrate on");
    let series = Series::from_values((0..13).map(|step| f64::from(step % 3)).collect())
        .unwrap()
        .with_unique_id("a");
    let result = plan.run(&[&Drift], &[series]).unwrap();
    let csv = result.table.to_output().to_csv("forecasts.csv").unwrap();
    insta::assert_snapshot!(String::from_utf8(csv).unwrap(), @r#"
unique_id,ds,cutoff,model,y,yhat,lo-80,hi-80
a,9,8,naive,0.0,2.0,0.0,4.0
a,10,8,naive,1.0,2.0,0.0,4.0
a,11,10,naive,2.0,1.0,-1.0,3.0
a,12,10,naive,0.0,1.0,-1.0,3.0
a,9,8,drift,0.0,2.25,,
a,10,8,drift,1.0,2.5,,
a,11,10,drift,2.0,1.1,-1.9,4.1
a,12,10,drift,0.0,1.2,-1.8,4.2
"#);
}
