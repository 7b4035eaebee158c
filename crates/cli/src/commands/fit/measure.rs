//! Measuring a model on data that it was not fitted on.

use recurra_evaluation::{ForecastError, History};
use recurra_series::{Series, SplitPoint, Time};
use recurra_zoo::forecaster::{HeldOutSeries, HoldOut};

use super::held::{self, Drawing, Held, MOST_STRETCHES};
use super::job::{Fitted, Job};
use super::kept::Part;
use crate::dataset::Dataset;
use crate::failure::Failure;
use crate::season;
use crate::terminal::Terminal;

/// Where `--validation` cuts; nothing if nothing is held out.
pub(super) fn split(text: &str) -> Result<Option<SplitPoint>, Failure> {
    if text == "none" || text.parse() == Ok(0.0) {
        return Ok(None);
    }
    if let Ok(number) = text.parse::<f64>()
        && (number.is_nan() || number <= 0.0)
    {
        return Err(Failure::Input(format!(
            "--validation is {text}; give a share between 0 and 1, a time of the data, or 0 for none"
        )));
    }
    text.parse()
        .map(Some)
        .map_err(|error| Failure::Input(format!("--validation: {error}")))
}

/// Looks for the season again in what comes before the split: what a model is measured on may not decide how it is fitted.
pub(super) fn season_before(dataset: &mut Dataset, split: SplitPoint, terminal: &Terminal) {
    // Where there is no such split, fitting will say why.
    let end = |series: &Series| first(series, split).unwrap_or(0);
    let season = season::found(&dataset.panel, end);
    if season != dataset.season {
        terminal.note(&format!("season {season}, by the values before the held-out part"));
        dataset.season = season;
    }
}

/// A model that was fitted on what comes before the split.
pub(super) struct Measured {
    pub(super) hold_out: HoldOut,
    pub(super) fitted: Fitted,
    /// What the page shows of the held-out part, if there will be one.
    pub(super) held: Option<Held>,
}

/// Fits on what comes before the split and forecasts what comes after it.
pub(super) fn measure(job: &Job<'_>, split: SplitPoint) -> Result<Measured, Failure> {
    let series = &job.dataset.panel.series;
    let firsts = series
        .iter()
        .map(|series| first(series, split))
        .collect::<Result<Vec<_>, _>>()?;
    let whole: Vec<History<'_>> = series.iter().map(History::from).collect();
    let parts = whole
        .iter()
        .zip(&firsts)
        .filter_map(|(history, first)| history.until(*first));
    let fitted = job.fit(&parts.collect::<Vec<_>>(), Part::Measured)?;
    let chosen: Vec<&Series> = series.iter().collect();
    let observed = observed(&chosen);
    let held_out = held_out(&chosen, &firsts, &observed);
    let hold_out = HoldOut::measure(fitted.forecaster(), &held_out, job.horizon);
    let hold_out = hold_out.map_err(|error| {
        let season = job.dataset.season;
        let help = match error {
            ForecastError::TooShort { found, .. } if season > found => {
                format!("; a season is taken to be {season} steps: give another with --season, or more data")
            }
            _ => String::new(),
        };
        Failure::Input(format!("{}: {error}{help}", job.dataset.file))
    })?;
    if hold_out.points == 0 {
        return Err(nothing_measured(job.horizon));
    }
    let held = match job.arguments.report {
        Some(_) => {
            let drawing = Drawing {
                model: job.model.name(),
                file: &job.dataset.file,
                season: job.dataset.season,
                horizon: job.horizon,
                cutoffs: HoldOut::MOST_CUTOFFS,
                stretches: MOST_STRETCHES,
            };
            Some(held::held_out(&drawing, fitted.forecaster(), &held_out, &hold_out)?)
        }
        None => None,
    };
    Ok(Measured { hold_out, fitted, held })
}

/// Nothing of the held-out part could be forecast.
pub(super) fn nothing_measured(horizon: usize) -> Failure {
    Failure::Input(format!(
        "--validation: no forecast over {horizon} steps lies inside the held-out part; hold more out, or choose a shorter \
         --horizon"
    ))
}

/// Tells of a value whether it was observed.
type Observed<'a> = Box<dyn Fn(usize) -> bool + 'a>;

/// Of every series, which values were observed: neither filled in, nor the last one before a cutoff that a fill shows what comes after
/// it.
pub(super) fn observed<'a>(series: &[&'a Series]) -> Vec<Observed<'a>> {
    let of = |series: &&'a Series| -> Observed<'a> {
        let series = *series;
        Box::new(move |at| !series.is_filled(at) && !series.sees_ahead(at + 1))
    };
    series.iter().map(of).collect()
}

/// What is measured of series that are cut at `firsts`.
pub(super) fn held_out<'a>(
    series: &[&'a Series],
    firsts: &[usize],
    observed: &'a [Observed<'_>],
) -> Vec<HeldOutSeries<'a>> {
    let parts = series.iter().zip(firsts).zip(observed);
    let part = |((series, first), observed): ((&&'a Series, &usize), &'a Observed<'_>)| HeldOutSeries {
        history: History::from(*series),
        first: *first,
        observed: observed.as_ref(),
    };
    parts.map(part).collect()
}

/// Where a series is cut. The last value before the cut was observed, and none before it was filled in from what comes after.
pub(super) fn first(series: &Series, split: SplitPoint) -> Result<usize, Failure> {
    let first = series.split_index(split).map_err(|error| {
        let name = series
            .unique_id()
            .map_or_else(String::new, |name| format!("series `{name}`: "));
        let help = match (&error, split) {
            (recurra_series::SeriesError::SplitKind { .. }, SplitPoint::Time(Time::Number(_))) => {
                "; give a share between 0 and 1, or a date of the data"
            }
            (recurra_series::SeriesError::EmptyPart { .. }, SplitPoint::LastFraction(_)) => {
                "; give more data, another share, or --validation 0 to hold nothing out"
            }
            (recurra_series::SeriesError::EmptyPart { .. }, _) => {
                "; give a time inside the data, or a share between 0 and 1"
            }
            _ => "",
        };
        Failure::Input(format!("--validation: {name}{error}{help}"))
    })?;
    (1..=first)
        .rev()
        .find(|first| !series.is_filled(first - 1) && !series.sees_ahead(*first))
        .ok_or_else(|| Failure::input("--validation: every value before the split was filled in; hold less out"))
}
