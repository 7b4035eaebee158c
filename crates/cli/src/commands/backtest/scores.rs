//! The scores of a backtest, for people and for programs.

use std::collections::BTreeMap;

use recurra_evaluation::backtest::{BacktestResult, Grouping, Score};
use recurra_evaluation::intervals::Coverage;
use recurra_evaluation::metrics::Metric;
use recurra_evaluation::statistics::six_digits;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use super::comparison::Comparison;
use super::groups::By;
use crate::text::{columns_within, figure};

/// The metrics that are printed.
const METRICS: [Metric; 6] = [
    Metric::Mae,
    Metric::Rmse,
    Metric::Mase,
    Metric::Rmsse,
    Metric::Smape,
    Metric::Bias,
];

/// What `--json` prints.
#[derive(Serialize)]
pub(super) struct Scores<'a> {
    data: &'a str,
    horizon: usize,
    folds: usize,
    step: usize,
    season: usize,
    models: Vec<ModelScores>,
    missing_forecasts: usize,
    /// Every model against every other; nothing where they cannot be compared.
    comparison: Option<Comparison>,
    /// Why they cannot.
    #[serde(skip_serializing_if = "Option::is_none")]
    not_compared: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by_series: Option<Vec<Score>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by_step: Option<Vec<Score>>,
}

/// One model's scores, each a number or nothing with its reason.
struct ModelScores {
    model: String,
    count: usize,
    metrics: Vec<(Metric, Result<f64, String>)>,
    coverage: Vec<Coverage>,
    /// That of quantiles of its own, before past errors widened or narrowed them.
    before: Vec<Coverage>,
}

impl Serialize for ModelScores {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("model", &self.model)?;
        for (metric, value) in &self.metrics {
            map.serialize_entry(&metric.to_string(), &value.as_ref().ok().copied().map(six_digits))?;
        }
        let shares = |coverage: &[Coverage]| {
            let shares = coverage
                .iter()
                .map(|found| (found.level.to_string(), found.share().map(six_digits)));
            shares.collect::<BTreeMap<_, _>>()
        };
        map.serialize_entry("coverage", &shares(&self.coverage))?;
        if !self.before.is_empty() {
            map.serialize_entry("intervals", "conformalised quantiles")?;
            map.serialize_entry("coverage_before_calibration", &shares(&self.before))?;
        }
        map.serialize_entry("count", &self.count)?;
        let reasons = self
            .metrics
            .iter()
            .filter_map(|(metric, value)| Some((metric.to_string(), value.as_ref().err()?)));
        let without = self.coverage.iter().filter_map(|found| {
            Some((
                format!("coverage {}", found.level),
                found.undefined.as_ref()?.to_string(),
            ))
        });
        let reasons: BTreeMap<_, _> = reasons
            .map(|(name, reason)| (name, reason.clone()))
            .chain(without)
            .collect();
        if !reasons.is_empty() {
            map.serialize_entry("undefined", &reasons)?;
        }
        map.end()
    }
}

impl<'a> Scores<'a> {
    pub(super) fn of(result: &BacktestResult, data: &'a str, by: &[By]) -> Self {
        let (coverage, before) = (result.coverage(), result.coverage_before_calibration());
        let pooled: Vec<_> = METRICS
            .into_iter()
            .map(|metric| (metric, result.pooled(metric)))
            .collect();
        let models = result.table.models().into_iter().map(|model| {
            let metrics = pooled.iter().filter_map(|(metric, scores)| {
                let score = scores.iter().find(|score| score.model == model)?;
                Some((*metric, score.value.ok_or_else(|| why(result, *metric, score))))
            });
            ModelScores {
                model: model.to_owned(),
                count: result.table.rows.iter().filter(|row| &*row.model == model).count(),
                metrics: metrics.collect(),
                coverage: coverage.iter().filter(|found| found.model == model).cloned().collect(),
                before: before.iter().filter(|found| found.model == model).cloned().collect(),
            }
        });
        let plan = &result.plan;
        let (comparison, not_compared) = match Comparison::of(result) {
            Ok(comparison) => (Some(comparison), None),
            Err(reason) => (None, Some(reason)),
        };
        let grouped = |wanted| by.contains(&wanted).then(|| wanted.scores(result, &METRICS));
        Self {
            comparison,
            not_compared,
            by_series: grouped(By::Series),
            by_step: grouped(By::Step),
            data,
            horizon: plan.horizon,
            folds: plan.folds,
            step: plan.step,
            season: plan.season_length,
            models: models.collect(),
            missing_forecasts: result.missing_forecasts(),
        }
    }

