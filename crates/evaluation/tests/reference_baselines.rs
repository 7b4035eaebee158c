//! The classical methods on the validation part of the reference series, one step ahead, against figures computed
//! independently with NumPy (`golden/reference_baselines.py`).
#![allow(clippy::unwrap_used)]

use recurra_evaluation::baselines::{
    Autoregression, Drift, ExponentialSmoothing, Naive, SeasonLength, SeasonalDifference, SeasonalMean, SeasonalNaive,
    Theta, TrailingMean,
};
use recurra_evaluation::metrics::Points;
use recurra_evaluation::{Forecaster, History, Training, one_step_ahead};
use recurra_series::reference;

fn reference() -> Vec<f64> {
    reference::values().into_iter().map(f64::from).collect()
}

/// MAE, MSE and bias.
fn scores(model: &dyn Forecaster) -> [f64; 3] {
    let values = reference();
    let series = History::new(&values);
    let training = [series.until(reference::TRAIN_LENGTH).unwrap()];
    let fitted = model.fit(&Training::new(&training, 1)).unwrap();
    let forecast = one_step_ahead(fitted.as_ref(), &series, reference::TRAIN_LENGTH).unwrap();
    let points = Points::new(&values[reference::TRAIN_LENGTH..], &forecast).unwrap();
    assert_eq!(points.count(), 461);
    [points.mean_absolute_error(), points.mean_squared_error(), points.bias()]
}

#[track_caller]
// NumPy's cosine and exponential differ from the crate's in a last place of `f32` here and there.
fn expect(model: &dyn Forecaster, expected: [f64; 3]) {
    for (found, expected) in scores(model).iter().zip(expected) {
        assert!(
            (found - expected).abs() < 1e-7 * expected.abs().max(1.0),
            "{}: {found} {expected}",
            model.name()
        );
    }
}

#[test]
fn naive() {
    expect(&Naive, [5.937908280180229, 61.827533432788954, -0.11954658822744374]);
}

#[test]
fn trailing_mean() {
    expect(
        &TrailingMean::default(),
        [7.142418789811868, 106.6745715948732, -0.8631274523290273],
    );
}

#[test]
fn seasonal_difference() {
    expect(
        &SeasonalDifference::new(365),
        [5.83931068966549, 52.973661954470224, -0.143938304379809],
    );
}

#[test]
fn smoothed_seasonal_difference() {
    expect(
        &SeasonalDifference::smoothed(365),
        [4.569441873877271, 33.45226284484286, -0.1338192538842719],
    );
}

#[test]
fn seasonal_mean() {
    expect(
        &SeasonalMean::new(365),
        [4.413930837375611, 32.30227106044407, -0.09738295250187239],
    );
    let trailing = |trailing| SeasonalMean {
        trailing,
        ..SeasonalMean::new(365)
    };
    expect(
        &trailing(150),
        [4.386561030204518, 31.82363083756614, -0.09102318980880449],
    );
}

#[test]
fn autoregression() {
    expect(
        &Autoregression::new(20),
        [4.951698058826976, 45.36225596392322, -1.112228801236988],
    );
    let penalised = |penalty| Autoregression { window: 20, penalty };
    expect(
        &penalised(0.0),
        [4.954935166782261, 45.40267986259681, -1.1059065143649438],
    );
    expect(
        &penalised(25.0),
        [4.907638131795943, 44.943200136891164, -1.2503080924091694],
    );
}

#[test]
fn a_baseline_bears_one_name_before_and_after_the_fit() {
    let values: Vec<f64> = (0..100_u32).map(|step| f64::from(step % 7 * step)).collect();
    let season_length = SeasonLength::Given(7);
    let baselines: [(&str, &dyn Forecaster); 10] = [
        ("autoregression", &Autoregression::new(5)),
        ("drift", &Drift),
        ("exponential-smoothing", &ExponentialSmoothing { season_length }),
        ("naive", &Naive),
        ("seasonal-difference", &SeasonalDifference::new(7)),
        ("smoothed-seasonal-difference", &SeasonalDifference::smoothed(14)),
        (
            "seasonal-mean",
            &SeasonalMean {
                trailing: 5,
                smoothing: 3,
                ..SeasonalMean::new(7)
            },
        ),
        ("seasonal-naive", &SeasonalNaive { season_length }),
        ("theta", &Theta { season_length }),
        ("trailing-mean", &TrailingMean { length: 5 }),
    ];
    for (name, model) in baselines {
        assert_eq!(model.name(), name);
        let training = [History::new(&values)];
        assert_eq!(model.fit(&Training::new(&training, 1)).unwrap().name(), name);
    }
}
