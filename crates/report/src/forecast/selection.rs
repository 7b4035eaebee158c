//! Which series a page holds, and how much of each, so that it stays below five megabytes.

use super::{ForecastReport, Segment, SeriesReport};
use std::collections::HashSet;

/// What the charts of a page may take, in bytes: five megabytes less the charting library, the tables and the still
/// pictures.
const BUDGET: usize = 3_000_000;
/// Series up to which each has a chart of its own; beyond that one is chosen.
pub(super) const EACH: usize = 4;
/// The fewest values before the forecasts that a shortened series keeps.
const LEAST: usize = 200;
/// About what a number takes.
const NUMBER: usize = 8;

/// The series that a page holds.
pub(super) struct Selection {
    /// Positions among the report's series, in their order, with what the page shows of each.
    pub(super) shown: Vec<(usize, SeriesReport)>,
    /// How many values before the first forecast a series keeps at most, where they had to be shortened.
    pub(super) shortened: Option<usize>,
}

/// All series if they fit; else less of their past; else the worst and the best in turn, until the page is full.
pub(super) fn select(report: &ForecastReport) -> Selection {
    let whole = |series: &SeriesReport| series.clone();
    let all: Vec<usize> = (0..report.series.len())
        .filter(|at| !report.series[*at].is_bare())
        .collect();
    if let Some(shown) = fitting(report, &all, whole, false) {
        return Selection { shown, shortened: None };
    }
    let longest = report.series.iter().map(|series| series.times.len()).max().unwrap_or(0);
    let mut kept = longest / 2;
    while kept > LEAST {
        if let Some(shown) = fitting(report, &all, |series| shortened(series, kept), false) {
            return Selection {
                shown,
                shortened: Some(kept),
            };
        }
        kept /= 2;
    }
    let mut shown = fitting(report, &by_interest(report), |series| shortened(series, LEAST), true).unwrap_or_default();
    shown.sort_by_key(|(position, _)| *position);
    Selection {
        shown,
        shortened: Some(LEAST),
    }
}

/// The series in the order given, as long as they fit; `None` if not all do, unless that is allowed.
fn fitting(
    report: &ForecastReport,
    order: &[usize],
    cut: impl Fn(&SeriesReport) -> SeriesReport,
    some: bool,
) -> Option<Vec<(usize, SeriesReport)>> {
    let (mut used, mut calendars, mut shown) = (0, HashSet::new(), Vec::new());
    for position in order {
        let series = cut(&report.series[*position]);
        used += NUMBER * numbers(&series);
        // Series with the same times share their words.
        let calendar = (series.times.first().cloned(), series.times.len());
        if calendars.insert(calendar) {
            used += series.times.iter().map(|time| time.len() + 3).sum::<usize>();
        }
        if used > BUDGET {
            return some.then_some(shown);
        }
        shown.push((*position, series));
    }
    Some(shown)
}

/// The numbers that the charts of a series are made of: values, and for every forecast itself, its residual and its place
/// in both charts, and the bounds.
fn numbers(series: &SeriesReport) -> usize {
    let segment = |segment: &Segment| segment.mean.len() * (4 + 2 * segment.intervals.len());
    series.values.len() + series.forecasts.iter().map(segment).sum::<usize>() + 200
}

/// A series from `kept` values before its first forecast on.
fn shortened(series: &SeriesReport, kept: usize) -> SeriesReport {
    let first = series.forecasts.iter().map(|segment| segment.start).min();
    let from = first.unwrap_or(series.values.len()).saturating_sub(kept);
    let mut short = series.clone();
    short.times.drain(..from.min(series.times.len()));
    short.values.drain(..from.min(series.values.len()));
    short.split = series.split.and_then(|split| split.checked_sub(from));
    for segment in &mut short.forecasts {
        segment.start -= from;
    }
    short
}

/// Positions from the most interesting on: the worst, the best, the second worst, the second best, …
fn by_interest(report: &ForecastReport) -> Vec<usize> {
    let mut worst = worst_first(report);
    worst.retain(|at| !report.series[*at].is_bare());
    let (mut from, mut to) = (0, worst.len());
    let mut order = Vec::with_capacity(to);
    while from < to {
        order.push(worst[from]);
        from += 1;
        if from < to {
            to -= 1;
            order.push(worst[to]);
        }
    }
    order
}

/// Positions of the series by the model's error, or its relation to the best baseline's where there is one; series
/// without errors come last, in their own order.
pub(super) fn worst_first(report: &ForecastReport) -> Vec<usize> {
    let mut order: Vec<usize> = (0..report.series.len()).collect();
    let error = |position: &usize| report.series[*position].rank().unwrap_or(f64::NEG_INFINITY);
    order.sort_by(|a, b| error(b).total_cmp(&error(a)));
    order
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn series(name: usize, length: usize, errors: &[f64]) -> SeriesReport {
        SeriesReport {
            unique_id: name.to_string(),
            times: (0..length + 2).map(|t| format!("2020-{name}-{t}")).collect(),
            values: vec![Some(1.5); length],
            split: Some(length / 2),
            forecasts: vec![Segment {
                start: length - 2,
                first_step: 1,
                mean: vec![1.0; 4],
                intervals: Vec::new(),
            }],
            errors: errors.iter().copied().map(Some).collect(),
        }
    }

    #[test]
    fn what_fits_is_whole() {
        let selection = select(&ForecastReport::of(vec![series(0, 100, &[]), series(1, 100, &[])]));
        assert_eq!((selection.shown.len(), selection.shortened), (2, None));
        assert_eq!(selection.shown[1].1.values.len(), 100);
    }

    #[test]
    fn a_series_of_which_the_errors_alone_are_known_has_no_chart() {
        let mut bare = series(1, 2, &[2.0, 1.0]);
        (bare.times, bare.values, bare.forecasts) = (Vec::new(), Vec::new(), Vec::new());
        for length in [100, 2_000_000] {
            let selection = select(&ForecastReport::of(vec![
                series(0, length, &[]),
                bare.clone(),
                series(2, 100, &[]),
            ]));
            let positions: Vec<usize> = selection.shown.iter().map(|(position, _)| *position).collect();
            assert_eq!(positions, [0, 2]);
        }
    }

    #[test]
    fn long_series_lose_their_oldest_values_only() {
        let whole = series(0, 1_000_000, &[]);
        let selection = select(&ForecastReport::of(vec![whole.clone()]));
        let short = &selection.shown[0].1;
        let kept = selection.shortened.unwrap();
        assert_eq!((short.forecasts[0].start, short.values.len()), (kept, kept + 2));
        assert_eq!(short.times[kept], whole.times[whole.forecasts[0].start]);
        assert_eq!(short.split, None);
    }

    #[test]
    fn too_many_series_are_the_worst_and_the_best() {
        // The error relative to the baseline falls from the first to the last series.
        let many = (0..3000)
            .map(|at| series(at, 400, &[3000.0 - at as f64, 1.0]))
            .collect();
        let selection = select(&ForecastReport::of(many));
        let positions: Vec<usize> = selection.shown.iter().map(|(position, _)| *position).collect();
        let (first, last) = (positions[0], positions[positions.len() - 1]);
        assert_eq!((first, last), (0, 2999));
        assert!(positions.len() > 100 && positions.len() < 3000, "{}", positions.len());
        // From both ends inwards, without a gap but the one in the middle.
        assert_eq!(positions.windows(2).filter(|pair| pair[1] != pair[0] + 1).count(), 1);
    }
}
