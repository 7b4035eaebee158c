//! The metrics by name.

use super::{Level, Scored, SeasonalScale, Undefined};
use std::fmt;
use std::str::FromStr;

/// A metric, as it is named in tables and options: `mae`, `smape`, `coverage-80`.
///
/// ```
/// use recurra_evaluation::metrics::{Metric, Scored};
///
/// let scored = Scored { actual: vec![1.0, 2.0], forecast: vec![2.0, 4.0], ..Scored::default() };
/// let metric: Metric = "rmse".parse()?;
/// assert_eq!(metric.evaluate(&scored)?, 2.5f64.sqrt());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Metric {
    /// [`Points::mean_absolute_error`](super::Points::mean_absolute_error).
    Mae,
    /// [`Points::mean_squared_error`](super::Points::mean_squared_error).
    Mse,
    /// [`Points::root_mean_squared_error`](super::Points::root_mean_squared_error).
    Rmse,
    /// [`Points::bias`](super::Points::bias).
    Bias,
    /// [`Points::mean_absolute_percentage_error`](super::Points::mean_absolute_percentage_error).
    Mape,
    /// [`Points::symmetric_mean_absolute_percentage_error`](super::Points::symmetric_mean_absolute_percentage_error).
    Smape,
    /// Mean of the absolute errors, each over the MAE of the seasonal naive forecast in the training part of its series.
    Mase,
    /// Root of the mean of the squared errors, each over the MSE of the seasonal naive forecast in the training part of
    /// its series.
    Rmsse,
    /// [`Points::r_squared`](super::Points::r_squared).
    RSquared,
    /// [`pinball_loss`](super::pinball_loss), averaged over the bounds of all intervals and the forecast as the median.
    Pinball,
    /// [`crps_from_quantiles`](super::crps_from_quantiles), from the same.
    Crps,
    /// [`Intervals::coverage`](super::Intervals::coverage) at a level.
    Coverage(Level),
    /// [`Intervals::mean_width`](super::Intervals::mean_width) at a level.
    Width(Level),
}

/// Which values of a metric are good.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Target {
    /// The lowest.
    Lowest,
    /// The highest.
    Highest,
    /// Those nearest to a value.
    Nearest(f64),
}

/// A name that no metric has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "there is no metric `{0}`; there are mae, mse, rmse, bias, mape, smape, mase, rmsse, r2, pinball, crps, \
     coverage-LEVEL and width-LEVEL (coverage-80)"
)]
pub struct MetricError(String);

impl Metric {
    /// The metrics of point forecasts.
    pub const OF_POINTS: [Self; 9] = [
        Self::Mae,
        Self::Mse,
        Self::Rmse,
        Self::Bias,
        Self::Mape,
        Self::Smape,
        Self::Mase,
        Self::Rmsse,
        Self::RSquared,
    ];

    /// Computes the metric.
    ///
    /// # Errors
    /// Why it has no value for these forecasts.
    pub fn evaluate(self, scored: &Scored) -> Result<f64, Undefined> {
        let points = scored.points()?;
        match self {
            Self::Mae => Ok(points.mean_absolute_error()),
            Self::Mse => Ok(points.mean_squared_error()),
            Self::Rmse => Ok(points.root_mean_squared_error()),
            Self::Bias => Ok(points.bias()),
            Self::Mape => points.mean_absolute_percentage_error(),
            Self::Smape => points.symmetric_mean_absolute_percentage_error(),
            Self::Mase => scored.mean_scaled(f64::abs, SeasonalScale::mean_absolute),
            Self::Rmsse => Ok(scored
                .mean_scaled(|error| error * error, SeasonalScale::mean_squared)?
                .sqrt()),
            Self::RSquared => points.r_squared(),
            Self::Pinball => Ok(scored.crps()? / 2.0),
            Self::Crps => scored.crps(),
            Self::Coverage(level) => Ok(scored.intervals(level)?.coverage()),
            Self::Width(level) => Ok(scored.intervals(level)?.mean_width()),
        }
    }

    /// Which values are good.
    pub fn target(self) -> Target {
        match self {
            Self::Bias => Target::Nearest(0.0),
            Self::Coverage(level) => Target::Nearest(level.coverage()),
            Self::RSquared => Target::Highest,
            Self::Mae
            | Self::Mse
            | Self::Rmse
            | Self::Mape
            | Self::Smape
            | Self::Mase
            | Self::Rmsse
            | Self::Pinball
            | Self::Crps
            | Self::Width(_) => Target::Lowest,
        }
    }

