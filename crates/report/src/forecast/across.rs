//! What many series have in common: how far off each of them is, and how far off forecasts are step by step.

use super::selection::worst_first;
use super::views::Group;
use super::{ForecastReport, SeriesReport};
use crate::html::view::{AxisView, Direction, Hue, Line, Mark, View};
use std::collections::BTreeMap;

/// The error of every series, from the one that the model does best on to the one it does worst on: over that of the best
/// baseline, or in its own units where there is none.
pub(super) fn by_series(report: &ForecastReport) -> Option<Group> {
    let (metric, model) = (report.metrics.first()?, &report.scores.first()?.method);
    let mut order = worst_first(report);
    order.reverse();
    order.retain(|position| report.series[*position].rank().is_some());
    if order.len() < 2 {
        return None;
    }
    let shown: Vec<&SeriesReport> = order.iter().map(|position| &report.series[*position]).collect();
    let x = AxisView {
        labels: shown.iter().map(|series| series.unique_id.clone()).collect(),
        ..AxisView::named("series, from the best to the worst")
    };
    let beside = report.scores.len() > 1;
    let (name, note) = if beside {
        let better = shown.iter().filter(|series| beats(series)).count();
        (
            format!("{metric} of {model} over that of the best baseline"),
            format!(
                "below 1, {model} is better than every baseline: on {better} of {} series",
                shown.len()
            ),
        )
    } else {
        (
            format!("{metric}, in units of {}", report.value_name),
            format!("{} series", shown.len()),
        )
    };
    let mut view = View::new(
        "view-by-series",
        format!("{metric} of every series"),
        x,
        AxisView::named(name).switchable(),
    );
    let errors = shown.iter().map(|series| series.rank());
    view.lines.push(Line::new(model, Hue::Blue, 0.0, errors).scattered());
    if beside {
        view.marks.push(Mark {
            axis: Direction::Y,
            at: 1.0,
            label: "as good as the best baseline".to_owned(),
        });
    }
    Some(Group {
        title: "Error of every series".to_owned(),
        note,
        views: vec![view],
    })
}

/// Whether the model's error is below all others'.
fn beats(series: &SeriesReport) -> bool {
    let Some((Some(model), baselines)) = series.errors.split_first() else {
        return false;
    };
    baselines.iter().flatten().all(|error| model < error)
}

/// The mean absolute error by steps ahead, over all series whose forecasts are known.
pub(super) fn by_step(report: &ForecastReport) -> Option<Group> {
    let mut sums: BTreeMap<usize, (f64, usize)> = BTreeMap::new();
    for series in &report.series {
        for segment in &series.forecasts {
            for (step, mean) in segment.mean.iter().enumerate() {
                let actual = series.values.get(segment.start + step).copied().flatten();
                let Some(error) = actual
                    .map(|actual| (actual - mean).abs())
                    .filter(|error| error.is_finite())
                else {
                    continue;
                };
                let (sum, count) = sums.entry(segment.first_step + step).or_default();
                *sum += error;
                *count += 1;
            }
        }
    }
    if sums.len() < 2 {
        return None;
    }
    let y = AxisView::named(format!("mean absolute error, in units of {}", report.value_name));
    let mut view = View::new(
        "view-by-step",
        "mean absolute error by steps ahead",
        AxisView::named("steps ahead"),
        y,
    );
    let means = sums.values().map(|(sum, count)| Some(sum / *count as f64));
    let mut line = Line::new("mean absolute error", Hue::Blue, 0.0, means).dotted();
    line.xs = sums.keys().map(|step| *step as f64).collect();
    view.lines.push(line);
    view.marks.push(Mark {
        axis: Direction::Y,
        at: 0.0,
        label: String::new(),
    });
    let count: usize = sums.values().map(|(_, count)| count).sum();
    // Those of which the errors alone are known have none by steps.
    let of_which = match report.series.iter().any(SeriesReport::is_bare) {
        true => {
            let known = report.series.iter().filter(|series| !series.is_bare()).count();
            format!(
                " of the {known} series that are drawn, not of all {}",
                report.series.len()
            )
        }
        false => String::new(),
    };
    Some(Group {
        title: "Error by steps ahead".to_owned(),
        note: format!("the model's mean absolute error over {count} forecasts{of_which}"),
        views: vec![view],
    })
}

/// How many of the values that intervals were given for lay in them: (nominal percent, share in percent, values), the
/// narrowest level first.
pub(super) fn coverage(report: &ForecastReport) -> Vec<(f64, f64, usize)> {
    let mut counts: Vec<(f64, usize, usize)> = Vec::new();
    for series in &report.series {
        for segment in &series.forecasts {
            for interval in &segment.intervals {
                let at = counts
                    .iter()
                    .position(|(level, ..)| *level == interval.level)
                    .unwrap_or_else(|| {
                        counts.push((interval.level, 0, 0));
                        counts.len() - 1
                    });
                for (step, (lower, upper)) in interval.lower.iter().zip(&interval.upper).enumerate() {
                    if let Some(actual) = series.values.get(segment.start + step).copied().flatten() {
                        counts[at].1 += usize::from((*lower..=*upper).contains(&actual));
                        counts[at].2 += 1;
                    }
                }
            }
        }
    }
    counts.retain(|(.., all)| *all > 0);
    counts.sort_by(|a, b| a.0.total_cmp(&b.0));
    counts
        .into_iter()
        .map(|(level, inside, all)| (level, 100.0 * inside as f64 / all as f64, all))
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::forecast::Segment;

    #[test]
    fn errors_by_steps_say_of_which_series_they_are() {
        let drawn = SeriesReport {
            unique_id: "a".to_owned(),
            times: vec!["1".to_owned(), "2".to_owned()],
            values: vec![Some(1.0), Some(2.0)],
            split: Some(0),
            forecasts: vec![Segment {
                start: 0,
                first_step: 1,
                mean: vec![3.0, 3.0],
                intervals: Vec::new(),
            }],
            errors: vec![Some(1.5)],
        };
        let bare = SeriesReport {
            times: Vec::new(),
            values: Vec::new(),
            split: None,
            forecasts: Vec::new(),
            ..drawn.clone()
        };
        let note = |series: Vec<SeriesReport>| by_step(&ForecastReport::of(series)).unwrap().note;
        let all = "the model's mean absolute error over 2 forecasts";
        assert_eq!(note(vec![drawn.clone()]), all);
        assert_eq!(
            note(vec![bare.clone(), drawn, bare]),
            format!("{all} of the 1 series that are drawn, not of all 3")
        );
    }
}
