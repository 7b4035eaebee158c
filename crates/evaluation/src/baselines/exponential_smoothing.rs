//! Exponential smoothing whose components are chosen from the data.

use super::checks;
use super::per_series::PerSeries;
use super::season_length::SeasonLength;
use super::smoothing::{Form, Parameters, State, minimise};
use crate::error::{FitError, ForecastError};
use crate::forecaster::{FittedForecaster, Forecaster};
use crate::history::{History, Training};

/// Exponential smoothing with additive errors, chosen by the corrected Akaike criterion among four forms: level alone
/// (simple exponential smoothing), with a damped trend (Holt), with a season (Holt–Winters), with both.
///
/// The smoothing parameters of a series are those with the smallest sum of squared one-step errors in its training part;
/// its states start from the first seasons (or ten values) and run through the whole history that a forecast is made
/// from. A series that was not in the training part gets parameters from that history.
///
/// Hyndman, Koehler, Ord & Snyder (2008), *Forecasting with Exponential Smoothing*: ETS(A,N,N), (A,Ad,N), (A,N,A) and
/// (A,Ad,A), with their criterion but starting states that are not optimised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExponentialSmoothing {
    /// Steps per season. A season is considered from two whole ones on.
    pub season_length: SeasonLength,
}

const NAME: &str = "exponential-smoothing";

impl Forecaster for ExponentialSmoothing {
    fn name(&self) -> &str {
        NAME
    }

    fn fit(&self, training: &Training<'_>) -> Result<Box<dyn FittedForecaster>, FitError> {
        let smoothings = PerSeries::fit(NAME, self.season_length, training, Smoothing::best)?;
        Ok(Box::new(Fitted(smoothings)))
    }
}

/// A form with its parameters.
#[derive(Debug, Clone, Copy)]
struct Smoothing {
    form: Form,
    parameters: Parameters,
}

impl Smoothing {
    fn best(values: &[f64], season_length: usize) -> Self {
        let forms = [(false, 1), (true, 1), (false, season_length), (true, season_length)];
        let forms = if season_length == 1 { &forms[..2] } else { &forms[..] };
        let mut best = Self::fit(
            values,
            Form {
                trend: false,
                season_length: 1,
            },
        );
        for &(trend, season_length) in &forms[1..] {
            let form = Form { trend, season_length };
            if values.len() < form.needed() {
                continue;
            }
            let candidate = Self::fit(values, form);
            if candidate.1 < best.1 {
                best = candidate;
            }
        }
        best.0
    }

    /// The parameters with the smallest sum of squared errors, and the criterion.
    fn fit(values: &[f64], form: Form) -> (Self, f64) {
        let start = [0.3, 0.1, 0.9, 0.1];
        // A form without a component does not search along its parameter.
        let free: Vec<usize> = (0..4)
            .filter(|axis| [true, form.trend, form.trend, form.season_length > 1][*axis])
            .collect();
        let at = |point: &[f64]| {
            let mut cube = start;
            free.iter().zip(point).for_each(|(axis, value)| cube[*axis] = *value);
            parameters(cube, form)
        };
        let begin: Vec<f64> = free.iter().map(|axis| start[*axis]).collect();
        let lowest = minimise(&begin, |point| State::after(values, form, at(point)).1);
        let parameters = at(&lowest);
        let squares = State::after(values, form, parameters).1;
        (Self { form, parameters }, criterion(squares, values.len(), form.free()))
    }
}

/// From the unit cube to the usual region: `β` is a share of `α`, `γ` a share of `1 − α`, `φ` lies between 0.8 and 0.98.
fn parameters(cube: [f64; 4], form: Form) -> Parameters {
    let level = 1e-4 + cube[0] * (0.9999 - 1e-4);
    Parameters {
        level,
        trend: if form.trend { level * cube[1] } else { 0.0 },
        damping: if form.trend { 0.8 + cube[2] * 0.18 } else { 0.0 },
        season: if form.season_length > 1 {
            (1.0 - level) * cube[3]
        } else {
            0.0
        },
    }
}

/// Akaike's criterion with the correction for short series, up to a constant; infinite when there are too few values for
/// that many free numbers.
fn criterion(squares: f64, count: usize, free: usize) -> f64 {
    // One more for the variance of the errors.
    let (count, free) = (count as f64, free as f64 + 1.0);
    if count - free - 1.0 <= 0.0 {
        return f64::INFINITY;
    }
    // An exact fit would be minus infinity whatever the number of parameters.
    let likelihood = count * libm::log((squares / count).max(f64::MIN_POSITIVE));
    likelihood + 2.0 * free + 2.0 * free * (free + 1.0) / (count - free - 1.0)
}

#[derive(Debug)]
struct Fitted(PerSeries<Smoothing>);

impl FittedForecaster for Fitted {
    fn name(&self) -> &str {
        NAME
    }

