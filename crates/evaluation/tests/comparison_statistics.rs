//! Tests, intervals and effect sizes against SciPy, and Diebold–Mariano against the package dieboldmariano
//! (`golden/comparison_statistics.py`).
#![allow(clippy::unwrap_used)]

use recurra_evaluation::statistics::{
    Bootstrap, Method, diebold_mariano, friedman, hedges_g, holm_adjusted, kolmogorov_smirnov, mann_whitney, median,
    nemenyi_critical_difference, probability_of_superiority, proportion_interval, quantile, wilcoxon_signed_rank,
};
use serde_json::Value;

fn golden() -> Value {
    serde_json::from_str(include_str!("golden/comparison_statistics.json")).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|number| number.as_f64().unwrap())
        .collect()
}

fn pair(golden: &Value, name: &str) -> (Vec<f64>, Vec<f64>) {
    let sample = |side| numbers(&golden["samples"][format!("{name}-{side}")]);
    (sample("left"), sample("right"))
}

fn method(value: &Value) -> Method {
    if value["exact"].as_bool().unwrap() {
        Method::Exact
    } else {
        Method::Asymptotic
    }
}

#[track_caller]
fn close(found: f64, expected: f64, relative: f64) {
    assert!(
        (found - expected).abs() <= relative * expected.abs().max(1e-300),
        "{found} {expected}"
    );
}

#[test]
fn two_sample_tests_and_effects() {
    let golden = golden();
    for (name, expected) in golden["two-sample"].as_object().unwrap() {
        let (left, right) = pair(&golden, name);
        let test = kolmogorov_smirnov(&left, &right).unwrap();
        let scipy = numbers(&expected["kolmogorov-smirnov"]);
        close(test.statistic, scipy[0], 1e-14);
        close(test.p_value, scipy[1], 1e-9);
        assert_eq!(test.method, Method::Exact);

        let test = mann_whitney(&left, &right).unwrap();
        let scipy = numbers(&expected["mann-whitney"]);
        close(test.statistic, scipy[0], 1e-14);
        close(test.p_value, scipy[1], 1e-11);
        assert_eq!(test.method, method(expected), "{name}");

        let superiority = expected["superiority"].as_f64().unwrap();
        close(probability_of_superiority(&left, &right).unwrap(), superiority, 1e-14);
        close(
            hedges_g(&left, &right).unwrap(),
            expected["hedges-g"].as_f64().unwrap(),
            1e-12,
        );
    }
}

#[test]
fn signed_ranks() {
    let golden = golden();
    for (name, expected) in golden["paired"].as_object().unwrap() {
        let (left, right) = pair(&golden, name);
        let test = wilcoxon_signed_rank(&left, &right).unwrap();
        close(test.statistic, expected["statistic"].as_f64().unwrap(), 1e-14);
        close(test.p_value, expected["p"].as_f64().unwrap(), 1e-11);
        assert_eq!(test.method, method(expected), "{name}");
    }
}

#[test]
fn bootstrap_intervals_are_those_of_scipy_with_the_same_draws() {
    let golden = golden();
    let (sample, _) = pair(&golden, "seeds");
    let (_, other) = pair(&golden, "long");
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let middle = |values: &[f64]| median(values).unwrap();
    let settings = |seed| Bootstrap {
        resamples: 2000,
        seed,
        confidence: 0.9,
        ..Bootstrap::default()
    };
    let estimates = [
        ("percentile-median", settings(3).percentile(&sample, middle).unwrap()),
        ("bca-mean", settings(4).bias_corrected(&sample, mean).unwrap()),
        (
            "percentile-median-difference",
            settings(5)
                .percentile_of_two(&sample, &other, |left, right| middle(left) - middle(right))
                .unwrap(),
        ),
    ];
    for (name, estimate) in estimates {
        let expected = numbers(&golden["bootstrap"][name]);
        close(estimate.interval.lower, expected[0], 1e-9);
        close(estimate.interval.upper, expected[1], 1e-9);
    }
}

#[test]
fn quantiles_have_the_bits_of_numpy() {
    let golden = golden();
    let (sample, _) = pair(&golden, "seeds");
    let found: Vec<f64> = numbers(&golden["quantiles"]["probabilities"])
        .into_iter()
        .map(|probability| quantile(&sample, probability).unwrap())
        .collect();
    assert_eq!(found, numbers(&golden["quantiles"]["values"]));
}

#[test]
fn holm() {
    let golden = golden();
    let found = holm_adjusted(&numbers(&golden["holm"]["p"])).unwrap();
    assert_eq!(found, numbers(&golden["holm"]["adjusted"]));
}

#[test]
fn clopper_pearson_intervals() {
    for row in golden()["proportions"].as_array().unwrap() {
        let row = numbers(row);
        let interval = proportion_interval(row[0] as usize, row[1] as usize, 0.95).unwrap();
        close(interval.lower, row[2], 1e-7);
        close(interval.upper, row[3], 1e-7);
    }
}

#[test]
fn diebold_mariano_losses() {
    let golden = golden();
    let (left, right) = pair(&golden, "long");
    let left: Vec<f64> = left[..90].iter().map(|value| value * value).collect();
    let right: Vec<f64> = right.iter().map(|value| value.abs()).collect();
    for row in golden["diebold-mariano"].as_array().unwrap() {
        let row = numbers(row);
        let test = diebold_mariano(&left, &right, row[0] as usize).unwrap();
        close(test.statistic, row[1], 1e-11);
        close(test.p_value, row[2], 1e-9);
    }
}

#[test]
fn many_models_over_many_data_sets() {
    let golden = golden();
    for row in golden["friedman"].as_array().unwrap() {
        let values: Vec<Vec<f64>> = row["values"].as_array().unwrap().iter().map(numbers).collect();
        let borrowed: Vec<&[f64]> = values.iter().map(Vec::as_slice).collect();
        let test = friedman(&borrowed).unwrap();
        close(test.chi_squared, row["chi-squared"].as_f64().unwrap(), 1e-12);
        close(test.p_value, row["p"].as_f64().unwrap(), 1e-9);
    }
    for row in golden["nemenyi"].as_array().unwrap() {
        let row = numbers(row);
        let found = nemenyi_critical_difference(row[0] as usize, row[1] as usize, 0.95).unwrap();
        // SciPy's own quantile is good to nine digits or so.
        close(found, row[2], 1e-7);
    }
}
