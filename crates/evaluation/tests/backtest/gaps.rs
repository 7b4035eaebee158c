//! Series with gaps that were filled as a whole: no cutoff sees what comes after it.

use recurra_evaluation::backtest::{Backtest, BacktestResult, Refit};
use recurra_evaluation::{FitError, FittedForecaster, ForecastError, Forecaster, History, Training};
use recurra_series::{ColumnNames, CsvOptions, Fill, PanelOptions, Series, Source, Table};

#[test]
fn values_that_were_filled_in_are_neither_scored_nor_forecast_from_as_the_last_one() {
    let source = "ds,y\n0,1\n1,2\n2,3\n3,4\n4,5\n5,\n6,7\n7,8\n8,9\n9,10\n";
    let series = gappy(source, Fill::Linear, 1);
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

fn gappy(csv: &str, fill: Fill, season: usize) -> Series {
    let source = Source::Bytes {
        name: "gappy.csv".to_owned(),
        bytes: csv.as_bytes().to_vec(),
    };
    let table = Table::read(source, &CsvOptions::default()).unwrap();
    let past: Vec<String> = table
        .names()
        .filter(|name| *name == "rain")
        .map(str::to_owned)
        .collect();
    let names = ColumnNames {
        past,
        ..ColumnNames::default()
    };
    let panel = table.gappy_panel(&names, &PanelOptions::default()).unwrap();
    panel.fill(fill, season).unwrap().series.remove(0)
}

/// Forecasts the sum of everything that it is shown, in fitting too.
#[derive(Debug)]
struct Sum(f64);

fn sum(history: &History<'_>) -> f64 {
    let rain = history.past_covariates().flat_map(|(_, values)| values);
    history.values().iter().chain(rain).sum()
}

impl Forecaster for Sum {
    fn name(&self) -> &str {
        "sum"
    }

    fn fit(&self, training: &Training<'_>) -> Result<Box<dyn FittedForecaster>, FitError> {
        Ok(Box::new(Self(training.series.iter().map(sum).sum())))
    }
}

impl FittedForecaster for Sum {
    fn name(&self) -> &str {
        "sum"
    }

    fn forecast(&self, history: &History<'_>, horizon: usize) -> Result<Vec<f64>, ForecastError> {
        Ok(vec![self.0 + sum(history); horizon])
    }
}

#[test]
fn a_planted_future_does_not_come_back_through_what_was_filled() {
    // Gaps in the first season, later on, in the rain alone, and in both.
    let (values_missing, rain_missing) = ([4, 9, 17, 18, 25], [3, 13, 17, 26]);
    let count = 34;
    let csv = |planted: Option<(usize, bool)>| {
        let rows = (0..count).map(|at| {
            let number = |missing: &[usize], is_rain: bool| match planted {
                _ if missing.contains(&at) => String::new(),
                Some(plant) if plant == (at, is_rain) => "1000000".to_owned(),
                _ => format!("{}", (at * 7) % 10),
            };
            format!(
                "{at},{},{}\n",
                number(&values_missing, false),
                number(&rain_missing, true)
            )
        });
        format!("ds,y,rain\n{}", rows.collect::<String>())
    };
    let plan = Backtest {
        folds: 30,
        refit: Refit::EveryFolds(1),
        ..Backtest::new(1)
    };
    for (fill, left_out) in [(Fill::Linear, 8), (Fill::Previous, 5), (Fill::Seasonal, 19)] {
        let run = |planted| plan.run(&[&Sum(0.0)], &[gappy(&csv(planted), fill, 12)]).unwrap();
        let before = run(None);
        let forecasts = |result: &BacktestResult, until: usize| -> Vec<(usize, f64)> {
            let rows = result.table.rows.iter().filter(|row| row.index <= until);
            rows.map(|row| (row.index, row.yhat)).collect()
        };
        assert_eq!(before.left_out, left_out, "{fill}");
        for index in 5..count {
            for is_rain in [false, true] {
                let after = run(Some((index, is_rain)));
                assert_eq!(
                    forecasts(&before, index),
                    forecasts(&after, index),
                    "{fill} {index} {is_rain}"
                );
            }
        }
    }
}
