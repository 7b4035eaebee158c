//! Scalers invert, and say what they cannot scale.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use recurra_series::{LogScaler, MinMaxScaler, StandardScaler};

fn close(a: &[f32], b: &[f32], unit: f64) -> bool {
    a.iter()
        .zip(b)
        .all(|(&a, &b)| (f64::from(a) - f64::from(b)).abs() <= unit)
}

proptest! {
    #[test]
    fn standard_and_min_max_invert(values in prop::collection::vec(-1e4_f32..1e4, 1..50)) {
        // One rounding of the scaled value to f32, magnified by the width, and one of the result.
        let spread = f64::from(values.iter().fold(0.0_f32, |most, v| most.max(v.abs()))) * 4.0 * f64::from(f32::EPSILON);
        let standard = StandardScaler::fit(&values).unwrap();
        prop_assert!(close(&standard.invert(&standard.transform(&values)), &values, spread));
        let min_max = MinMaxScaler::fit(&values).unwrap();
        let scaled = min_max.transform(&values);
        prop_assert!(scaled.iter().all(|y| (0.0..=1.0).contains(y)));
        prop_assert!(close(&min_max.invert(&scaled), &values, spread));
    }

    #[test]
    fn the_standard_scaler_is_fitted_to_mean_zero_and_deviation_one(values in prop::collection::vec(-1e3_f32..1e3, 3..50)) {
        let scaler = StandardScaler::fit(&values).unwrap();
        let scaled = scaler.transform(&values);
        let n = scaled.len() as f64;
        let mean = scaled.iter().map(|&y| f64::from(y)).sum::<f64>() / n;
        let square = scaled.iter().map(|&y| f64::from(y).powi(2)).sum::<f64>() / n;
        prop_assert!(mean.abs() < 1e-6, "{}", mean);
        prop_assert!((square - 1.0).abs() < 1e-6 || values.iter().all(|v| *v == values[0]), "{}", square);
    }

    #[test]
    fn the_log_scaler_inverts(values in prop::collection::vec(1e-3_f32..1e5, 1..50)) {
        let scaler = LogScaler::fit(&values).unwrap();
        for (back, value) in scaler.invert(&scaler.transform(&values)).iter().zip(&values) {
            prop_assert!((back / value - 1.0).abs() < 1e-5, "{} {}", back, value);
        }
    }
}

#[test]
fn a_constant_series_becomes_zeros_and_inverts() {
    let values = [0.1_f64; 1000];
    let standard = StandardScaler::fit(&values).unwrap();
    assert!(standard.transform(&values).iter().all(|&y| y == 0.0));
    assert_eq!(standard.invert(&[0.0]), [0.1]);
    let min_max = MinMaxScaler::fit(&values).unwrap();
    assert!(min_max.transform(&values).iter().all(|&y| y == 0.0));
    assert_eq!(min_max.invert(&[0.0]), [0.1]);
}

#[test]
fn scalers_survive_json() {
    let scaler = StandardScaler::fit(&[0.1_f64, 0.7, 1e-9]).unwrap();
    let loaded: StandardScaler = serde_json::from_str(&serde_json::to_string(&scaler).unwrap()).unwrap();
    assert_eq!(loaded, scaler);
}

#[test]
fn what_cannot_be_scaled_is_an_error() {
    let shown = [
        StandardScaler::fit::<f64>(&[]).unwrap_err().to_string(),
        StandardScaler::fit(&[1.0, f64::NAN]).unwrap_err().to_string(),
        MinMaxScaler::fit(&[f64::INFINITY]).unwrap_err().to_string(),
        StandardScaler::fit(&[1e300, -1e300]).unwrap_err().to_string(),
        MinMaxScaler::fit(&[f64::MAX, f64::MIN]).unwrap_err().to_string(),
        LogScaler::fit(&[1.0, 2.0, 0.0]).unwrap_err().to_string(),
    ];
    insta::assert_snapshot!(shown.join("\n"));
}
