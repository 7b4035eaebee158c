//! Covariates made from the times: what hour, day or month it is.
//!
//! Each goes round in a circle, so it is given as a sine and a cosine: 23 o'clock is near 0 o'clock.

use chrono::{Datelike, NaiveDateTime, Timelike};
use recurra_series::{Covariate, Frequency, Panel, Series, Time};

/// Why there is no calendar.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CalendarError {
    #[error("a calendar needs dates, and the times are plain numbers; leave --calendar out")]
    Numbers,
    #[error("a calendar needs a frequency, and the data shows none; give it with --frequency")]
    NoFrequency,
    #[error("a calendar says nothing about {0} data; leave --calendar out")]
    Yearly(Frequency),
    #[error("the calendar ends before the forecast does")]
    End,
    #[error(transparent)]
    Series(#[from] recurra_series::SeriesError),
}

/// The place of a time on a circle, from 0 to 1.
type Place = fn(&NaiveDateTime) -> f64;

const HOUR: (&str, Place) = ("hour", |time| {
    (f64::from(time.hour()) + f64::from(time.minute()) / 60.0) / 24.0
});
const DAY_OF_WEEK: (&str, Place) = ("day_of_week", |time| {
    f64::from(time.weekday().num_days_from_monday()) / 7.0
});
const DAY_OF_YEAR: (&str, Place) = ("day_of_year", |time| f64::from(time.ordinal0()) / 365.25);
const MONTH: (&str, Place) = ("month", |time| f64::from(time.month0()) / 12.0);

/// What may matter at a frequency.
fn circles(frequency: Frequency) -> Result<&'static [(&'static str, Place)], CalendarError> {
    match frequency {
        Frequency::Step(_) => Err(CalendarError::Numbers),
        Frequency::Seconds(_) => Ok(&[HOUR, DAY_OF_WEEK, DAY_OF_YEAR]),
        Frequency::Days(7) => Ok(&[DAY_OF_YEAR]),
        Frequency::Days(_) | Frequency::BusinessDays => Ok(&[DAY_OF_WEEK, DAY_OF_YEAR]),
        Frequency::Months { count, .. } if count % 12 == 0 => Err(CalendarError::Yearly(frequency)),
        _ => Ok(&[MONTH]),
    }
}

/// Adds the calendar's columns to every series, as known-future covariates that go `horizon` steps past its end.
pub(crate) fn add(panel: Panel, horizon: usize) -> Result<Panel, CalendarError> {
    let frequency = panel.frequency.ok_or(CalendarError::NoFrequency)?;
    let circles = circles(frequency)?;
    let series = panel.series.into_iter().map(|mut series| {
        let times = times(&series, frequency, horizon)?;
        for (name, place) in circles {
            let wave = |wave: fn(f64) -> f64| {
                times
                    .iter()
                    .map(|time| wave(2.0 * std::f64::consts::PI * place(time)))
                    .collect()
            };
            series = series
                .with_future_covariate(Covariate {
                    name: format!("calendar:{name}:sin"),
                    values: wave(libm::sin),
                })?
                .with_future_covariate(Covariate {
                    name: format!("calendar:{name}:cos"),
                    values: wave(libm::cos),
                })?;
        }
        Ok(series)
    });
    Ok(Panel {
        series: series.collect::<Result<_, CalendarError>>()?,
        frequency: Some(frequency),
    })
}

fn times(series: &Series, frequency: Frequency, horizon: usize) -> Result<Vec<NaiveDateTime>, CalendarError> {
    let last = series.times().last().copied().ok_or(CalendarError::End)?;
    let more = (1..=horizon).map(|step| frequency.after(last, step).ok_or(CalendarError::End));
    let all = series.times().iter().copied().map(Ok).chain(more);
    all.map(|time| match time? {
        Time::Number(_) => Err(CalendarError::Numbers),
        Time::Date(date) => Ok(date.and_time(chrono::NaiveTime::MIN)),
        Time::DateTime(time) => Ok(time),
    })
    .collect()
}
