//! A point in time: a date, a date with a time of day, or a plain number.

use std::cmp::Ordering;
use std::fmt;

use chrono::{NaiveDate, NaiveDateTime};

/// A time of a series. All times of one series are of the same kind.
///
/// Date-times have no time zone; times that were written with an offset from UTC are kept as UTC.
///
/// ```
/// use recurra_series::Time;
///
/// let time: Time = "2024-02-29".parse()?;
/// assert_eq!(time.to_string(), "2024-02-29");
/// assert!(time < "2024-03-01".parse()?);
/// # Ok::<(), recurra_series::TimeParseError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub enum Time {
    /// A plain number: a step, a year, seconds since something. Always finite.
    Number(f64),
    /// A day.
    Date(NaiveDate),
    /// A day and a time of day.
    DateTime(NaiveDateTime),
}

/// The kinds of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TimeKind {
    /// [`Time::Number`].
    Number,
    /// [`Time::Date`].
    Date,
    /// [`Time::DateTime`].
    DateTime,
}

impl Time {
    /// Which kind of time it is.
    #[must_use]
    pub fn kind(&self) -> TimeKind {
        match self {
            Self::Number(_) => TimeKind::Number,
            Self::Date(_) => TimeKind::Date,
            Self::DateTime(_) => TimeKind::DateTime,
        }
    }

    /// The day, with midnight as the time of day of a date; nothing for a plain number.
    pub(crate) fn as_date_time(&self) -> Option<NaiveDateTime> {
        match self {
            Self::Number(_) => None,
            Self::Date(date) => Some(date.and_time(chrono::NaiveTime::MIN)),
            Self::DateTime(date_time) => Some(*date_time),
        }
    }
}

/// As [`PartialOrd`] has it: a date is equal to its midnight.
impl PartialEq for Time {
    fn eq(&self, other: &Self) -> bool {
        self.partial_cmp(other) == Some(Ordering::Equal)
    }
}

/// Times of different kinds cannot be compared, except a date with a date-time: a date stands for its midnight.
impl PartialOrd for Time {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a.partial_cmp(b),
            _ => Some(self.as_date_time()?.cmp(&other.as_date_time()?)),
        }
    }
}

/// As ISO 8601 writes it: `2024-02-29`, `2024-02-29T13:00:00`; numbers in the shortest form that reads back.
impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Date(date) => write!(f, "{}", date.format("%Y-%m-%d")),
            Self::DateTime(date_time) => write!(f, "{}", date_time.format("%Y-%m-%dT%H:%M:%S%.f")),
        }
    }
}

impl fmt::Display for TimeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Number => "a plain number",
            Self::Date => "a date",
            Self::DateTime => "a date with a time of day",
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_is_neither_before_nor_after_is_equal() {
        let times = [
            "2024-02-29",
            "2024-02-29T00:00:00",
            "2024-02-29T00:00:01",
            "2024-03-01",
            "-0",
            "0",
            "5",
        ];
        let times: Vec<Time> = times.map(|text| text.parse().unwrap()).to_vec();
        for (left, right) in times
            .iter()
            .flat_map(|left| times.iter().map(move |right| (left, right)))
        {
            assert_eq!(
                left == right,
                left.partial_cmp(right) == Some(Ordering::Equal),
                "{left} {right}"
            );
        }
        assert!(times[0] == times[1] && times[1] != times[2] && times[4] == times[5]);
    }
}
