//! What intervals cover.

use recurra_evaluation::backtest::{Backtest, BacktestResult, Calibration, ForecastRow, Refit};
use recurra_evaluation::baselines::Autoregression;
use recurra_evaluation::metrics::{Level, Metric};
use recurra_evaluation::{FitError, FittedForecaster, ForecastError, Forecaster, History, Training};
use recurra_series::{RandomState, Series};

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
            measured.holds == Some(true) && measured.scored == 2_000 && measured.without == 0,
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
        plan.run(&[], std::slice::from_ref(&series)).unwrap().coverage()[0]
            .share()
            .unwrap()
    };
    let (plain, adaptive) = (share(0.0), share(0.05));
    assert!(plain < 0.77 && (adaptive - 0.8).abs() < 0.02, "{plain} {adaptive}");
}

/// Forecasts zero, and a band of its own around it, `size` wide from lowest to highest quantile one step ahead; of series that are
/// called `odd` only the zero.
#[derive(Debug, Clone, Copy)]
struct Band {
    size: f64,
}

impl Forecaster for Band {
    fn name(&self) -> &str {
        "band"
    }

    fn fit(&self, _training: &Training<'_>) -> Result<Box<dyn FittedForecaster>, FitError> {
        Ok(Box::new(*self))
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
        if histories.iter().any(|history| history.unique_id() == "odd") {
            let source = "odd series have no quantiles".into();
            return Err(ForecastError::Model {
                model: "band".to_owned(),
                source,
            });
        }
        let step = |probability: f64| {
            (1..=horizon)
                .map(move |step| self.size * (probability - 0.5) * step as f64)
                .collect()
        };
        Ok(histories
            .iter()
            .map(|_| probabilities.iter().map(|probability| step(*probability)).collect())
            .collect())
    }
}

/// Conformalised quantile regression, written down plainly: every band is widened by the ⌈(n + 1)·0.8⌉-th smallest of the latest
/// ten `max(lo − y, y − hi)` of its step that were known at the cutoff.
#[test]
fn a_models_own_quantiles_are_widened_by_how_far_values_lay_outside() {
    let values = RandomState::new(9).randn(60);
    let series = Series::from_values(values.clone()).unwrap();
    let calibration = Some(Calibration {
        levels: vec![Level::EIGHTY],
        errors: 10,
    });
    let result = Backtest {
        folds: 3,
        step: 1,
        calibration,
        ..Backtest::new(2)
    }
    .run(&[&Band { size: 1.0 }], &[series])
    .unwrap();
    let rows: Vec<_> = result.table.rows.iter().filter(|row| &*row.model == "band").collect();
    assert_eq!(rows.len(), 6);
    for row in rows {
        let half = 0.4 * row.step as f64;
        let (own, bounds) = (row.quantiles[0], row.bounds[0].unwrap());
        assert!(
            (own.lower + half).abs() < 1e-12 && (own.upper - half).abs() < 1e-12,
            "{own:?}"
        );
        // The first value that is not known at the cutoff.
        let cutoff = row.index + 1 - row.step;
        let known = cutoff - 10..cutoff;
        let mut outside: Vec<f64> = known
            .map(|at| (own.lower - values[at]).max(values[at] - own.upper))
            .collect();
        outside.sort_by(f64::total_cmp);
        assert_eq!(
            (bounds.lower, bounds.upper),
            (own.lower - outside[8], own.upper + outside[8])
        );
    }
    // The naive forecast has no quantiles, so there is nothing before its calibration.
    let naive = result.table.rows.iter().find(|row| &*row.model == "naive").unwrap();
    assert!(naive.quantiles.is_empty());
}

#[test]
fn quantiles_that_promise_too_much_or_too_little_cover_what_they_promise() {
    let series = Series::from_values(RandomState::new(10).randn(2_200)).unwrap();
    // The 80 % band of a normal value is 2.56 wide. The band of the first is half of that, of the second twice.
    for (size, before) in [(1.6, 0.3..0.5), (6.4, 0.95..1.0)] {
        let plan = Backtest {
            folds: 2_000,
            calibration: Some(Calibration::default()),
            ..Backtest::new(1)
        };
        let result = plan.run(&[&Band { size }], std::slice::from_ref(&series)).unwrap();
        let own = result.coverage_before_calibration();
        assert_eq!(own.len(), 2);
        assert!(own.iter().all(|coverage| coverage.own_quantiles), "{own:?}");
        assert!(
            before.contains(&own[0].share().unwrap()) && own[0].holds == Some(false),
            "{own:?}"
        );
        for coverage in result.coverage().iter().filter(|found| found.model == "band") {
            assert!(coverage.holds == Some(true) && coverage.own_quantiles, "{coverage:?}");
            assert_eq!((coverage.scored, coverage.without), (2_000, 0));
        }
    }
}