    /// The formula, with `ŷ` the forecast, `y` the actual value, `n` their number and `m` the season length.
    pub fn formula(self) -> &'static str {
        match self {
            Self::Mae => "Σ |ŷ − y| / n",
            Self::Mse => "Σ (ŷ − y)² / n",
            Self::Rmse => "√(Σ (ŷ − y)² / n)",
            Self::Bias => "Σ (ŷ − y) / n",
            Self::Mape => "Σ |ŷ − y| / |y| / n",
            Self::Smape => "Σ 2·|ŷ − y| / (|y| + |ŷ|) / n",
            Self::Mase => "MAE / mean |y[t] − y[t−m]| of the training part",
            Self::Rmsse => "√(MSE / mean (y[t] − y[t−m])² of the training part)",
            Self::RSquared => "1 − Σ (ŷ − y)² / Σ (y − ȳ)²",
            Self::Pinball => "mean over quantiles q of Σ max(q·(y − ŷ), (q − 1)·(y − ŷ)) / n",
            Self::Crps => "2 × pinball",
            Self::Coverage(_) => "share of y between lower and upper bound",
            Self::Width(_) => "Σ (upper − lower) / n",
        }
    }

    /// Where the metric comes from.
    pub fn source(self) -> &'static str {
        match self {
            Self::Mae | Self::Mse | Self::Rmse | Self::Bias | Self::Mape | Self::RSquared => {
                "Hyndman & Athanasopoulos (2021), Forecasting: Principles and Practice, 5.8 and 7.2"
            }
            Self::Smape => "Makridakis, Spiliotis & Assimakopoulos (2020), The M4 Competition",
            Self::Mase => "Hyndman & Koehler (2006), Another look at measures of forecast accuracy",
            Self::Rmsse => "Makridakis, Spiliotis & Assimakopoulos (2022), The M5 competition",
            Self::Pinball => "Koenker & Bassett (1978), Regression quantiles",
            Self::Crps => "Gneiting & Raftery (2007), Strictly proper scoring rules; Laio & Tamea (2007)",
            Self::Coverage(_) | Self::Width(_) => "Gneiting & Raftery (2007), Strictly proper scoring rules, 6.2",
        }
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mae => formatter.write_str("mae"),
            Self::Mse => formatter.write_str("mse"),
            Self::Rmse => formatter.write_str("rmse"),
            Self::Bias => formatter.write_str("bias"),
            Self::Mape => formatter.write_str("mape"),
            Self::Smape => formatter.write_str("smape"),
            Self::Mase => formatter.write_str("mase"),
            Self::Rmsse => formatter.write_str("rmsse"),
            Self::RSquared => formatter.write_str("r2"),
            Self::Pinball => formatter.write_str("pinball"),
            Self::Crps => formatter.write_str("crps"),
            Self::Coverage(level) => write!(formatter, "coverage-{level}"),
            Self::Width(level) => write!(formatter, "width-{level}"),
        }
    }
}

impl FromStr for Metric {
    type Err = MetricError;

    fn from_str(text: &str) -> Result<Self, MetricError> {
        let mut named = Self::OF_POINTS.into_iter().chain([Self::Pinball, Self::Crps]);
        if let Some(metric) = named.find(|metric| metric.to_string() == text) {
            return Ok(metric);
        }
        let at_level = |prefix: &str| text.strip_prefix(prefix).and_then(|level| level.parse().ok());
        let coverage = at_level("coverage-").map(Self::Coverage);
        coverage
            .or_else(|| at_level("width-").map(Self::Width))
            .ok_or_else(|| MetricError(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// The metric after this one in the list of variants. The compiler asks for a new one here, so that the test below sees it:
    /// let the one before lead to it.
    fn next(metric: Metric) -> Option<Metric> {
        Some(match metric {
            Metric::Mae => Metric::Mse,
            Metric::Mse => Metric::Rmse,
            Metric::Rmse => Metric::Bias,
            Metric::Bias => Metric::Mape,
            Metric::Mape => Metric::Smape,
            Metric::Smape => Metric::Mase,
            Metric::Mase => Metric::Rmsse,
            Metric::Rmsse => Metric::RSquared,
            Metric::RSquared => Metric::Pinball,
            Metric::Pinball => Metric::Crps,
            Metric::Crps => Metric::Coverage(Level::EIGHTY),
            Metric::Coverage(level) => Metric::Width(level),
            Metric::Width(_) => return None,
        })
    }

    #[test]
    fn names_lead_back_to_their_metrics_and_error_and_list_have_them_all() {
        let error = "coverage-0".parse::<Metric>().unwrap_err().to_string();
        let all: Vec<Metric> = std::iter::successors(Some(Metric::Mae), |metric| next(*metric)).collect();
        for metric in &all {
            let name = metric.to_string();
            assert_eq!(name.parse(), Ok(*metric), "OF_POINTS or `from_str` lacks it");
            let said = name.replace("80", "LEVEL");
            let mut names = error.split([' ', ',']);
            assert!(names.any(|word| word == said), "MetricError does not name {said}");
        }
        let of_intervals = all.len() - Metric::OF_POINTS.len();
        assert_eq!(all[..Metric::OF_POINTS.len()], Metric::OF_POINTS);
        assert_eq!(of_intervals, 4, "a metric of points has its place in OF_POINTS");
        insta::assert_snapshot!("coverage-0".parse::<Metric>().unwrap_err(), @"there is no metric `coverage-0`; there are mae, mse, rmse, bias, mape, smape, mase, rmsse, r2, pinball, crps, coverage-LEVEL and width-LEVEL (coverage-80)");
    }

    #[test]
    fn a_series_without_a_scale_makes_the_pooled_value_undefined() {
        let scored = Scored {
            actual: vec![1.0, 2.0],
            forecast: vec![1.0, 2.0],
            scales: vec![SeasonalScale::new(&[1.0, 2.0], 1), SeasonalScale::new(&[1.0, 1.0], 1)],
            bounds: Vec::new(),
        };
        assert_eq!(
            Metric::Mase.evaluate(&scored),
            Err(Undefined::ZeroScale { season_length: 1 })
        );
        assert!(matches!(
            Metric::Crps.evaluate(&scored),
            Err(Undefined::NoIntervals { .. })
        ));
    }
}
