//! Calendar columns: known for every time, past or future.

use chrono::{Datelike, NaiveDateTime, Timelike};

use crate::{Covariate, Frequency, Time};

/// Why there are no calendar columns.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CalendarError {
    /// Plain numbers have no calendar.
    #[error("{time} is a plain number; calendar columns need dates")]
    NoDates {
        /// The first such time.
        time: Time,
    },
    /// Nothing in the calendar changes from year to year.
    #[error("calendar columns say nothing about {frequency} data: every step has the same; leave them out")]
    NothingToSay {
        /// The frequency.
        frequency: Frequency,
    },
}

/// A cycle of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cycle {
    Day,
    Week,
    Year,
}

impl Cycle {
    fn name(self) -> &'static str {
        match self {
            Self::Day => "time-of-day",
            Self::Week => "day-of-week",
            Self::Year => "day-of-year",
        }
    }

    /// How far through the cycle a time is, from 0 to below 1.
    fn phase(self, time: NaiveDateTime) -> f64 {
        let day = f64::from(time.num_seconds_from_midnight()) / 86_400.0;
        match self {
            Self::Day => day,
            Self::Week => (f64::from(time.weekday().num_days_from_monday()) + day) / 7.0,
            Self::Year => {
                let length = if time.date().leap_year() { 366.0 } else { 365.0 };
                (f64::from(time.ordinal0()) + day) / length
            }
        }
    }
}

/// The calendar columns of `times`: for each cycle that is longer than a step of `frequency` (the day, the week, the year)
/// the sine and the cosine of how far through it a time is. Weeks and months know no day of the week, only the year.
/// Through the `libm` crate, so that they have the same bits on every machine.
///
/// ```
/// use recurra_series::{Frequency, calendar};
///
/// let columns = calendar(&["2024-01-01".parse()?, "2024-01-02".parse()?], Frequency::Days(1))?;
/// let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
/// assert_eq!(names, ["day-of-week-sin", "day-of-week-cos", "day-of-year-sin", "day-of-year-cos"]);
/// assert_eq!(columns[1].values[0], 1.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// If the times are plain numbers, or the data is yearly.
pub fn calendar(times: &[Time], frequency: Frequency) -> Result<Vec<Covariate>, CalendarError> {
    let cycles: &[Cycle] = match frequency {
        Frequency::Seconds(seconds) if seconds < 86_400 => &[Cycle::Day, Cycle::Week, Cycle::Year],
        Frequency::Days(days) if days < 7 => &[Cycle::Week, Cycle::Year],
        Frequency::BusinessDays => &[Cycle::Week, Cycle::Year],
        Frequency::Seconds(_) | Frequency::Days(_) | Frequency::Step(_) => &[Cycle::Year],
        Frequency::Months { count, .. } if count % 12 != 0 => &[Cycle::Year],
        Frequency::Months { .. } => return Err(CalendarError::NothingToSay { frequency }),
    };
    let dated: Vec<NaiveDateTime> = times
        .iter()
        .map(|time| time.as_date_time().ok_or(CalendarError::NoDates { time: *time }))
        .collect::<Result<_, _>>()?;
    let columns = cycles.iter().flat_map(|&cycle| {
        let column = |suffix: &str, wave: fn(f64) -> f64| Covariate {
            name: format!("{}-{suffix}", cycle.name()),
            values: dated
                .iter()
                .map(|&time| wave(2.0 * std::f64::consts::PI * cycle.phase(time)))
                .collect(),
        };
        [column("sin", libm::sin), column("cos", libm::cos)]
    });
    Ok(columns.collect())
}
