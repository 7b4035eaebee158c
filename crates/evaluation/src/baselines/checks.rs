//! The checks that all baselines make of what they are given.

use crate::error::{FitError, ForecastError};
use crate::history::{History, Training};

/// Every series has at least `needed` values, all finite, and there is a series.
pub(super) fn training(model: &str, training: &Training<'_>, needed: usize) -> Result<(), FitError> {
    if training.series.is_empty() {
        return Err(FitError::NoSeries {
            model: model.to_owned(),
        });
    }
    for series in training.series {
        let unique_id = || series.unique_id().to_owned();
        if series.len() < needed {
            let (model, found) = (model.to_owned(), series.len());
            return Err(FitError::TooShort {
                model,
                unique_id: unique_id(),
                needed,
                found,
            });
        }
        if let Some(index) = first_not_finite(series) {
            return Err(FitError::NotFinite {
                model: model.to_owned(),
                unique_id: unique_id(),
                index,
            });
        }
    }
    Ok(())
}

/// The history has at least `needed` values, all finite.
pub(super) fn history(model: &str, history: &History<'_>, needed: usize) -> Result<(), ForecastError> {
    let unique_id = || history.unique_id().to_owned();
    if history.len() < needed {
        let (model, found) = (model.to_owned(), history.len());
        return Err(ForecastError::TooShort {
            model,
            unique_id: unique_id(),
            needed,
            found,
        });
    }
    match first_not_finite(history) {
        Some(index) => Err(ForecastError::NotFinite {
            model: model.to_owned(),
            unique_id: unique_id(),
            index,
        }),
        None => Ok(()),
    }
}

/// A setting that counts something is at least one.
pub(super) fn positive(model: &str, parameter: &'static str, value: usize) -> Result<(), FitError> {
    at_most(model, parameter, value, usize::MAX, "at least 1")
}

/// A setting is between one and `most`.
pub(super) fn at_most(
    model: &str,
    parameter: &'static str,
    value: usize,
    most: usize,
    expected: &str,
) -> Result<(), FitError> {
    if (1..=most).contains(&value) {
        return Ok(());
    }
    let (model, expected) = (model.to_owned(), expected.to_owned());
    Err(FitError::Parameter {
        model,
        parameter,
        value: value.to_string(),
        expected,
    })
}

fn first_not_finite(history: &History<'_>) -> Option<usize> {
    let index = history.values().iter().position(|value| !value.is_finite())?;
    Some(history.first_index() + index)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use crate::baselines::{
        Autoregression, ExponentialSmoothing, SeasonLength, SeasonalDifference, SeasonalMean, SeasonalNaive, Theta,
        TrailingMean,
    };
    use crate::{FitError, ForecastError, Forecaster, History, Training};

    #[test]
    fn a_value_that_is_not_finite_is_named_by_its_place_in_the_series() {
        let mut values = vec![1.0; 10];
        values[6] = f64::NAN;
        for history in [History::new(&values), History::new(&values).last(5)] {
            let error = super::training("model", &Training::new(&[history], 1), 1).unwrap_err();
            assert!(matches!(error, FitError::NotFinite { index: 6, .. }), "{error}");
            let error = super::history("model", &history, 1).unwrap_err();
            assert!(matches!(error, ForecastError::NotFinite { index: 6, .. }), "{error}");
        }
        assert!(super::history("model", &History::new(&values).last(3), 1).is_ok());
        assert!(History::new(&[]).is_empty() && !History::new(&values).is_empty());
    }

    /// The season of a series is part of what was fitted, so it must have been seen twice in what is forecast from.
    #[test]
    fn a_theta_forecast_takes_two_seasons() {
        let values: Vec<f64> = (0..60)
            .map(|step| [3.0, 9.0, 4.0, 8.0, 1.0, 2.0, 7.0][step % 7])
            .collect();
        let season_length = SeasonLength::Given(7);
        let training = History::new(&values);
        let fitted = Theta { season_length }.fit(&Training::new(&[training], 1)).unwrap();
        assert!(fitted.forecast(&History::new(&values[..14]), 1).is_ok());
        let error = fitted.forecast(&History::new(&values[..13]), 1).unwrap_err();
        assert!(
            matches!(
                error,
                ForecastError::TooShort {
                    needed: 14,
                    found: 13,
                    ..
                }
            ),
            "{error}"
        );
    }

    #[test]
    fn lengths_beyond_all_counting_ask_for_more_than_there_is() {
        const MOST: usize = usize::MAX;
        let season_length = SeasonLength::Given(MOST);
        let short: [&dyn Forecaster; 7] = [
            &SeasonalNaive { season_length },
            &TrailingMean { length: MOST },
            &SeasonalDifference::new(MOST),
            &SeasonalDifference {
                trailing: MOST,
                ..SeasonalDifference::new(7)
            },
            // Two of these seasons are more than can be counted.
            &SeasonalMean {
                trailing: 1,
                ..SeasonalMean::new(MOST / 2 + 2)
            },
            &SeasonalMean {
                trailing: MOST,
                ..SeasonalMean::new(10)
            },
            &Autoregression::new(MOST),
        ];
        let values: Vec<f64> = (0..40).map(|step| f64::from(step % 7)).collect();
        let history = History::new(&values);
        let forecast = |model: &dyn Forecaster| match model.fit(&Training::new(&[history], 1)) {
            Ok(fitted) => fitted.forecast(&history, 1),
            Err(FitError::TooShort {
                model,
                unique_id,
                needed,
                found,
            }) => Err(ForecastError::TooShort {
                model,
                unique_id,
                needed,
                found,
            }),
            Err(error) => panic!("{error}"),
        };
        for model in short {
            let error = forecast(model).unwrap_err();
            assert!(matches!(error, ForecastError::TooShort { found: 40, .. }), "{error}");
        }
        // These do without a season that they cannot see twice.
        for season_length in [MOST, MOST / 2 + 2, MOST / 3 + 2] {
            let season_length = SeasonLength::Given(season_length);
            assert!(forecast(&ExponentialSmoothing { season_length }).is_ok());
            assert!(forecast(&Theta { season_length }).is_ok());
        }
    }
}
