//! All metrics against utilsforecast (`golden/metrics.py`).
#![allow(clippy::unwrap_used)]

use recurra_evaluation::metrics::{Bounds, Metric, Points, Scored, SeasonalScale};
use serde_json::Value;

fn numbers(value: &Value) -> Vec<f64> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|number| number.as_f64().unwrap())
        .collect()
}

fn scored(series: &Value) -> Scored {
    let actual = numbers(&series["actual"]);
    let scale = SeasonalScale::new(&numbers(&series["training"]), 4);
    let bounds = series["bounds"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(level, bounds)| Bounds {
            level: level.parse().unwrap(),
            lower: numbers(&bounds[0]),
            upper: numbers(&bounds[1]),
        });
    Scored {
        scales: vec![scale; actual.len()],
        actual,
        forecast: numbers(&series["forecast"]),
        bounds: bounds.collect(),
    }
}

#[test]
fn every_metric_of_every_series() {
    let golden: Value = serde_json::from_str(include_str!("golden/metrics.json")).unwrap();
    let mut compared = 0;
    for (name, series) in golden["series"].as_object().unwrap() {
        for (metric, expected) in series["metrics"].as_object().unwrap() {
            let found = metric.parse::<Metric>().unwrap().evaluate(&scored(series)).unwrap();
            let expected = expected.as_f64().unwrap();
            assert!(
                (found - expected).abs() <= 1e-13 * expected.abs().max(1.0),
                "{name} {metric}: {found} {expected}"
            );
            compared += 1;
        }
    }
    assert_eq!(compared, 28);
}

#[test]
fn scaled_errors_of_one_series_are_those_of_its_points() {
    let golden: Value = serde_json::from_str(include_str!("golden/metrics.json")).unwrap();
    let scored = scored(&golden["series"]["north"]);
    let points = Points::new(&scored.actual, &scored.forecast).unwrap();
    let scale = scored.scales[0].clone().unwrap();
    let pairs = [
        (
            points.mean_absolute_scaled_error(&scale),
            Metric::Mase.evaluate(&scored).unwrap(),
        ),
        (
            points.root_mean_squared_scaled_error(&scale),
            Metric::Rmsse.evaluate(&scored).unwrap(),
        ),
    ];
    for (own, pooled) in pairs {
        assert!((own - pooled).abs() < 1e-14);
    }
}