    /// The scores as a table, then what is better than naive, and what has no value and why; for `width` columns.
    pub(super) fn text(&self, result: &BacktestResult, width: usize) -> String {
        let levels: Vec<_> = self.models.first().map_or_else(Vec::new, |first| {
            first.coverage.iter().map(|found| found.level).collect()
        });
        let names = ["MAE", "RMSE", "MASE", "RMSSE", "sMAPE", "bias"].map(str::to_owned);
        let mut header = vec!["model".to_owned()];
        header.extend(names);
        header.extend(levels.iter().map(|level| format!("in {level} %")));
        let mut rows = vec![header];
        for model in &self.models {
            let mut row = vec![model.model.clone()];
            row.extend(
                model
                    .metrics
                    .iter()
                    .map(|(_, value)| value.as_ref().map_or_else(|_| "-".to_owned(), |value| figure(*value))),
            );
            row.extend(
                model
                    .coverage
                    .iter()
                    .map(|found| found.share().map_or_else(|| "-".to_owned(), percent)),
            );
            rows.push(row);
        }
        let mut text = columns_within(&rows, width);
        let fits = match result.plan.refit {
            recurra_evaluation::backtest::Refit::Never => "fitted once before the first",
            recurra_evaluation::backtest::Refit::EveryFolds(_) => "fitted at each",
        };
        text += &format!(
            "{} cutoffs, {} steps apart, {} steps ahead, {fits}\n",
            self.folds, self.step, self.horizon
        );
        let mut said = Vec::new();
        for (metric, reason) in self.models.iter().flat_map(|model| &model.metrics) {
            // Once, not for every model.
            if let Err(reason) = reason
                && !said.contains(&(metric, reason))
            {
                said.push((metric, reason));
                text += &format!("{metric} has no value: {reason}\n");
            }
        }
        for model in self.models.iter().filter(|model| !model.before.is_empty()) {
            let held = model
                .before
                .iter()
                .filter_map(|found| Some(format!("{} at {} %", percent(found.share()?), found.level)));
            text += &format!(
                "{}: the intervals are quantiles of its own, widened or narrowed by past errors; before that {} of the values lay in them\n",
                model.model,
                held.collect::<Vec<_>>().join(" and ")
            );
        }
        match (&self.comparison, &self.not_compared) {
            (Some(comparison), _) => text += &comparison.text(),
            (None, Some(reason)) => text += &format!("the models are not compared: {reason}\n"),
            (None, None) => {}
        }
        text + &misses(&self.models)
    }
}

/// Why a score has no value, and for how many series that is so.
fn why(result: &BacktestResult, metric: Metric, score: &Score) -> String {
    let reason = score.undefined.as_ref().map_or_else(String::new, ToString::to_string);
    let all = result.scales.len();
    if all == 1 {
        return reason;
    }
    let by_series = result.scores(metric, Grouping::Series);
    let own = by_series.iter().filter(|other| other.model == score.model);
    let undefined = own.filter(|other| other.value.is_none()).count();
    format!("{reason} ({undefined} of {all} series have no value)")
}

/// Intervals that did not hold what they promise.
fn misses(models: &[ModelScores]) -> String {
    let missed = models
        .iter()
        .flat_map(|model| &model.coverage)
        .filter(|found| found.holds == Some(false));
    missed
        .filter_map(|found| {
            Some(format!(
                "{}: {} of {} values lie in the {} % interval, which is outside chance if they are independent\n",
                found.model,
                percent(found.share()?),
                found.scored,
                found.level
            ))
        })
        .collect()
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}
