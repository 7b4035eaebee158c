//! The Theta method.

use super::checks;
use super::decomposition::{Composition, is_seasonal, seasonal_indices};
use super::line;
use super::per_series::PerSeries;
use super::season_length::SeasonLength;
use super::smoothing::{best_weight, smooth};
use crate::error::{FitError, ForecastError};
use crate::forecaster::{FittedForecaster, Forecaster};
use crate::history::{History, Training};

/// The standard Theta method, winner of the M3 competition: simple exponential smoothing with half the slope of a line
/// through the series as its drift,
///
/// `ŷ[T+h] = l[T] + b/2 · (h − 1 + (1 − (1 − α)ᵀ) / α)`
///
/// on the series without its season, which is added again afterwards. A season is taken out where the autocorrelation at
/// the season length is significant at 10 % in the training part: a multiplicative one if all values and indices are
/// positive, otherwise an additive one. Level, slope and season are taken from the history that a forecast is made from,
/// the smoothing weight `α` from the training part of the series (from that history, for a series that was not in it).
///
/// Assimakopoulos & Nikolopoulos (2000), *International Journal of Forecasting* 16, 521–530, in the form of Hyndman &
/// Billah (2003), the same journal 19, 287–290.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theta {
    /// Steps per season.
    pub season_length: SeasonLength,
}

const NAME: &str = "theta";

impl Forecaster for Theta {
    fn name(&self) -> &str {
        NAME
    }

    fn fit(&self, training: &Training<'_>) -> Result<Box<dyn FittedForecaster>, FitError> {
        let weights = PerSeries::fit(NAME, self.season_length, training, Weight::of)?;
        Ok(Box::new(Fitted(weights)))
    }
}

/// What is learned of a series.
#[derive(Debug, Clone, Copy)]
struct Weight {
    smoothing: f64,
    seasonal: bool,
}

impl Weight {
    fn of(values: &[f64], season_length: usize) -> Self {
        let seasonal = is_seasonal(values, season_length);
        let adjusted = Adjusted::new(values, if seasonal { season_length } else { 1 });
        Self {
            smoothing: best_weight(&adjusted.values),
            seasonal,
        }
    }
}

/// A series without its season.
struct Adjusted {
    values: Vec<f64>,
    indices: Vec<f64>,
    composition: Composition,
}

impl Adjusted {
    fn new(values: &[f64], season_length: usize) -> Self {
        let positive = |values: &[f64]| values.iter().all(|value| *value > 0.0);
        let mut composition = if positive(values) {
            Composition::Multiplicative
        } else {
            Composition::Additive
        };
        if season_length == 1 {
            let composition = Composition::Additive;
            return Self {
                values: values.to_vec(),
                indices: vec![0.0],
                composition,
            };
        }
        let mut indices = seasonal_indices(values, season_length, composition);
        if composition == Composition::Multiplicative && !positive(&indices) {
            composition = Composition::Additive;
            indices = seasonal_indices(values, season_length, composition);
        }
        let season = indices.iter().cycle();
        let values = values
            .iter()
            .zip(season)
            .map(|(value, season)| composition.remove(*value, *season))
            .collect();
        Self {
            values,
            indices,
            composition,
        }
    }
}

#[derive(Debug)]
struct Fitted(PerSeries<Weight>);

impl FittedForecaster for Fitted {
    fn name(&self) -> &str {
        NAME
    }

    fn forecast(&self, history: &History<'_>, horizon: usize) -> Result<Vec<f64>, ForecastError> {
        let weight = self.0.of(history)?;
        let season_length = if weight.seasonal { self.0.season_length } else { 1 };
        checks::history(NAME, history, 2 * season_length)?;

        let Adjusted {
            values,
            indices,
            composition,
        } = Adjusted::new(history.values(), season_length);
        let (level, _) = smooth(&values, weight.smoothing);
        let (_, slope) = line::through(&values);
        let drift = slope / 2.0;
        let lag = settled(weight.smoothing, values.len());
        let season = |step: usize| indices[(values.len() + step) % indices.len()];
        Ok((0..horizon)
            .map(|step| composition.restore(level + drift * (step as f64 + lag), season(step)))
            .collect())
    }
}

/// `(1 − (1 − α)ᵀ) / α`, the sum of `(1 − α)ᵗ` for t below `T`; `T` itself when `α` is zero.
fn settled(weight: f64, count: usize) -> f64 {
    let mut power = 1.0;
    let mut sum = 0.0;
    for _ in 0..count {
        sum += power;
        power *= 1.0 - weight;
    }
    sum
}
