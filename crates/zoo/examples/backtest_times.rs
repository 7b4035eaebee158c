//! How long a backtest of 200 folds without refit takes on 1,500 points, apart from the training: `docs/performance.md` has the figures.
//!
//! `cargo run --release -p recurra-zoo --example backtest_times`
#![expect(clippy::print_stdout, reason = "an example that prints")]

use recurra_evaluation::backtest::{Backtest, Calibration};
use recurra_evaluation::{FitError, FittedForecaster, Forecaster, Training};
use recurra_series::{RandomState, Series};
use recurra_zoo::Registry;
use recurra_zoo::forecaster::{Classical, NetworkForecaster, NetworkSettings, Strategy};
use std::error::Error;
use std::sync::Mutex;
use std::time::{Duration, Instant};

const WEEK: usize = 7;

/// A forecaster whose fits are timed.
struct Timed<'a> {
    inner: Box<dyn Forecaster + 'a>,
    fits: Mutex<Duration>,
}

impl Forecaster for Timed<'_> {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn fit(&self, training: &Training<'_>) -> Result<Box<dyn FittedForecaster>, FitError> {
        let begin = Instant::now();
        let fitted = self.inner.fit(training);
        if let Ok(mut fits) = self.fits.lock() {
            *fits += begin.elapsed();
        }
        fitted
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let draws = RandomState::new(1).randn(1_500);
    let value =
        |(at, draw): (usize, &f64)| 50.0 + at as f64 / 50.0 + [0.0, 1.0, 3.0, 2.0, 4.0, 8.0, 6.0][at % WEEK] + draw;
    let series = Series::from_values(draws.iter().enumerate().map(value).collect())?;
    let plan = Backtest {
        folds: 200,
        step: 1,
        season_length: WEEK,
        threads: 1,
        ..Backtest::new(WEEK)
    };
    let with_intervals = Backtest {
        calibration: Some(Calibration::default()),
        ..plan.clone()
    };
    let zoo = Registry::builtin();
    println!(
        "200 folds, {WEEK} steps ahead, one thread, milliseconds after the training: alone, and with intervals from 99 more folds each"
    );
    let classical = Classical::ALL.map(|method| (method.name(), Some(method)));
    let networks = ["gru-1x32", "lstm-2x32", "bilstm-3x32"].map(|name| (name, None));
    for (name, method) in classical.into_iter().chain(networks) {
        let time = |plan: &Backtest| -> Result<f64, Box<dyn Error>> {
            let mut least = f64::INFINITY;
            for _ in 0..3 {
                let inner: Box<dyn Forecaster> = match method {
                    Some(method) => method.forecaster(WEEK, 20),
                    None => {
                        let entry = zoo.find(name)?;
                        let mut settings = NetworkSettings::of(entry.recipe(), 51);
                        settings.strategy = Strategy::Direct;
                        settings.training.epochs = 1;
                        Box::new(NetworkForecaster::new(entry, settings))
                    }
                };
                let fits = Mutex::default();
                let timed = Timed { inner, fits };
                let begin = Instant::now();
                let result = plan.run(&[&timed], std::slice::from_ref(&series))?;
                if let Some(failure) = result.failures.first() {
                    return Err(format!("{name}: {}", failure.message).into());
                }
                let fits = *timed.fits.lock().map_err(|_| "a fit panicked")?;
                least = least.min((begin.elapsed() - fits).as_secs_f64() * 1e3);
            }
            Ok(least)
        };
        println!("{name:<24}{:>8.1}{:>8.1}", time(&plan)?, time(&with_intervals)?);
    }
    Ok(())
}
