//! Metrics over the rows of a backtest.

use super::result::BacktestResult;
use super::row::ForecastRow;
use crate::metrics::{Bounds, Metric, Scored, SeasonalScale, Undefined};
use serde::{Serialize, Serializer};
use std::collections::{BTreeMap, HashMap};

/// What a score is taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Grouping {
    /// All forecasts of a model together.
    Pooled,
    /// Every series by itself.
    Series,
    /// Every step of the horizon by itself.
    Step,
}

/// One metric of one model over one group of forecasts.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Score {
    /// The model.
    pub model: String,
    /// The series, if the score is of one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unique_id: Option<String>,
    /// The step of the horizon, if the score is of one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<usize>,
    /// The metric's name.
    pub metric: String,
    /// The value; nothing where the metric is undefined.
    #[serde(serialize_with = "six_digits")]
    pub value: Option<f64>,
    /// Why there is no value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undefined: Option<Undefined>,
    /// Forecasts that the score is over.
    pub count: usize,
}

fn six_digits<S: Serializer>(value: &Option<f64>, serializer: S) -> Result<S::Ok, S::Error> {
    value.map(crate::statistics::six_digits).serialize(serializer)
}

/// Positions of series by their names.
pub(super) type Positions<'a> = HashMap<&'a str, usize>;

impl BacktestResult {
    /// A metric of every model over all its forecasts.
    pub fn pooled(&self, metric: Metric) -> Vec<Score> {
        self.scores(metric, Grouping::Pooled)
    }

    /// A metric of every model over every group, in the order of models, series and steps. A score that is undefined
    /// because of one series says which.
    pub fn scores(&self, metric: Metric, grouping: Grouping) -> Vec<Score> {
        let mut scores = Vec::new();
        let positions = self.positions();
        for model in self.table.models() {
            let mut groups: BTreeMap<usize, Vec<&ForecastRow>> = BTreeMap::new();
            for row in self.table.rows.iter().filter(|row| &*row.model == model) {
                let key = match grouping {
                    Grouping::Pooled => 0,
                    Grouping::Series => positions.get(&*row.unique_id).copied().unwrap_or(0),
                    Grouping::Step => row.step,
                };
                groups.entry(key).or_default().push(row);
            }
            scores.extend(groups.into_iter().map(|(key, rows)| {
                let value = self
                    .evaluate(metric, &rows, &positions)
                    .map_err(|reason| self.blame(metric, &rows, &positions, reason));
                Score {
                    model: model.to_owned(),
                    unique_id: (grouping == Grouping::Series).then(|| rows[0].unique_id.to_string()),
                    step: (grouping == Grouping::Step).then_some(key),
                    metric: metric.to_string(),
                    value: value.as_ref().ok().copied(),
                    undefined: value.err(),
                    count: rows.len(),
                }
            }));
        }
        scores
    }

    /// A metric over some rows.
    fn evaluate(&self, metric: Metric, rows: &[&ForecastRow], positions: &Positions<'_>) -> Result<f64, Undefined> {
        let bounds = self.table.levels.iter().enumerate().filter_map(|(index, level)| {
            let all: Option<Vec<_>> = rows.iter().map(|row| row.bounds[index]).collect();
            let all = all?;
            Some(Bounds {
                level: *level,
                lower: all.iter().map(|bounds| bounds.lower).collect(),
                upper: all.iter().map(|bounds| bounds.upper).collect(),
            })
        });
        metric.evaluate(&Scored {
            actual: rows.iter().map(|row| row.y).collect(),
            forecast: rows.iter().map(|row| row.yhat).collect(),
            scales: if matches!(metric, Metric::Mase | Metric::Rmsse) {
                rows.iter().map(|row| self.scale(&row.unique_id, positions)).collect()
            } else {
                Vec::new()
            },
            bounds: bounds.collect(),
        })
    }

    /// Where every series stands in [`BacktestResult::scales`].
    pub(super) fn positions(&self) -> Positions<'_> {
        // Of two of one name, which no backtest has, the first.
        let names = self.scales.iter().enumerate().rev();
        names.map(|(position, (name, _))| (&**name, position)).collect()
    }

    pub(super) fn scale(&self, unique_id: &str, positions: &Positions<'_>) -> Result<SeasonalScale, Undefined> {
        let found = positions.get(unique_id).and_then(|position| self.scales.get(*position));
        found.map_or(Err(Undefined::NoPoints), |(_, scale)| scale.clone())
    }

    /// The reason, with the name of the first series that has one of its own.
    fn blame(&self, metric: Metric, rows: &[&ForecastRow], positions: &Positions<'_>, reason: Undefined) -> Undefined {
        // What is missing everywhere is no fault of one series, and a single one need not be named.
        if matches!(reason, Undefined::NoIntervals { .. }) || self.scales.len() == 1 {
            return reason;
        }
        let blamed = rows
            .chunk_by(|left, right| left.unique_id == right.unique_id)
            .find_map(|own| {
                let reason = self.evaluate(metric, own, positions).err()?;
                Some(Undefined::InSeries {
                    unique_id: own[0].unique_id.to_string(),
                    reason: Box::new(reason),
                })
            });
        blamed.unwrap_or(reason)
    }
}
