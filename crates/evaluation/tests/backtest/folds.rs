//! Cutoffs, fits, covariates and failures.

use recurra_evaluation::backtest::{Backtest, Refit, TrainingWindow};
use recurra_evaluation::baselines::SeasonalDifference;
use recurra_evaluation::metrics::Metric;
use recurra_evaluation::{FitError, FittedForecaster, ForecastError, Forecaster, History, ModelError, Training};
use recurra_series::{Covariate, Series, reference};
use std::sync::Mutex;

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
