//! What one piece of a backtest came to: forecasts and failures, which can be kept as data bit for bit.

use super::result::Failure;
use serde::{Deserialize, Serialize};

/// For every level the horizon's lower and upper bounds.
pub(super) type OwnBounds = Vec<(Vec<f64>, Vec<f64>)>;

/// What a model forecast at one cutoff.
#[derive(Debug, Clone)]
pub(super) struct Forecast {
    /// The horizon's values.
    pub(super) values: Vec<f64>,
    /// What its intervals are made around.
    pub(super) bands: Bands,
}

/// What the intervals of a forecast are made around.
#[derive(Debug, Clone)]
pub(super) enum Bands {
    /// Its values, as the model forecasts no quantiles.
    Points,
    /// The bounds that the model itself gives.
    Own(OwnBounds),
    /// Nothing: the model forecasts quantiles, but could not here. Intervals around points would be mixed under one name with
    /// those around quantiles, so there are none.
    Missing,
}

/// Forecasts of one model by series and fold; `None` where there is none.
pub(super) type Forecasts = Vec<Vec<Option<Forecast>>>;

/// What a piece of a backtest came to. As data its numbers are their bits, so that none is lost that JSON cannot hold.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(into = "Kept", from = "Kept")]
pub struct BlockOutcome {
    pub(super) forecasts: Forecasts,
    pub(super) failures: Vec<Failure>,
}

impl BlockOutcome {
    /// Whether it is of so many series, folds, steps ahead and levels.
    pub(super) fn fits(&self, series: usize, folds: usize, horizon: usize, levels: usize) -> bool {
        let bands = |bands: &Bands| match bands {
            Bands::Own(own) => {
                let whole = |(lower, upper): &(Vec<f64>, Vec<f64>)| lower.len() == horizon && upper.len() == horizon;
                own.len() == levels && own.iter().all(whole)
            }
            Bands::Points | Bands::Missing => true,
        };
        let mut all = self.forecasts.iter().flatten().flatten();
        self.forecasts.len() == series
            && self.forecasts.iter().all(|of_series| of_series.len() == folds)
            && all.all(|forecast| forecast.values.len() == horizon && bands(&forecast.bands))
    }
}

impl PartialEq for BlockOutcome {
    /// Whether all bits are the same.
    fn eq(&self, other: &Self) -> bool {
        Kept::from(self.clone()) == Kept::from(other.clone())
    }
}

/// An outcome as it is kept.
#[derive(PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    forecasts: Vec<Vec<Option<KeptForecast>>>,
    failures: Vec<Failure>,
}

#[derive(PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptForecast {
    values: Vec<u64>,
    bands: KeptBands,
}

#[derive(PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
enum KeptBands {
    Points,
    Own(Vec<(Vec<u64>, Vec<u64>)>),
    Missing,
}

fn bits(values: Vec<f64>) -> Vec<u64> {
    values.into_iter().map(f64::to_bits).collect()
}

fn numbers(bits: Vec<u64>) -> Vec<f64> {
    bits.into_iter().map(f64::from_bits).collect()
}

impl From<BlockOutcome> for Kept {
    fn from(outcome: BlockOutcome) -> Self {
        let forecast = |forecast: Forecast| KeptForecast {
            values: bits(forecast.values),
            bands: match forecast.bands {
                Bands::Points => KeptBands::Points,
                Bands::Missing => KeptBands::Missing,
                Bands::Own(own) => KeptBands::Own(
                    own.into_iter()
                        .map(|(lower, upper)| (bits(lower), bits(upper)))
                        .collect(),
                ),
            },
        };
        let series = |folds: Vec<Option<Forecast>>| folds.into_iter().map(|fold| fold.map(forecast)).collect();
        Self {
            forecasts: outcome.forecasts.into_iter().map(series).collect(),
            failures: outcome.failures,
        }
    }
}

impl From<Kept> for BlockOutcome {
    fn from(kept: Kept) -> Self {
        let forecast = |forecast: KeptForecast| Forecast {
            values: numbers(forecast.values),
            bands: match forecast.bands {
                KeptBands::Points => Bands::Points,
                KeptBands::Missing => Bands::Missing,
                KeptBands::Own(own) => Bands::Own(
                    own.into_iter()
                        .map(|(lower, upper)| (numbers(lower), numbers(upper)))
                        .collect(),
                ),
            },
        };
        let series = |folds: Vec<Option<KeptForecast>>| folds.into_iter().map(|fold| fold.map(forecast)).collect();
        Self {
            forecasts: kept.forecasts.into_iter().map(series).collect(),
            failures: kept.failures,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_bit_comes_back() {
        let own = vec![(vec![f64::NAN, -0.0], vec![f64::INFINITY, 0.1 + 0.2])];
        let forecast = |bands| {
            let values = vec![f64::MIN_POSITIVE / 2.0, f64::NEG_INFINITY];
            Some(Forecast { values, bands })
        };
        let outcome = BlockOutcome {
            forecasts: vec![vec![forecast(Bands::Own(own)), None, forecast(Bands::Missing)]],
            failures: vec![Failure {
                model: "drift".into(),
                unique_id: None,
                cutoff: 3,
                message: "no".into(),
            }],
        };
        let text = serde_json::to_string(&outcome).unwrap();
        let back: BlockOutcome = serde_json::from_str(&text).unwrap();
        assert!(back == outcome);
        let mut other = outcome;
        other.failures[0].cutoff = 4;
        assert!(back != other);
        assert!(back.fits(1, 3, 2, 1));
        for (series, folds, horizon, levels) in [(2, 3, 2, 1), (1, 2, 2, 1), (1, 3, 1, 1), (1, 3, 2, 2)] {
            assert!(!back.fits(series, folds, horizon, levels));
        }
    }
    #[test]
    fn a_band_that_is_short_on_one_side_fits_nothing() {
        let outcome = |lower: Vec<f64>, upper: Vec<f64>| BlockOutcome {
            forecasts: vec![vec![Some(Forecast {
                values: vec![1.0, 2.0],
                bands: Bands::Own(vec![(lower, upper)]),
            })]],
            failures: Vec::new(),
        };
        assert!(outcome(vec![0.0, 1.0], vec![2.0, 3.0]).fits(1, 1, 2, 1));
        assert!(!outcome(vec![0.0], vec![2.0, 3.0]).fits(1, 1, 2, 1));
        assert!(!outcome(vec![0.0, 1.0], vec![2.0]).fits(1, 1, 2, 1));
    }
}
