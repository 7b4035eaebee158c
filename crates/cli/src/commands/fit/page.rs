//! A fit as a page to look at: the held-out part as the measured model saw it, and what the final model says comes next.

use std::path::Path;

use recurra_evaluation::metrics::Level;
use recurra_evaluation::{FittedForecaster, History, Training};
use recurra_report::forecast::{Band, MethodScore, Segment};
use recurra_zoo::forecaster::{Classical, HeldOutSeries, HoldOut};
use recurra_zoo::model_file::{ModelFile, SavedModel};

use super::job::Job;
use super::scored;
use crate::failure::Failure;
use crate::forecast_table::time_after;
use crate::held_out_intervals::{HeldOutIntervals, own_bands};
use crate::page;

/// Stretches of forecasts that are drawn in all.
const MOST_STRETCHES: usize = 4000;

/// What is drawn of the held-out part.
pub(super) struct Held {
    /// Where each series is cut.
    firsts: Vec<usize>,
    /// Forecasts of each series over the horizon, one after the other.
    stretches: Vec<Vec<Segment>>,
    /// Each method on what `HoldOut` measures: its name, its MAE, and that of its stretches on every series.
    methods: Vec<(String, f64, Vec<Option<f64>>)>,
}

/// Forecasts the held-out part for the page, and measures the baselines on it.
pub(super) fn held_out(
    job: &Job<'_>,
    fitted: &dyn FittedForecaster,
    parts: &[HeldOutSeries<'_>],
    hold_out: &HoldOut,
) -> Result<Held, Failure> {
    let failed = |text: String| Failure::Input(format!("{}: {text}", job.dataset.file));
    let stretches = stretches(fitted, parts, job.horizon).map_err(&failed)?;
    let mut methods = vec![(job.model.name().to_owned(), hold_out.mae, errors(parts, &stretches))];
    let training: Vec<History<'_>> = parts.iter().filter_map(|part| part.history.until(part.first)).collect();
    let seasonal = (job.dataset.season > 1).then_some(Classical::SeasonalNaive);
    for method in [Some(Classical::Naive), seasonal].into_iter().flatten() {
        if methods[0].0 == method.name() {
            continue;
        }
        // A baseline that cannot be fitted on so little is left out of the comparison.
        let Ok(baseline) = method
            .forecaster(job.dataset.season, 1)
            .fit(&Training::new(&training, job.horizon))
        else {
            continue;
        };
        let Ok(own) = self::stretches(baseline.as_ref(), parts, job.horizon) else {
            continue;
        };
        let mae = match method {
            Classical::Naive => hold_out.naive_mae,
            _ => {
                HoldOut::measure(baseline.as_ref(), parts, job.horizon)
                    .map_err(|error| failed(error.to_string()))?
                    .mae
            }
        };
        methods.push((method.name().to_owned(), mae, errors(parts, &own)));
    }
    Ok(Held {
        firsts: parts.iter().map(|part| part.first).collect(),
        stretches,
        methods,
    })
}

/// Forecasts from the cut, from one horizon later, and so on; only from values that were observed.
fn stretches(
    fitted: &dyn FittedForecaster,
    parts: &[HeldOutSeries<'_>],
    horizon: usize,
) -> Result<Vec<Vec<Segment>>, String> {
    let all: usize = parts
        .iter()
        .map(|part| part.history.len().saturating_sub(part.first).div_ceil(horizon))
        .sum();
    let stride = horizon * all.div_ceil(MOST_STRETCHES).max(1);
    let one = |part: &HeldOutSeries<'_>| {
        let values = part.history.len();
        let whole = part
            .history
            .future_covariates(0)
            .map_err(|error| error.to_string())?
            .next()
            .is_some();
        let cutoffs: Vec<usize> = (part.first..values)
            .step_by(stride)
            .filter(|cutoff| (part.observed)(cutoff - 1) && (!whole || cutoff + horizon <= values))
            .collect();
        let histories: Vec<History<'_>> = cutoffs
            .iter()
            .filter_map(|cutoff| part.history.until(*cutoff))
            .collect();
        let forecasts = fitted
            .forecast_batch(&histories, horizon)
            .map_err(|error| error.to_string())?;
        let segment = |(start, mut mean): (usize, Vec<f64>)| {
            mean.truncate(values - start);
            Segment {
                start,
                first_step: 1,
                mean,
                intervals: Vec::new(),
            }
        };
        Ok(cutoffs.into_iter().zip(forecasts).map(segment).collect())
    };
    parts.iter().map(one).collect()
}

/// The mean absolute error of each series' stretches.
fn errors(parts: &[HeldOutSeries<'_>], stretches: &[Vec<Segment>]) -> Vec<Option<f64>> {
    let one = |(part, segments): (&HeldOutSeries<'_>, &Vec<Segment>)| {
        let (mut sum, mut count) = (0.0, 0_usize);
        for segment in segments {
            for (at, mean) in (segment.start..)
                .zip(&segment.mean)
                .filter(|(at, _)| (part.observed)(*at))
            {
                sum += (part.history.values()[at] - mean).abs();
                count += 1;
            }
        }
        (count > 0).then(|| sum / count as f64)
    };
    parts.iter().zip(stretches).map(one).collect()
}

/// Writes the page.
pub(super) fn page(file: &ModelFile, job: &Job<'_>, held: Option<Held>, path: &Path) -> Result<(), Failure> {
    let dataset = job.dataset;
    let mut report = page::report(format!("{} on {}", file.model.name(), dataset.file), dataset);
    if let SavedModel::Network(fitted) = &file.model {
        let settings = fitted.settings();
        report.facts.extend([
            ("parameters".to_owned(), fitted.network().parameter_count().to_string()),
            ("window".to_owned(), settings.window.to_string()),
            ("strategy".to_owned(), settings.strategy.to_string()),
            ("scale".to_owned(), settings.scale.to_string()),
            ("seed".to_owned(), settings.training.seed.to_string()),
        ]);
    }
    report.facts.push(("horizon".to_owned(), job.horizon.to_string()));
    if let Some(part) = scored(file) {
        let words = format!(
            "{} forecasts, 1 to {} steps ahead from every time of it",
            part.points, part.horizon
        );
        report.facts.push(("held-out part".to_owned(), words));
        report.facts.push((
            "what is drawn of it".to_owned(),
            format!(
                "forecasts over {} steps, one after the other; the errors by series are theirs",
                part.horizon
            ),
        ));
    }
    report
        .facts
        .push(("version".to_owned(), env!("CARGO_PKG_VERSION").to_owned()));
    report.curves = page::saved_curves(file);
    if report.curves.len() > 1 {
        let words = "first without the held-out part, to measure the model, then on all data";
        report.facts.push(("fits".to_owned(), words.to_owned()));
    }
    report.series = dataset.panel.series.iter().map(page::series).collect();
    if let Some(held) = held {
        report.metrics = vec!["MAE".to_owned()];
        let score = |(method, mae, _): &(String, f64, _)| MethodScore {
            method: method.clone(),
            values: vec![Some(*mae)],
        };
        report.scores = held.methods.iter().map(score).collect();
        for (at, (series, stretches)) in report.series.iter_mut().zip(held.stretches).enumerate() {
            series.split = Some(held.firsts[at]);
            series.forecasts = stretches;
            series.errors = held.methods.iter().map(|(.., errors)| errors[at]).collect();
        }
    }
    for (series, next) in report.series.iter_mut().zip(next(file, job)) {
        series.times.extend(next.times);
        series.forecasts.push(next.segment);
    }
    page::write(&report, path)
}

/// The forecast that follows a series.
struct Next {
    times: Vec<String>,
    segment: Segment,
}

/// What the final model says comes next, with its intervals; nothing where it would need covariates that nobody knows yet.
fn next(file: &ModelFile, job: &Job<'_>) -> Vec<Next> {
    let series = &job.dataset.panel.series;
    let histories: Vec<History<'_>> = series.iter().map(History::from).collect();
    let classical;
    let fitted: &dyn FittedForecaster = match &file.model {
        SavedModel::Network(network) => network,
        SavedModel::Classical { method, window } => {
            let training = Training::new(&histories, job.horizon);
            let Ok(method) = method.forecaster(file.data.season, *window).fit(&training) else {
                return Vec::new();
            };
            classical = method;
            classical.as_ref()
        }
    };
    let (Ok(forecasts), Some(frequency)) = (
        fitted.forecast_batch(&histories, job.horizon),
        job.dataset.panel.frequency,
    ) else {
        return Vec::new();
    };
    // The widest first, so that the others are drawn upon it.
    let own_levels = Level::within(&fitted.quantile_probabilities());
    let levels: Vec<Level> = if own_levels.is_empty() {
        vec![Level::NINETY_FIVE, Level::EIGHTY]
    } else {
        own_levels.into_iter().rev().collect()
    };
    let Ok(own) = own_bands(fitted, &histories, job.horizon, &levels) else {
        return Vec::new();
    };
    let held_out = HeldOutIntervals::new(file, &levels, job.horizon);
    let one = |(at, mean): (usize, Vec<f64>)| {
        let (series, own) = (&series[at], own[at].as_ref());
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
