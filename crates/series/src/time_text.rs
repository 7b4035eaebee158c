//! Times as people write them.
//!
//! A whole column is read in one form: the first value says which forms are possible, and every further value rules
//! forms out. Where day and month cannot be told apart in any value, the caller decides by what the forms make of the
//! column, or gives up.

use std::str::FromStr;

use crate::Time;
use crate::time_pieces::{COMPACT, DATES, Parts, given, parse_date, parse_offset, parse_time_of_day, quarter};

/// Why a text is not a time.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum TimeParseError {
    /// It has none of the known forms.
    #[error(
        "`{text}` is no time; write a date as 2024-01-31, a date and time as 2024-01-31T12:00:00, or a plain number"
    )]
    Unknown {
        /// The text.
        text: String,
    },
    /// It has more than one of them.
    #[error("`{text}` may be {first} or {second}; write it as 2024-01-31")]
    Ambiguous {
        /// The text.
        text: String,
        /// One reading.
        first: Time,
        /// Another.
        second: Time,
    },
}

/// One way to read a column of times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TimeForm {
    Number,
    Quarter,
    /// A form of [`DATES`], with a time of day or not, with an offset from UTC or not.
    Written {
        date: usize,
        time_of_day: bool,
        offset: bool,
    },
    /// A format that the user gave, in chrono's notation.
    Given(String),
}

impl TimeForm {
    /// All forms that `text` may be read in.
    pub(crate) fn candidates(text: &str) -> Vec<Self> {
        let parts = Parts::of(text);
        let written = (0..DATES.len()).map(|date| Self::Written {
            date,
            time_of_day: parts.time_of_day.is_some(),
            offset: parts.offset.is_some(),
        });
        let mut forms: Vec<Self> = written.chain([Self::Quarter, Self::Number]).collect();
        forms.retain(|form| form.parse(text).is_some());
        forms
    }

    /// Keeps the forms that `text` may be read in too.
    pub(crate) fn narrow(forms: &[Self], text: &str) -> Vec<Self> {
        forms
            .iter()
            .filter(|form| form.parse(text).is_some())
            .cloned()
            .collect()
    }

    /// Drops the plain number where a compact date reads the same column.
    pub(crate) fn prefer_dates(forms: &mut Vec<Self>) {
        if forms
            .iter()
            .any(|form| matches!(form, Self::Written { date: COMPACT, .. }))
        {
            forms.retain(|form| *form != Self::Number);
        }
    }

    /// Reads `text` in this form.
    pub(crate) fn parse(&self, text: &str) -> Option<Time> {
        let text = text.trim();
        match self {
            Self::Number => text
                .parse()
                .ok()
                .filter(|number: &f64| number.is_finite())
                .map(Time::Number),
            Self::Quarter => quarter(text),
            Self::Given(format) => given(text, format),
            Self::Written {
                date,
                time_of_day,
                offset,
            } => {
                let parts = Parts::of(text);
                if parts.time_of_day.is_some() != *time_of_day || parts.offset.is_some() != *offset {
                    return None;
                }
                let day = parse_date(parts.date, *date)?;
                let Some(time_of_day) = parts.time_of_day else {
                    return Some(Time::Date(day));
                };
                let local = day.and_time(parse_time_of_day(time_of_day)?);
                let utc = match parts.offset {
                    None => local,
                    Some(offset) => local.checked_sub_offset(parse_offset(offset)?)?,
                };
                Some(Time::DateTime(utc))
            }
        }
    }

    /// An example of the form, to be shown.
    pub(crate) fn example(&self) -> String {
        match self {
            Self::Number => "1.5".to_owned(),
            Self::Quarter => "2024-Q1".to_owned(),
            Self::Given(format) => format.clone(),
            Self::Written {
                date,
                time_of_day,
                offset,
            } => {
                let mut example = DATES[*date].0.to_owned();
                if *time_of_day {
                    example += " 12:00:00";
                }
                if *offset {
                    example += "+00:00";
                }
                example
            }
        }
    }
}

impl FromStr for Time {
    type Err = TimeParseError;

    fn from_str(text: &str) -> Result<Self, TimeParseError> {
        let mut forms = TimeForm::candidates(text);
        TimeForm::prefer_dates(&mut forms);
        let mut readings: Vec<Time> = forms.iter().filter_map(|form| form.parse(text)).collect();
        readings.dedup();
        match readings[..] {
            [] => Err(TimeParseError::Unknown { text: text.to_owned() }),
            [time] => Ok(time),
            [first, second, ..] => Err(TimeParseError::Ambiguous {
                text: text.to_owned(),
                first,
                second,
            }),
        }
    }
}