#[test]
fn coverage_is_that_of_split_conformal_intervals_unless_said_otherwise() {
    let series = Series::from_values(RandomState::new(6).randn(60)).unwrap();
    let coverage = |adaptation: Option<f64>| {
        let mut plan = Backtest {
            folds: 20,
            calibration: Some(Calibration {
                levels: vec![Level::EIGHTY],
                errors: 10,
            }),
            ..Backtest::new(1)
        };
        plan.adaptation = adaptation.unwrap_or(plan.adaptation);
        let result = plan.run(&[], std::slice::from_ref(&series)).unwrap();
        (
            result.table.clone(),
            serde_json::to_value(&result.coverage()[0]).unwrap(),
        )
    };
    let (usual, said) = coverage(None);
    assert_eq!(usual, coverage(Some(0.0)).0);
    assert!(said.get("adaptation").is_none(), "{said}");
    let (adapted, said) = coverage(Some(0.05));
    assert!(adapted != usual && said["adaptation"] == 0.05, "{said}");
}

/// Forecasts infinity, around which there is no interval.
#[derive(Debug)]
struct Boundless;

impl Forecaster for Boundless {
    fn name(&self) -> &str {
        "boundless"
    }

    fn fit(&self, _training: &Training<'_>) -> Result<Box<dyn FittedForecaster>, FitError> {
        Ok(Box::new(Self))
    }
}

impl FittedForecaster for Boundless {
    fn name(&self) -> &str {
        "boundless"
    }

    fn forecast(&self, _history: &History<'_>, horizon: usize) -> Result<Vec<f64>, ForecastError> {
        Ok(vec![f64::INFINITY; horizon])
    }
}

#[test]
fn a_level_without_an_interval_stays_in_the_output_with_the_reason() {
    let series = Series::from_values(RandomState::new(7).randn(40)).unwrap();
    let plan = Backtest {
        folds: 3,
        calibration: Some(Calibration {
            levels: vec![Level::EIGHTY],
            errors: 10,
        }),
        ..Backtest::new(1)
    };
    let coverage = plan.run(&[&Boundless], &[series]).unwrap().coverage();
    insta::assert_json_snapshot!(coverage[1], @r#"
{
  "model": "boundless",
  "level": 80,
  "scored": 0,
  "covered": 0,
  "without": 3,
  "interval": null,
  "holds": null,
  "undefined": "there are no points to score"
}
"#);
}

/// One series without quantiles costs the others nothing; it has no intervals, not some around its points.
#[test]
fn a_series_that_fails_costs_no_other_its_quantiles() {
    let series = |name: &str, seed| {
        let values = RandomState::new(seed).randn(60);
        Series::from_values(values).unwrap().with_unique_id(name)
    };
    let calibration = Some(Calibration {
        levels: vec![Level::EIGHTY],
        errors: 10,
    });
    let plan = Backtest {
        folds: 3,
        step: 1,
        calibration,
        ..Backtest::new(2)
    };
    let band = Band { size: 1.0 };
    let alone = plan.run(&[&band], &[series("a", 9), series("b", 10)]).unwrap();
    let both = plan
        .run(&[&band], &[series("a", 9), series("odd", 11), series("b", 10)])
        .unwrap();
    let rows = |result: &BacktestResult, odd: bool| -> Vec<ForecastRow> {
        let rows = result.table.rows.iter().filter(|row| &*row.model == "band");
        rows.filter(|row| (&*row.unique_id == "odd") == odd).cloned().collect()
    };
    assert_eq!(rows(&both, false), rows(&alone, false));
    let odd = rows(&both, true);
    assert_eq!(odd.len(), 6);
    assert!(odd.iter().all(|row| row.bounds == [None] && row.quantiles.is_empty()));
    assert_eq!(both.own_quantiles, ["band"]);
    // By place: also at the cutoffs that are not scored.
    assert!(both.failures.len() >= 3);
    assert!(
        both.failures
            .iter()
            .all(|failure| failure.unique_id.as_deref() == Some("odd"))
    );
    assert_eq!(both.missing_forecasts(), 0);
    let coverage = both.coverage();
    let found = coverage.iter().find(|found| found.model == "band").unwrap();
    assert_eq!((found.scored, found.without), (12, 6));
}

/// A fit that fails is one failure and costs every forecast of its fold.
#[test]
fn missing_forecasts_are_counted_not_failures() {
    struct Unfit;
    impl Forecaster for Unfit {
        fn name(&self) -> &str {
            "unfit"
        }

        fn fit(&self, training: &Training<'_>) -> Result<Box<dyn FittedForecaster>, FitError> {
            if training.series[0].len() > 55 {
                return Err(FitError::Singular {
                    model: "unfit".to_owned(),
                });
            }
            Ok(Box::new(Band { size: 1.0 }))
        }
    }
    let series = Series::from_values(RandomState::new(9).randn(60)).unwrap();
    let plan = Backtest {
        folds: 3,
        step: 2,
        refit: Refit::EveryFolds(1),
        ..Backtest::new(2)
    };
    // Cutoffs at 54, 56 and 58.
    let result = plan.run(&[&Unfit], &[series]).unwrap();
    assert_eq!((result.failures.len(), result.missing_forecasts()), (2, 4));
}
