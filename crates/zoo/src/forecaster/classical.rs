//! Classical methods by name, like networks.

use std::fmt;
use std::str::FromStr;

use recurra_evaluation::Forecaster;
use recurra_evaluation::baselines::{
    Autoregression, Drift, ExponentialSmoothing, Naive, SeasonLength, SeasonalDifference, SeasonalMean, SeasonalNaive,
    Theta, TrailingMean,
};

/// A classical method by name. It has no weights: it is fitted anew on the data that it forecasts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Classical {
    /// [`Naive`].
    Naive,
    /// [`SeasonalNaive`].
    SeasonalNaive,
    /// [`Drift`].
    Drift,
    /// [`TrailingMean`].
    TrailingMean,
    /// [`SeasonalDifference`].
    SeasonalDifference,
    /// [`SeasonalMean`].
    SeasonalMean,
    /// [`ExponentialSmoothing`].
    ExponentialSmoothing,
    /// [`Theta`].
    Theta,
    /// [`Autoregression`].
    Autoregression,
}

impl Classical {
    /// All of them, the simplest first.
    pub const ALL: [Self; 9] = [
        Self::Naive,
        Self::SeasonalNaive,
        Self::Drift,
        Self::TrailingMean,
        Self::SeasonalDifference,
        Self::SeasonalMean,
        Self::ExponentialSmoothing,
        Self::Theta,
        Self::Autoregression,
    ];

    /// The name that people type.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Naive => "naive",
            Self::SeasonalNaive => "seasonal-naive",
            Self::Drift => "drift",
            Self::TrailingMean => "trailing-mean",
            Self::SeasonalDifference => "seasonal-difference",
            Self::SeasonalMean => "seasonal-mean",
            Self::ExponentialSmoothing => "exponential-smoothing",
            Self::Theta => "theta",
            Self::Autoregression => "autoregression",
        }
    }

    /// What it is, in one line.
    #[must_use]
    pub fn description(self) -> &'static str {
        match self {
            Self::Naive => "the last value, carried forward",
            Self::SeasonalNaive => "the value one season ago",
            Self::Drift => "the line from the first to the last value",
            Self::TrailingMean => "the mean of the last 30 values",
            Self::SeasonalDifference => "the value one season ago, plus the recent mean change from season to season",
            Self::SeasonalMean => "the mean of the last two seasons, plus the recent mean distance from it",
            Self::ExponentialSmoothing => "the best of four exponential smoothings, with or without trend and season",
            Self::Theta => "the theta method, winner of the M3 competition",
            Self::Autoregression => "a linear function of the window, by ridge regression",
        }
    }

    /// The method for seasons of `season` steps (1: no season) and, where it looks at a window, one of `window` steps.
    #[must_use]
    pub fn forecaster(self, season: usize, window: usize) -> Box<dyn Forecaster> {
        let season_length = SeasonLength::Given(season.max(1));
        match self {
            Self::Naive => Box::new(Naive),
            Self::SeasonalNaive => Box::new(SeasonalNaive { season_length }),
            Self::Drift => Box::new(Drift),
            Self::TrailingMean => Box::new(TrailingMean::default()),
            Self::SeasonalDifference => Box::new(SeasonalDifference::new(season.max(1))),
            Self::SeasonalMean => {
                let model = SeasonalMean::new(season.max(1));
                Box::new(SeasonalMean {
                    smoothing: model.smoothing.min(season.max(1)),
                    ..model
                })
            }
            Self::ExponentialSmoothing => Box::new(ExponentialSmoothing { season_length }),
            Self::Theta => Box::new(Theta { season_length }),
            Self::Autoregression => Box::new(Autoregression::new(window)),
        }
    }
}

impl fmt::Display for Classical {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// No classical method bears that name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no classical method is called `{name}`")]
pub struct UnknownMethod {
    /// The name.
    pub name: String,
}

impl FromStr for Classical {
    type Err = UnknownMethod;

    fn from_str(text: &str) -> Result<Self, UnknownMethod> {
        let found = Self::ALL.into_iter().find(|method| method.name() == text);
        found.ok_or_else(|| UnknownMethod { name: text.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use recurra_evaluation::{History, Training};

    #[test]
    fn every_name_leads_to_a_method_that_forecasts() {
        let values: Vec<f64> = (0..200)
            .map(|t| 50.0 + f64::from(t % 7) + 0.1 * f64::from(t * 13 % 17))
            .collect();
        let history = History::new(&values);
        for method in Classical::ALL {
            assert_eq!(method.name().parse(), Ok(method));
            let forecaster = method.forecaster(7, 20);
            assert_eq!(forecaster.name(), method.name());
            let fitted = forecaster.fit(&Training::new(&[history], 5)).unwrap();
            assert_eq!(fitted.forecast(&history, 5).unwrap().len(), 5, "{method}");
        }
    }
}
