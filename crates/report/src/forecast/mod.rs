//! The report of one model on anybody's data: what `--report FILE` of the tool writes.

mod across;
mod page;
mod residuals;
mod selection;
mod still;
mod views;

pub use still::{MOST_STILL, picture};

use crate::{ReportError, files};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// One model's fit, backtest or forecast.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ForecastReport {
    /// The page's heading, such as "lstm-1x32 on sales.csv".
    pub title: String,
    /// The command that made it, as typed.
    pub command: String,
    /// Named facts in order: model, parameters, window, horizon, seed, version, times, …
    pub facts: Vec<(String, String)>,
    /// What the values are, for the axes: the name of their column, such as "sales".
    pub value_name: String,
    /// The series, in the order of the data. A page with more of them than its reader can look through shows the one that
    /// is chosen, and charts and a table over all; it holds as many as keep it below five megabytes. A series without times has a place
    /// in those alone.
    pub series: Vec<SeriesReport>,
    /// Training curves by epoch: (name, values), such as ("training loss", …) and ("validation loss", …). They share an
    /// axis, so they share a unit. Empty for a method that is not trained.
    pub curves: Vec<(String, Vec<Option<f64>>)>,
    /// The names of the metrics in [`MethodScore::values`].
    pub metrics: Vec<String>,
    /// The model and the baselines on the same forecasts, the model first.
    pub scores: Vec<MethodScore>,
    /// Errors of the model from an earlier measurement, for a report whose own forecasts lie beyond the data.
    pub earlier: Option<Earlier>,
}

#[cfg(test)]
impl ForecastReport {
    /// A report with nothing but series.
    pub(crate) fn of(series: Vec<SeriesReport>) -> Self {
        Self {
            title: String::new(),
            command: String::new(),
            facts: Vec::new(),
            value_name: "y".to_owned(),
            series,
            curves: Vec::new(),
            metrics: Vec::new(),
            scores: Vec::new(),
            earlier: None,
        }
    }
}

/// Residuals that a model brings along from when it was measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Earlier {
    /// actual − forecast one step ahead, in the order of series and times.
    pub residuals: Vec<f64>,
    /// What they are measured in, such as "sales" or "typical changes of a series".
    pub unit: String,
}

/// One series with its forecasts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SeriesReport {
    /// `unique_id`, or a name for the only series.
    pub unique_id: String,
    /// The times of the values and, after them, of the forecasts that go beyond the data, as text.
    pub times: Vec<String>,
    /// The known values; `None` where one is missing.
    pub values: Vec<Option<f64>>,
    /// The number of leading values that the model was fitted on, where some were held back.
    pub split: Option<usize>,
    /// Forecasts, which may overlap the values (a backtest) or follow them.
    pub forecasts: Vec<Segment>,
    /// The first of [`ForecastReport::metrics`] of every method in [`ForecastReport::scores`] on this series alone, in
    /// that order; empty where it is not known.
    pub errors: Vec<Option<f64>>,
}

impl SeriesReport {
    /// The model's error over the least one of the baselines, so that large series do not come first for their size alone;
    /// the error itself without a baseline. Nothing where the error is not known.
    #[must_use]
    pub fn rank(&self) -> Option<f64> {
        let (model, baselines) = self.errors.split_first()?;
        let least = baselines.iter().flatten().copied().min_by(f64::total_cmp);
        let model = (*model)?;
        Some(least.filter(|least| *least > 0.0).map_or(model, |least| model / least))
    }

    /// Whether the errors alone are known.
    fn is_bare(&self) -> bool {
        self.times.is_empty() && !self.errors.is_empty()
    }
}

/// A stretch of forecasts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Segment {
    /// The position of the first forecast among [`SeriesReport::times`].
    pub start: usize,
    /// How many steps ahead of the last known value the first forecast is: 1 for the next value.
    pub first_step: usize,
    /// Point forecasts, step by step.
    pub mean: Vec<f64>,
    /// Intervals about them, the widest level first.
    pub intervals: Vec<Band>,
}

/// A prediction interval at every step of a segment, one level's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Band {
    /// Nominal coverage in percent, such as 90.
    pub level: f64,
    /// Lower ends.
    pub lower: Vec<f64>,
    /// Upper ends.
    pub upper: Vec<f64>,
}

/// One method's errors.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MethodScore {
    /// The method's name in the zoo.
    pub method: String,
    /// One value per metric; `None` where a metric is undefined.
    pub values: Vec<Option<f64>>,
}

/// The report as one HTML page that needs nothing beside it.
///
/// # Errors
/// [`ReportError::Records`] if forecasts, intervals or scores do not fit together.
pub fn html(report: &ForecastReport) -> Result<String, ReportError> {
    check(report)?;
    page::page(report)
}

/// Writes the page of [`html`] beside its place and renames it.
///
/// # Errors
/// As of [`html`], before anything is written, and [`ReportError::Write`] if the file cannot be written.
pub fn write(report: &ForecastReport, file: &Path) -> Result<(), ReportError> {
    files::write(file, html(report)?.as_bytes())
}

fn check(report: &ForecastReport) -> Result<(), ReportError> {
    let wrong = |what: String, problem: String| Err(ReportError::Records { what, problem });
    for score in &report.scores {
        if score.values.len() != report.metrics.len() {
            let problem = format!("{} values for {} metrics", score.values.len(), report.metrics.len());
            return wrong(format!("the scores of {}", score.method), problem);
        }
    }
    for series in &report.series {
        let what = format!("series {:?}", series.unique_id);
        if !series.errors.is_empty() && series.errors.len() != report.scores.len() {
            let problem = format!("{} errors for {} methods", series.errors.len(), report.scores.len());
            return wrong(what, problem);
        }
        if series.times.len() < series.values.len() {
            return wrong(
                what,
                format!("{} times for {} values", series.times.len(), series.values.len()),
            );
        }
        for segment in &series.forecasts {
            let end = segment.start.saturating_add(segment.mean.len());
            if end > series.times.len() {
                let problem = format!(
                    "its forecasts reach position {end}, its times end at {}",
                    series.times.len()
                );
                return wrong(what, problem);
            }
            let steps = segment.mean.len();
            if let Some(odd) = segment
                .intervals
                .iter()
                .find(|i| i.lower.len() != steps || i.upper.len() != steps)
            {
                let problem = format!(
                    "the {} % interval has {} lower and {} upper ends for {steps} forecasts",
                    odd.level,
                    odd.lower.len(),
                    odd.upper.len()
                );
                return wrong(what, problem);
            }
        }
    }
    Ok(())
}
