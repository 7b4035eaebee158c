//! The Theta method against statsmodels (`golden/theta.py`).
#![allow(clippy::unwrap_used)]

use recurra_evaluation::baselines::{SeasonLength, Theta};
use recurra_evaluation::{Forecaster, History, Training};
use serde_json::Value;

fn numbers(value: &Value) -> Vec<f64> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|number| number.as_f64().unwrap())
        .collect()
}

#[test]
fn forecasts_agree() {
    let golden: Value = serde_json::from_str(include_str!("golden/theta.json")).unwrap();
    for (name, series) in golden.as_object().unwrap() {
        let values = numbers(&series["values"]);
        let history = History::new(&values);
        let season_length = SeasonLength::Given(series["season"].as_u64().unwrap() as usize);
        let fitted = Theta { season_length }.fit(&Training::new(&[history], 15)).unwrap();
        let forecast = fitted.forecast(&history, 15).unwrap();
        for (step, (found, expected)) in forecast.iter().zip(numbers(&series["forecast"])).enumerate() {
            // The two searches for the smoothing weight end a little apart.
            assert!(
                (found - expected).abs() < 1e-5 * expected.abs(),
                "{name} {step}: {found} {expected}"
            );
        }
    }
}
