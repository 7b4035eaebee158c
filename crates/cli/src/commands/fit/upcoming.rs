//! What a page shows after the data: the next forecast of every series.

use recurra_evaluation::metrics::Level;
use recurra_evaluation::{FittedForecaster, History, Training};
use recurra_report::forecast::{Band, Segment, SeriesReport};
use recurra_series::{Frequency, Series};
use recurra_zoo::model_file::{ModelFile, SavedModel};

use crate::forecast_table::time_after;
use crate::held_out_intervals::{HeldOutIntervals, own_bands};

/// The forecast that follows a series.
pub(super) struct Next {
    pub(super) times: Vec<String>,
    pub(super) segment: Segment,
}

impl Next {
    /// Puts the forecast behind the values of its series.
    pub(super) fn follow(self, series: &mut SeriesReport) {
        series.times.extend(self.times);
        series.forecasts.push(self.segment);
    }
}

/// What the final model says comes next, with its intervals; nothing where it would need covariates that nobody knows yet.
pub(super) fn next(file: &ModelFile, series: &[&Series], frequency: Option<Frequency>, horizon: usize) -> Vec<Next> {
    let histories: Vec<History<'_>> = series.iter().map(|series| History::from(*series)).collect();
    let classical;
    let fitted: &dyn FittedForecaster = match &file.model {
        SavedModel::Network(network) => network,
        SavedModel::Classical { method, window } => {
            let training = Training::new(&histories, horizon);
            let Ok(method) = method.forecaster(file.data.season, *window).fit(&training) else {
                return Vec::new();
            };
            classical = method;
            classical.as_ref()
        }
    };
    let (Ok(forecasts), Some(frequency)) = (fitted.forecast_batch(&histories, horizon), frequency) else {
        return Vec::new();
    };
    // The widest first, so that the others are drawn upon it.
    let own_levels = Level::within(&fitted.quantile_probabilities());
    let levels: Vec<Level> = if own_levels.is_empty() {
        vec![Level::NINETY_FIVE, Level::EIGHTY]
    } else {
        own_levels.into_iter().rev().collect()
    };
    let Ok(own) = own_bands(fitted, &histories, horizon, &levels) else {
        return Vec::new();
    };
    let held_out = HeldOutIntervals::new(file, &levels, horizon);
    let one = |(at, mean): (usize, Vec<f64>)| {
        let (series, own) = (series[at], own[at].as_ref());
        let scale = held_out.scale_of(&histories[at]);
        let times = (1..=mean.len()).map(|step| time_after(series, frequency, step).map(|time| time.to_string()));
        let band = |(place, level): (usize, &Level)| {
            let bounds = mean
                .iter()
                .enumerate()
                .map(|(step, value)| held_out.about(*value, own, scale, place, step));
            let (lower, upper) = bounds.collect::<Option<Vec<_>>>()?.into_iter().unzip();
            Some(Band {
                level: f64::from(level.percent()),
                lower,
                upper,
            })
        };
        let intervals = levels.iter().enumerate().filter_map(band).collect();
        Some(Next {
            times: times.collect::<Result<_, _>>().ok()?,
            segment: Segment {
                start: series.len(),
                first_step: 1,
                mean,
                intervals,
            },
        })
    };
    let all: Option<Vec<Next>> = forecasts.into_iter().enumerate().map(one).collect();
    all.unwrap_or_default()
}
