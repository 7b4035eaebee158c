//! Metrics of intervals and quantiles.

use super::{Points, Undefined};
use crate::sums::mean;

/// Actual values and the intervals that were to hold them: checked once, of one length, not empty, finite, not crossed.
#[derive(Debug, Clone, Copy)]
pub struct Intervals<'a> {
    actual: &'a [f64],
    lower: &'a [f64],
    upper: &'a [f64],
}

impl<'a> Intervals<'a> {
    /// Puts bounds beside actual values.
    ///
    /// # Errors
    /// If there are none, if their numbers differ, if one is not finite, or if a lower bound lies above its upper bound.
    pub fn new(actual: &'a [f64], lower: &'a [f64], upper: &'a [f64]) -> Result<Self, Undefined> {
        Points::new(actual, lower)?;
        Points::new(actual, upper)?;
        match lower.iter().zip(upper).position(|(lower, upper)| lower > upper) {
            Some(index) => Err(Undefined::Crossed { index }),
            None => Ok(Self { actual, lower, upper }),
        }
    }

    /// How many intervals there are.
    pub fn count(&self) -> usize {
        self.actual.len()
    }

    /// How many actual values lie in their interval, bounds included.
    pub fn hits(&self) -> usize {
        let bounds = self.lower.iter().zip(self.upper);
        self.actual
            .iter()
            .zip(bounds)
            .filter(|(actual, (lower, upper))| (*lower..=*upper).contains(actual))
            .count()
    }

    /// The share of actual values that lie in their interval.
    pub fn coverage(&self) -> f64 {
        self.hits() as f64 / self.count() as f64
    }

    /// The mean width: `Σ (upper − lower) / n`. Of two methods with the same coverage the narrower is better.
    pub fn mean_width(&self) -> f64 {
        let widths: f64 = self
            .upper
            .iter()
            .zip(self.lower)
            .map(|(upper, lower)| upper - lower)
            .sum();
        widths / self.count() as f64
    }
}

/// Mean pinball (quantile) loss of forecasts of the quantile at probability `q`: `Σ max(q·(y − ŷ), (q − 1)·(y − ŷ)) / n`.
/// At one half it is half the MAE. Koenker & Bassett (1978), *Econometrica* 46, 33–50.
///
/// # Errors
/// If there are no points, their numbers differ, one is not finite, or `q` is not inside 0 and 1.
pub fn pinball_loss(actual: &[f64], forecast: &[f64], probability: f64) -> Result<f64, Undefined> {
    if !(probability > 0.0 && probability < 1.0) {
        return Err(Undefined::Probability { value: probability });
    }
    let points = Points::new(actual, forecast)?;
    let losses: Vec<f64> = points
        .errors()
        .map(|error| (-probability * error).max((1.0 - probability) * error))
        .collect();
    Ok(mean(&losses))
}

/// The continuous ranked probability score, from forecasts of quantiles: twice the mean of their pinball losses. With
/// ever more, evenly spread probabilities it approaches `∫ (F(x) − 1{x ≥ y})² dx`; with a few it serves to compare
/// forecasts of the same probabilities. Gneiting & Raftery (2007), *Journal of the American Statistical Association* 102,
/// 359–378, section 4.2; Laio & Tamea (2007), *Hydrology and Earth System Sciences* 11, 1267–1277, for the integral.
///
/// # Errors
/// As [`pinball_loss`], or if there are no quantiles.
pub fn crps_from_quantiles(actual: &[f64], quantiles: &[(f64, &[f64])]) -> Result<f64, Undefined> {
    let losses = quantiles
        .iter()
        .map(|(probability, forecast)| pinball_loss(actual, forecast, *probability))
        .collect::<Result<Vec<f64>, Undefined>>()?;
    if losses.is_empty() {
        return Err(Undefined::NoIntervals {
            wanted: "quantiles".to_owned(),
        });
    }
    Ok(2.0 * mean(&losses))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn bounds_belong_to_the_interval() {
        let intervals = Intervals::new(&[1.0, 2.0, 3.0], &[1.0, 0.0, 3.5], &[1.5, 2.0, 4.0]).unwrap();
        assert_eq!(intervals.hits(), 2);
        assert_eq!(intervals.mean_width(), 1.0);
    }

    #[test]
    fn crossed_bounds_and_wrong_probabilities_are_undefined() {
        let crossed = Intervals::new(&[1.0], &[2.0], &[1.0]).unwrap_err();
        assert_eq!(crossed, Undefined::Crossed { index: 0 });
        assert_eq!(
            pinball_loss(&[1.0], &[1.0], 1.0),
            Err(Undefined::Probability { value: 1.0 })
        );
        assert!(crps_from_quantiles(&[1.0], &[]).is_err());
    }

    #[test]
    fn a_quantile_that_is_too_low_costs_its_probability() {
        assert_eq!(pinball_loss(&[10.0], &[6.0], 0.75), Ok(3.0));
        assert_eq!(pinball_loss(&[6.0], &[10.0], 0.75), Ok(1.0));
    }

    #[test]
    fn the_crps_of_many_quantiles_approaches_its_integral() {
        // Uniform on 0..1, value y: ∫ (F − 1{x ≥ y})² = y³/3 + (1−y)³/3.
        let probabilities: Vec<f64> = (0..1000).map(|step| (f64::from(step) + 0.5) / 1000.0).collect();
        let forecasts: Vec<[f64; 1]> = probabilities.iter().map(|probability| [*probability]).collect();
        let quantiles: Vec<(f64, &[f64])> = probabilities
            .iter()
            .zip(&forecasts)
            .map(|(probability, forecast)| (*probability, &forecast[..]))
            .collect();
        let found = crps_from_quantiles(&[0.3], &quantiles).unwrap();
        assert!((found - (0.027 + 0.343) / 3.0).abs() < 1e-6, "{found}");
    }
}
