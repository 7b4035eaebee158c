//! Models that answer with another number of forecasts or quantiles than they were asked for.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use recurra_evaluation::backtest::{Backtest, BacktestResult, Calibration};
use recurra_evaluation::metrics::Level;
use recurra_evaluation::{FitError, FittedForecaster, ForecastError, Forecaster, History, Training};
use recurra_series::Series;

/// How a model answers a batch of histories.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Answer {
    Whole,
    /// One history is left out of the batch's forecasts.
    FewerForecasts,
    /// One step of the horizon is left out of all forecasts.
    ShortForecasts,
    /// One history is left out of the batch's quantiles.
    FewerHistories,
    /// One probability is left out, of every history.
    FewerProbabilities,
    /// One step of the horizon is left out, of the last probability.
    FewerSteps,
}

/// Forecasts the last value, with bounds one below and one above it, and counts how often it is asked for a single history.
#[derive(Debug, Clone)]
struct Last {
    answer: Answer,
    singles: Arc<AtomicUsize>,
}

impl Last {
    fn new(answer: Answer) -> Self {
        Self {
            answer,
            singles: Arc::default(),
        }
    }
}

impl Forecaster for Last {
    fn name(&self) -> &str {
        "last"
    }

    fn fit(&self, _: &Training<'_>) -> Result<Box<dyn FittedForecaster>, FitError> {
        Ok(Box::new(self.clone()))
    }
}

impl FittedForecaster for Last {
    fn name(&self) -> &str {
        "last"
    }

    fn forecast(&self, history: &History<'_>, horizon: usize) -> Result<Vec<f64>, ForecastError> {
        self.singles.fetch_add(1, Ordering::Relaxed);
        Ok(vec![history.values()[history.len() - 1]; horizon])
    }

    fn forecast_batch(&self, histories: &[History<'_>], horizon: usize) -> Result<Vec<Vec<f64>>, ForecastError> {
        let last = |history: &History<'_>| vec![history.values()[history.len() - 1]; horizon];
        let mut forecasts: Vec<_> = histories.iter().map(last).collect();
        if self.answer == Answer::ShortForecasts {
            forecasts.iter_mut().for_each(|values| values.truncate(horizon - 1));
        }
        if self.answer == Answer::FewerForecasts {
            forecasts.pop();
        }
        Ok(forecasts)
    }

    fn forecast_quantiles(
        &self,
        histories: &[History<'_>],
        horizon: usize,
        probabilities: &[f64],
    ) -> Result<Vec<Vec<Vec<f64>>>, ForecastError> {
        let of = |history: &History<'_>| {
            let last = history.values()[history.len() - 1];
            let quantile = |probability: &f64| vec![last + 1.0_f64.copysign(probability - 0.5); horizon];
            let mut quantiles: Vec<_> = probabilities.iter().map(quantile).collect();
            match self.answer {
                Answer::FewerProbabilities => {
                    quantiles.pop();
                }
                Answer::FewerSteps => {
                    quantiles[probabilities.len() - 1].pop();
                }
                _ => {}
            }
            quantiles
        };
        let mut quantiles: Vec<_> = histories.iter().map(of).collect();
        // Of a single history nothing can be left out.
        if self.answer == Answer::FewerHistories && histories.len() > 1 {
            quantiles.pop();
        }
        Ok(quantiles)
    }
}

/// Three folds of two steps, each with four earlier ones for calibration: seven histories.
fn outcome(model: &Last) -> BacktestResult {
    let values: Vec<f64> = (0..30).map(|step| f64::from(step * step % 11)).collect();
    let plan = Backtest {
        folds: 3,
        calibration: Some(Calibration {
            levels: vec![Level::EIGHTY],
            errors: 4,
        }),
        ..Backtest::new(2)
    };
    plan.run(&[model], &[Series::from_values(values).unwrap()]).unwrap()
}

#[test]
fn a_batch_of_another_length_is_asked_for_one_by_one() {
    let (whole, fewer) = (Last::new(Answer::Whole), Last::new(Answer::FewerForecasts));
    let (expected, found) = (outcome(&whole), outcome(&fewer));
    assert!(expected.failures.is_empty() && found.failures.is_empty());
    assert_eq!(found.table.rows, expected.table.rows);
    let singles = |model: &Last| model.singles.load(Ordering::Relaxed);
    assert!(
        singles(&whole) == 0 && singles(&fewer) >= 3,
        "a whole batch is asked for once"
    );
}

#[test]
fn forecasts_of_another_horizon_are_failures() {
    let found = outcome(&Last::new(Answer::ShortForecasts));
    assert!(!found.failures.is_empty());
    for failure in &found.failures {
        assert_eq!(failure.message, "gave 1 values for a horizon of 2");
    }
    assert_eq!(found.table.models(), ["naive"]);
}

#[test]
fn a_model_has_no_quantiles_unless_it_says_so() {
    assert_eq!(Last::new(Answer::Whole).quantile_probabilities(), [0.0; 0]);
}

#[test]
fn quantiles_of_another_number_of_histories_are_asked_for_one_by_one() {
    let (expected, found) = (
        outcome(&Last::new(Answer::Whole)),
        outcome(&Last::new(Answer::FewerHistories)),
    );
    assert!(found.failures.is_empty(), "{:?}", found.failures);
    assert_eq!(found.table.rows, expected.table.rows);
}

#[test]
fn quantiles_of_another_number_are_failures_and_the_forecasts_stay() {
    let expected = outcome(&Last::new(Answer::Whole));
    for answer in [Answer::FewerProbabilities, Answer::FewerSteps] {
        let found = outcome(&Last::new(answer));
        assert!(!found.failures.is_empty(), "{answer:?}");
        for failure in &found.failures {
            assert!(
                failure
                    .message
                    .contains("gave another number of quantiles than was asked for"),
                "{failure:?}"
            );
        }
        let forecasts = |result: &BacktestResult| result.table.rows.iter().map(|row| row.yhat).collect::<Vec<_>>();
        assert_eq!(forecasts(&found), forecasts(&expected), "{answer:?}");
        let ours = |row: &&recurra_evaluation::backtest::ForecastRow| &*row.model == "last";
        assert!(
            found.table.rows.iter().filter(ours).all(|row| row.bounds[0].is_none()),
            "{answer:?}"
        );
    }
}
