//! The scores of a backtest, for people and for programs.

use std::collections::BTreeMap;

use recurra_evaluation::backtest::{BacktestResult, Loss};
use recurra_evaluation::intervals::Coverage;
use recurra_evaluation::metrics::Metric;
use recurra_evaluation::statistics::{Bootstrap, Verdict, six_digits};
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

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
    pub(super) fn of(result: &BacktestResult, data: &'a str) -> Self {
        let (coverage, before) = (result.coverage(), result.coverage_before_calibration());
        let pooled: Vec<_> = METRICS
            .into_iter()
            .map(|metric| (metric, result.pooled(metric)))
            .collect();
        let models = result.table.models().into_iter().map(|model| {
            let metrics = pooled.iter().filter_map(|(metric, scores)| {
                let score = scores.iter().find(|score| score.model == model)?;
                let reason = || score.undefined.as_ref().map_or_else(String::new, ToString::to_string);
                Some((*metric, score.value.ok_or_else(reason)))
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
        Self {
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
        let naive = self
            .models
            .iter()
            .find(|model| model.model == "naive")
            .map(|model| &model.metrics);
        for (at, metric) in METRICS.iter().enumerate() {
            if let Some(Err(reason)) = naive.and_then(|metrics| metrics.get(at)).map(|(_, value)| value) {
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
        text + &verdicts(result) + &misses(&self.models)
    }
}

/// Which models are better or worse than naive: said only where the interval of the difference excludes zero.
fn verdicts(result: &BacktestResult) -> String {
    let Ok(compared) = result.compare(Loss::Absolute, &Bootstrap::default()) else {
        return String::new();
    };
    let mut text = String::new();
    for pair in compared.pairs {
        let (model, sign) = match (pair.left.as_str(), pair.right.as_str()) {
            ("naive", _) => (&pair.right, -1.0),
            (_, "naive") => (&pair.left, 1.0),
            _ => continue,
        };
        let verdict = match (pair.comparison.verdict, sign > 0.0) {
            (Verdict::Lower, true) | (Verdict::Higher, false) => "better than naive",
            (Verdict::Higher, true) | (Verdict::Lower, false) => "worse than naive",
            _ => "not shown to differ from naive",
        };
        text += &format!("{model}: {verdict} ({} cutoffs or series)\n", pair.comparison.count);
    }
    text
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
                "{}: {} of {} values lie in the {} % interval, which is outside chance\n",
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
