//! The calendar's columns, added to a whole panel: known for every time, past or future.

use recurra_series::{Covariate, Panel, Time};

/// Why there is no calendar.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CalendarError {
    #[error("a calendar needs a frequency, and the data shows none; give it with --frequency")]
    NoFrequency,
    #[error("the calendar ends before the forecast does")]
    End,
    #[error("{0}; leave --calendar out")]
    Columns(#[from] recurra_series::CalendarError),
    #[error(transparent)]
    Series(#[from] recurra_series::SeriesError),
}

/// Adds the calendar's columns to every series, as known-future covariates that go `horizon` steps past its end.
pub(crate) fn add(panel: Panel, horizon: usize) -> Result<Panel, CalendarError> {
    let frequency = panel.frequency.ok_or(CalendarError::NoFrequency)?;
    let with_calendar = |mut series: recurra_series::Series| {
        let last = *series.times().last().ok_or(CalendarError::End)?;
        let mut times: Vec<Time> = series.times().to_vec();
        for step in 1..=horizon {
            times.push(frequency.after(last, step).ok_or(CalendarError::End)?);
        }
        for Covariate { name, values } in recurra_series::calendar(&times, frequency)? {
            let name = format!("calendar:{name}");
            series = series.with_future_covariate(Covariate { name, values })?;
        }
        Ok(series)
    };
    Ok(Panel {
        series: panel
            .series
            .into_iter()
            .map(with_calendar)
            .collect::<Result<_, CalendarError>>()?,
        frequency: Some(frequency),
    })
}