    fn forecast(&self, history: &History<'_>, horizon: usize) -> Result<Vec<f64>, ForecastError> {
        let smoothing = self.0.of(history)?;
        checks::history(NAME, history, smoothing.form.needed())?;
        let (state, _) = State::after(history.values(), smoothing.form, smoothing.parameters);
        Ok(state.forecast(horizon, smoothing.parameters.damping))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use recurra_series::RandomState;

    #[test]
    fn the_criterion_is_that_of_akaike_with_its_correction() {
        // Four free numbers of ten values with the variance: 10 ln 0.8 + 2·4 + 2·4·5/(10 − 4 − 1).
        assert_eq!(criterion(8.0, 10, 3), 10.0 * libm::log(0.8) + 8.0 + 8.0);
        assert!(criterion(8.0, 6, 3).is_finite());
        for too_few in [1, 3, 4, 5] {
            assert_eq!(criterion(8.0, too_few, 3), f64::INFINITY, "{too_few}");
        }
    }

    #[test]
    fn a_season_that_was_seen_twice_can_be_chosen() {
        let values: Vec<f64> = (0..24).map(|step| [0.0, 9.0, 3.0, 7.0, 1.0, 8.0][step % 6]).collect();
        assert_eq!(Smoothing::best(&values[..12], 6).form.season_length, 6);
        assert_eq!(Smoothing::best(&values[..11], 6).form.season_length, 1);
        assert_eq!(Smoothing::best(&values, 6).form.season_length, 6);
    }

    #[test]
    fn the_unit_cube_fills_the_usual_region() {
        let form = Form {
            trend: true,
            season_length: 4,
        };
        for (corner, level) in [(0.0, 1e-4), (1.0, 0.9999)] {
            let found = parameters([corner; 4], form);
            let expected = Parameters {
                level,
                trend: level * corner,
                damping: 0.8 + 0.18 * corner,
                season: (1.0 - level) * corner,
            };
            assert_eq!(found, expected);
        }
        let without = Form {
            trend: false,
            season_length: 1,
        };
        let found = parameters([1.0; 4], without);
        assert_eq!((found.trend, found.damping, found.season), (0.0, 0.0, 0.0));
    }

    #[test]
    fn the_trend_has_three_free_numbers_and_a_season_one_for_each_step() {
        let free = |trend, season_length| Form { trend, season_length }.free();
        assert_eq!((free(false, 0), free(false, 1), free(false, 2)), (2, 2, 4));
        assert_eq!((free(true, 1), free(true, 12)), (5, 17));
    }

    fn noisy(count: usize, clean: impl Fn(f64) -> f64) -> Vec<f64> {
        let draws = RandomState::new(8).randn(count);
        draws
            .iter()
            .enumerate()
            .map(|(step, draw)| clean(step as f64) + 0.5 * draw)
            .collect()
    }

    fn form(values: &[f64]) -> (bool, usize) {
        let chosen = Smoothing::best(values, 4).form;
        (chosen.trend, chosen.season_length)
    }

    #[test]
    fn the_form_follows_the_data() {
        let season = |step: f64| [2.0, -3.0, 1.0, 0.0][step as usize % 4];
        assert_eq!(form(&noisy(80, |_| 10.0)), (false, 1));
        assert_eq!(form(&noisy(80, |step| 10.0 + 0.5 * step)), (true, 1));
        assert_eq!(form(&noisy(80, |step| 10.0 + season(step))), (false, 4));
        assert_eq!(form(&noisy(80, |step| 10.0 + 0.5 * step + season(step))), (true, 4));
    }

    #[test]
    fn no_parameters_of_a_grid_are_better() {
        let values = noisy(60, |step| 10.0 + 0.5 * step + [2.0, -3.0, 1.0, 0.0][step as usize % 4]);
        for (trend, season_length) in [(false, 1), (true, 1), (false, 4), (true, 4)] {
            let form = Form { trend, season_length };
            let best = State::after(&values, form, Smoothing::fit(&values, form).0.parameters).1;
            for point in 0..7 * 7 * 7 * 7 {
                let cube = [1, 7, 49, 343].map(|place| f64::from(point / place % 7) / 6.0);
                let other = State::after(&values, form, parameters(cube, form)).1;
                assert!(best <= other * (1.0 + 1e-6), "{form:?} {cube:?}: {best} {other}");
            }
        }
    }

    #[test]
    fn a_series_that_was_not_trained_on_is_smoothed_all_the_same() {
        let (known, other) = (noisy(40, |_| 10.0), noisy(40, |step| 500.0 + step));
        let fitted = ExponentialSmoothing {
            season_length: SeasonLength::Given(1),
        }
        .fit(&Training::new(&[History::new(&known)], 1))
        .unwrap();
        let forecast = fitted
            .forecast(&History::new(&other).with_unique_id("other"), 1)
            .unwrap();
        assert!((forecast[0] - 540.0).abs() < 3.0, "{forecast:?}");
    }
}
