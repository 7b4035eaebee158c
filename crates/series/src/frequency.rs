//! How far apart the times of a series are, and which time comes next.

use chrono::{Datelike, Days, Months, NaiveDate, NaiveDateTime, TimeDelta, Weekday};
use serde::{Deserialize, Serialize};

use crate::Time;

/// The step from one time of a series to the next.
///
/// ```
/// use recurra_series::{Frequency, Time};
///
/// let times: Vec<Time> = ["2024-01-31", "2024-02-29", "2024-03-31"].map(|text| text.parse().unwrap()).into();
/// let frequency = Frequency::infer(&times)?;
/// assert_eq!(frequency.to_string(), "monthly, on day 31");
/// assert_eq!(frequency.after(times[2], 1), Some("2024-04-30".parse().unwrap()));
/// # Ok::<(), recurra_series::FrequencyError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Frequency {
    /// Plain numbers, this far apart.
    Step(f64),
    /// Seconds (minutes, hours), counted in UTC or in a local time without a shift.
    Seconds(u32),
    /// Days: 1 is daily, 7 weekly.
    Days(u32),
    /// Monday to Friday. Holidays count as missing.
    BusinessDays,
    /// Calendar months on the same day of the month: 1 is monthly, 3 quarterly, 12 yearly.
    Months {
        /// Months from one time to the next.
        count: u32,
        /// The day of the month, 1 to 31; a month without it has its last day instead, so that 31 stands for month ends.
        day: u32,
    },
}

impl Frequency {
    /// The time `steps` steps after `time`; nothing if there is no such time.
    #[must_use]
    pub fn after(&self, time: Time, steps: usize) -> Option<Time> {
        let steps_64 = u64::try_from(steps).ok()?;
        match (*self, time) {
            (Self::Step(step), Time::Number(number)) => Some(rounded(number + step * steps as f64, step))
                .filter(|next| next.is_finite())
                .map(Time::Number),
            (Self::Step(_), _) | (_, Time::Number(_)) => None,
            (Self::Seconds(seconds), time) => {
                let ahead = i64::from(seconds).checked_mul(i64::try_from(steps).ok()?)?;
                let next = time
                    .as_date_time()?
                    .checked_add_signed(TimeDelta::try_seconds(ahead)?)?;
                Some(Time::DateTime(next))
            }
            (Self::Days(days), time) => {
                let days = Days::new(u64::from(days).checked_mul(steps_64)?);
                on_day(time, |date| date.checked_add_days(days))
            }
            (Self::BusinessDays, time) => on_day(time, |date| business_day_after(date, steps_64)),
            (Self::Months { count, day }, time) => {
                let months = Months::new(count.checked_mul(u32::try_from(steps).ok()?)?);
                on_day(time, |date| {
                    with_day(date.with_day(1)?.checked_add_months(months)?, day)
                })
            }
        }
    }

    /// How many steps lead from `from` to the later time `to`; nothing if it is not on the grid.
    #[must_use]
    pub fn steps_between(&self, from: Time, to: Time) -> Option<usize> {
        let steps = match (*self, from, to) {
            (Self::Step(step), Time::Number(from), Time::Number(to)) => whole((to - from) / step)?,
            (Self::Step(_), ..) => return None,
            (frequency, ..) => {
                let (from, to) = (from.as_date_time()?, to.as_date_time()?);
                frequency.calendar_steps(from, to)?
            }
        };
        usize::try_from(steps).ok()
    }

    fn calendar_steps(self, from: NaiveDateTime, to: NaiveDateTime) -> Option<i64> {
        let apart = to - from;
        let same_time_of_day = from.time() == to.time();
        let (count, unit) = match self {
            Self::Step(_) => return None,
            Self::Seconds(seconds) if apart.subsec_nanos() == 0 => (apart.num_seconds(), seconds),
            Self::Days(days) if same_time_of_day => (apart.num_days(), days),
            Self::BusinessDays if same_time_of_day => (business_days_between(from.date(), to.date())?, 1),
            Self::Months { count, day } if same_time_of_day => {
                if with_day(to.date(), day)? != to.date() {
                    return None;
                }
                (month_number(to.date()) - month_number(from.date()), count)
            }
            _ => return None,
        };
        let unit = i64::from(unit);
        (unit > 0 && count % unit == 0).then(|| count / unit)
    }

    /// A season that is usual for the frequency, in steps: a day for hours and minutes, a week for days, a year for
    /// weeks, months and quarters. Nothing for years and plain numbers.
    #[must_use]
    pub fn usual_season(&self) -> Option<usize> {
        let season = match *self {
            Self::Seconds(seconds) if seconds > 0 && 86_400 % seconds == 0 => 86_400 / seconds,
            Self::Days(1) => 7,
            Self::Days(7) => 52,
            Self::BusinessDays => 5,
            Self::Months { count, .. } if count > 0 && 12 % count == 0 => 12 / count,
            _ => 1,
        };
        usize::try_from(season).ok().filter(|&season| season > 1)
    }
}

/// The day-wise part of a step: a date stays a date, a date-time keeps its time of day.
fn on_day(time: Time, step: impl Fn(NaiveDate) -> Option<NaiveDate>) -> Option<Time> {
    match time {
        Time::Number(_) => None,
        Time::Date(date) => step(date).map(Time::Date),
        Time::DateTime(time) => Some(Time::DateTime(step(time.date())?.and_time(time.time()))),
    }
}

/// The month of `date` on day `day`, or its last day if it is shorter.
pub(crate) fn with_day(date: NaiveDate, day: u32) -> Option<NaiveDate> {
    date.with_day(day.clamp(1, u32::from(date.num_days_in_month())))
}

pub(crate) fn month_number(date: NaiveDate) -> i64 {
    i64::from(date.year()) * 12 + i64::from(date.month0())
}

pub(crate) fn is_weekend(date: NaiveDate) -> bool {
    matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}

fn business_day_after(date: NaiveDate, steps: u64) -> Option<NaiveDate> {
    // From a weekend the first step leads to Monday.
    let past_friday = u64::from(date.weekday().num_days_from_monday()).saturating_sub(4);
    let friday_or_before = date.checked_sub_days(Days::new(past_friday))?;
    let weekday = u64::from(friday_or_before.weekday().num_days_from_monday());
    let weekdays = weekday.checked_add(steps)?;
    friday_or_before
        .checked_sub_days(Days::new(weekday))?
        .checked_add_days(Days::new((weekdays / 5) * 7 + weekdays % 5))
}

/// Steps from one weekday to another; nothing from or to a weekend.
fn business_days_between(from: NaiveDate, to: NaiveDate) -> Option<i64> {
    if is_weekend(from) || is_weekend(to) {
        return None;
    }
    let weekday = |date: NaiveDate| i64::from(date.weekday().num_days_from_monday());
    let weeks = ((to - from).num_days() - (weekday(to) - weekday(from))) / 7;
    Some(weeks * 5 + weekday(to) - weekday(from))
}

/// `ratio` as a whole number, if it is one but for rounding.
pub(crate) fn whole(ratio: f64) -> Option<i64> {
    let nearest = ratio.round();
    ((ratio - nearest).abs() <= 1e-6 && nearest.abs() < 9e15).then_some(nearest as i64)
}

/// `number` without the rounding noise of repeated addition: 0.1 + 2·0.1 is 0.3.
fn rounded(number: f64, step: f64) -> f64 {
    let digits = 1e9 / step.abs().min(1.0);
    let rounded = (number * digits).round() / digits;
    if rounded.is_finite() && (number * digits).abs() < 9e15 {
        rounded
    } else {
        number
    }
}
