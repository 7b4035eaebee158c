//! Losses and their gradients against Keras.
//!
//! The numbers are made by `xtask/fixtures/losses.py`.

#![allow(clippy::unwrap_used, missing_docs)]

use recurra_training::Loss;
use serde::Deserialize;

#[derive(Deserialize)]
struct Fixture {
    y: Vec<f32>,
    forecast: Vec<f32>,
    sample_weight: Vec<f32>,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    loss: String,
    options: serde_json::Map<String, serde_json::Value>,
    plain: Expected,
    weighted: Expected,
}

#[derive(Deserialize)]
struct Expected {
    value: f64,
    gradient: Vec<f32>,
}

fn fixture() -> Fixture {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../xtask/fixtures/data/losses.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Our loss, from the text that a configuration would hold.
fn ours(case: &Case) -> Loss {
    let name = match case.loss.as_str() {
        "MeanSquaredError" => "mean-squared-error",
        "MeanAbsoluteError" => "mean-absolute-error",
        "Huber" => "huber",
        "LogCosh" => "log-cosh",
        "Pinball" => "quantile",
        "MeanAbsolutePercentageError" => "mean-absolute-percentage-error",
        other => panic!("no loss is called {other}"),
    };
    let mut options = case.options.clone();
    options.insert("name".to_owned(), name.into());
    serde_json::from_value(options.into()).unwrap()
}

/// Keras takes errors and their mean in float32: half a unit in the last place an operation.
fn assert_is(case: &Case, fixture: &Fixture, value: f64, gradient: &[f32], keras: &Expected) {
    let what = format!("{} {:?}", case.loss, case.options);
    assert!(
        (value / keras.value - 1.0).abs() < 5e-7,
        "{what}: {value} is not {}",
        keras.value
    );
    assert_eq!(gradient.len(), keras.gradient.len(), "{what}");
    for (index, (ours, keras)) in gradient.iter().zip(&keras.gradient).enumerate() {
        let kink = !matches!(case.loss.as_str(), "MeanSquaredError" | "Huber" | "LogCosh");
        if kink && fixture.y[index] == fixture.forecast[index] {
            continue; // these have no derivative at zero, and Keras' backends give different slopes
        }
        // The smallest errors are a tenth of targets of about ten, so float32 leaves them six digits.
        assert!(
            (ours - keras).abs() <= 4e-6 * keras.abs(),
            "{what} at {index}: {ours} is not {keras}"
        );
    }
}

#[test]
fn values_and_gradients_are_keras() {
    let fixture = fixture();
    let mut compared = std::collections::BTreeSet::new();
    for case in &fixture.cases {
        compared.insert(case.loss.as_str());
        let loss = ours(case);
        let mut gradient = vec![0.0; fixture.y.len()];
        let value = loss.mean(&fixture.forecast, &fixture.y, &mut gradient);
        assert_is(case, &fixture, value, &gradient, &case.plain);
        let value = loss.weighted_mean(&fixture.forecast, &fixture.y, &fixture.sample_weight, &mut gradient);
        assert_is(case, &fixture, value, &gradient, &case.weighted);
    }
    assert_eq!(compared.len(), 6, "every loss is there: {compared:?}");
}
