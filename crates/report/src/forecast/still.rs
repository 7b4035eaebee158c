//! The charts as still pictures.

use super::views::{self, Group};
use super::{ForecastReport, SeriesReport};
use crate::ReportError;
use crate::charts::canvas::Heading;
use crate::charts::view;
use crate::html::view::View;

/// How many series [`picture`] draws.
pub const MOST_STILL: usize = 12;

/// The series with their forecasts and intervals as one SVG document, a chart for each of the first [`MOST_STILL`].
///
/// # Errors
/// [`ReportError::Records`] if forecasts and times do not fit together, [`ReportError::Draw`] if a chart cannot be drawn.
pub fn picture(report: &ForecastReport) -> Result<String, ReportError> {
    super::check(report)?;
    let drawn = &report.series[..report.series.len().min(MOST_STILL)];
    let names = drawn.len() > 1;
    let view = |(number, series): (usize, &SeriesReport)| {
        let mut group = views::data(series, &number.to_string(), &report.value_name);
        if names {
            for view in &mut group.views {
                view.y.name = format!("{}: {}", series.unique_id, view.y.name);
            }
        }
        group.views
    };
    let all: Vec<Vec<View>> = drawn.iter().enumerate().map(view).collect();
    let rows: Vec<Vec<&View>> = all.iter().map(|views| views.iter().collect()).collect();
    let subtitle = match report.series.as_slice() {
        [one] => views::note(one),
        all if all.len() > drawn.len() => format!("the first {} of {} series", drawn.len(), all.len()),
        all => format!("{} series", all.len()),
    };
    Ok(view::picture(
        Heading {
            title: report.title.clone(),
            subtitle,
        },
        &rows,
    )?
    .svg)
}

/// A group's charts: one alone or the first of several in a row of its own, the others side by side below it.
pub(super) fn group(group: &Group) -> Result<String, ReportError> {
    let Some((first, rest)) = group.views.split_first() else {
        return Ok(String::new());
    };
    let mut rows = vec![vec![first]];
    if !rest.is_empty() {
        rows.push(rest.iter().collect());
    }
    let heading = Heading {
        title: group.title.clone(),
        subtitle: group.note.clone(),
    };
    Ok(view::picture(heading, &rows)?.svg)
}
