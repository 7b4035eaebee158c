//! What intervals cover.

use recurra_evaluation::backtest::{Backtest, Calibration};
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

/// Forecasts zero, and a band of its own around it, `size` wide from lowest to highest quantile one step ahead.
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
