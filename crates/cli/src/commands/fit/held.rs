//! What a page shows of the held-out part: the forecasts of the measured model, and the errors of the baselines beside it.

use recurra_evaluation::{FittedForecaster, History, Training};
use recurra_report::forecast::Segment;
use recurra_zoo::forecaster::{Classical, HeldOutSeries, HoldOut};

use crate::failure::Failure;

/// Stretches of forecasts that are drawn in all.
pub(super) const MOST_STRETCHES: usize = 4000;

/// What is drawn of the held-out part.
pub(super) struct Held {
    /// Where each series is cut.
    pub(super) firsts: Vec<usize>,
    /// Forecasts of each series over the horizon, one after the other.
    pub(super) stretches: Vec<Vec<Segment>>,
    /// Each method on what `HoldOut` measures: its name, its MAE, and that of its stretches on every series.
    pub(super) methods: Vec<(String, f64, Vec<Option<f64>>)>,
}

/// Whose held-out part is drawn, and how.
pub(super) struct Drawing<'a> {
    /// The model's name.
    pub(super) model: &'a str,
    /// The file, for messages.
    pub(super) file: &'a str,
    pub(super) season: usize,
    pub(super) horizon: usize,
    /// Cutoffs at which the model was measured, at most.
    pub(super) cutoffs: usize,
    /// Stretches that are drawn, at most.
    pub(super) stretches: usize,
}

/// Forecasts the held-out part for the page, and measures the baselines on it.
pub(super) fn held_out(
    drawing: &Drawing<'_>,
    fitted: &dyn FittedForecaster,
    parts: &[HeldOutSeries<'_>],
    hold_out: &HoldOut,
) -> Result<Held, Failure> {
    let failed = |text: String| Failure::Input(format!("{}: {text}", drawing.file));
    let stretches = stretches(drawing, fitted, parts).map_err(&failed)?;
    let mut methods = vec![(drawing.model.to_owned(), hold_out.mae, errors(parts, &stretches))];
    let training: Vec<History<'_>> = parts.iter().filter_map(|part| part.history.until(part.first)).collect();
    let seasonal = (drawing.season > 1).then_some(Classical::SeasonalNaive);
    for method in [Some(Classical::Naive), seasonal].into_iter().flatten() {
        if methods[0].0 == method.name() {
            continue;
        }
        // A baseline that cannot be fitted on so little is left out of the comparison.
        let Ok(baseline) = method
            .forecaster(drawing.season, 1)
            .fit(&Training::new(&training, drawing.horizon))
        else {
            continue;
        };
        let Ok(own) = self::stretches(drawing, baseline.as_ref(), parts) else {
            continue;
        };
        let mae = match method {
            Classical::Naive => hold_out.naive_mae,
            _ => {
                HoldOut::measure_at(baseline.as_ref(), parts, drawing.horizon, drawing.cutoffs)
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
    drawing: &Drawing<'_>,
    fitted: &dyn FittedForecaster,
    parts: &[HeldOutSeries<'_>],
) -> Result<Vec<Vec<Segment>>, String> {
    let horizon = drawing.horizon;
    let all: usize = parts
        .iter()
        .map(|part| part.history.len().saturating_sub(part.first).div_ceil(horizon))
        .sum();
    let stride = horizon * all.div_ceil(drawing.stretches.max(1)).max(1);
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
