//! Classical references on the validation part, one step ahead each.

use crate::{error::RunError, split_series::SplitSeries};
use recurra_evaluation::{
    FitError, ForecastError, Forecaster, History, Training,
    baselines::{Autoregression, Naive, SeasonalDifference, SeasonalMean, TrailingMean},
    metrics::Points,
    one_step_ahead,
};
use recurra_report::records::Baseline;
use std::collections::BTreeMap;

/// Days in the season of the reference.
const SEASON: usize = 365;
/// The autoregression sees what the networks see.
const WINDOW: usize = 20;

/// The errors of the classical methods, by name: fitted on the training part, then
/// asked for each value of the validation part from all values before it. A method that needs a longer training part is left
/// out.
///
/// # Errors
/// If a method cannot be fitted or forecasts no number.
pub(crate) fn baselines(data: &SplitSeries) -> Result<BTreeMap<String, Baseline>, RunError> {
    let mut found = BTreeMap::new();
    for method in methods() {
        if let Some(baseline) = baseline(method.as_ref(), data)? {
            found.insert(method.name().to_string(), baseline);
        }
    }
    Ok(found)
}

/// The names that [`baselines`] gives figures for.
pub(crate) fn names() -> Vec<String> {
    methods().iter().map(|method| method.name().to_string()).collect()
}

fn methods() -> [Box<dyn Forecaster>; 6] {
    [
        Box::new(Naive),
        Box::new(TrailingMean::default()),
        Box::new(SeasonalDifference::new(SEASON)),
        Box::new(SeasonalDifference::smoothed(SEASON)),
        Box::new(SeasonalMean::new(SEASON)),
        Box::new(Autoregression::new(WINDOW)),
    ]
}

/// The errors of one method; `None` if it needs more values than come before the validation part.
fn baseline(method: &dyn Forecaster, data: &SplitSeries) -> Result<Option<Baseline>, RunError> {
    let wrong = |message: String| RunError::Baseline {
        name: method.name().to_string(),
        message,
    };
    let values: Vec<f64> = data.values.iter().map(|value| f64::from(*value)).collect();
    let (series, split) = (History::new(&values), data.split.min(values.len()));
    let training = series.until(split).unwrap_or(series);
    let fitted = match method.fit(&Training::new(&[training], 1)) {
        Err(FitError::TooShort { .. }) => return Ok(None),
        fitted => fitted.map_err(|error| wrong(error.to_string()))?,
    };
    let forecast = match one_step_ahead(fitted.as_ref(), &series, split) {
        Err(ForecastError::TooShort { .. }) => return Ok(None),
        forecast => forecast.map_err(|error| wrong(error.to_string()))?,
    };
    let points = Points::new(&values[split..], &forecast).map_err(|error| wrong(error.to_string()))?;
    Ok(Some(Baseline {
        mae: points.mean_absolute_error(),
        mse: points.mean_squared_error(),
        bias: points.bias(),
    }))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use recurra_series::reference;

    /// The figures stand in the description of the reference, found with NumPy.
    #[test]
    fn the_known_figures_come_out() {
        let found = baselines(&SplitSeries::new(reference::values(), reference::TRAIN_LENGTH)).unwrap();
        let known = [
            ("naive", 5.9379),
            ("trailing-mean", 7.1424),
            ("seasonal-difference", 5.8393),
            ("smoothed-seasonal-difference", 4.5694),
        ];
        for (name, mae) in known {
            assert!((found[name].mae - mae).abs() < 5.1e-5, "{name}: {}", found[name].mae);
        }
        assert!((found["naive"].mse - 61.828).abs() < 5.1e-4);
        assert!((4.89..4.96).contains(&found["autoregression"].mae));
        assert!((4.38..4.44).contains(&found["seasonal-mean"].mae));
        assert_eq!(found.len(), names().len());
    }

    #[test]
    fn a_method_that_needs_two_years_is_left_out_after_one() {
        let mut values = reference::values();
        values.truncate(700);
        let found = baselines(&SplitSeries::new(values, 600)).unwrap();
        assert!(found.contains_key("seasonal-difference") && !found.contains_key("seasonal-mean"));
    }
}
