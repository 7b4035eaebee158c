//! Times as people write them.
//!
//! A whole column is read in one form: the first value says which forms are possible, and every further value rules
//! forms out. Where day and month cannot be told apart in any value, the caller decides by what the forms make of the
//! column, or gives up.

use std::str::FromStr;

use chrono::format::{Parsed, StrftimeItems};
use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime};

use crate::Time;

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

/// Written forms of a date: an example to show, chrono's format, and what to append to the text so that the format has a
/// day to read.
const DATES: [(&str, &str, &str); 18] = [
    ("2024-01-31", "%Y-%m-%d", ""),
    ("2024/01/31", "%Y/%m/%d", ""),
    ("2024.01.31", "%Y.%m.%d", ""),
    ("20240131", "%Y%m%d", ""),
    ("31.01.2024", "%d.%m.%Y", ""),
    ("31/01/2024", "%d/%m/%Y", ""),
    ("01/31/2024", "%m/%d/%Y", ""),
    ("31-01-2024", "%d-%m-%Y", ""),
    ("01-31-2024", "%m-%d-%Y", ""),
    ("31 Jan 2024", "%d %b %Y", ""),
    ("31-Jan-2024", "%d-%b-%Y", ""),
    ("Jan 31, 2024", "%b %d, %Y", ""),
    ("Jan 31 2024", "%b %d %Y", ""),
    ("2024-01", "%Y-%m-%d", "-01"),
    ("2024/01", "%Y/%m/%d", "/01"),
    ("Jan 2024", "%b %Y-%d", "-01"),
    ("Jan-2024", "%b-%Y-%d", "-01"),
    ("2024-W05", "%G-W%V-%u", "-1"),
];
/// The place of 20240131 in [`DATES`]: the one form that may also be read as a plain number.
const COMPACT: usize = 3;
const TIMES_OF_DAY: [&str; 4] = ["%H:%M:%S%.f", "%H:%M", "%I:%M:%S %p", "%I:%M %p"];

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

/// The pieces of a written time.
struct Parts<'a> {
    date: &'a str,
    time_of_day: Option<&'a str>,
    offset: Option<&'a str>,
}

impl<'a> Parts<'a> {
    /// Cuts `text` before the time of day (the digits around the first colon) and before the offset that may follow it.
    fn of(text: &'a str) -> Self {
        let text = text.trim();
        let whole = Self {
            date: text,
            time_of_day: None,
            offset: None,
        };
        let Some(start) = text.find(':').and_then(|colon| text[..colon].rfind(['T', 't', ' '])) else {
            return whole;
        };
        let (date, rest) = (text[..start].trim_end(), text[start + 1..].trim_start());
        let end = rest
            .find(['Z', 'z', '+', '-', '−'])
            .or_else(|| rest.find("UTC"))
            .or_else(|| rest.find("GMT"));
        match end {
            None => Self {
                date,
                time_of_day: Some(rest),
                offset: None,
            },
            Some(end) => Self {
                date,
                time_of_day: Some(rest[..end].trim_end()),
                offset: Some(&rest[end..]),
            },
        }
    }
}

/// `2024-01-31`, most frequent by far, without the detour through a format.
fn iso_date(text: &str) -> Option<NaiveDate> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text.as_bytes() else {
        return None;
    };
    let year = number(&[*y1, *y2, *y3, *y4])?;
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, number(&[*m1, *m2])?, number(&[*d1, *d2])?)
}

/// `12:00:00`, likewise.
fn iso_time_of_day(text: &str) -> Option<NaiveTime> {
    let [h1, h2, b':', m1, m2, b':', s1, s2] = text.as_bytes() else {
        return None;
    };
    NaiveTime::from_hms_opt(number(&[*h1, *h2])?, number(&[*m1, *m2])?, number(&[*s1, *s2])?)
}

/// A number of ASCII digits.
fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |number: u32, digit| {
        digit.is_ascii_digit().then(|| number * 10 + u32::from(digit - b'0'))
    })
}

fn parse_date(text: &str, form: usize) -> Option<NaiveDate> {
    if form == 0
        && let Some(date) = iso_date(text)
    {
        return Some(date).filter(plausible);
    }
    let (example, format, suffix) = DATES[form];
    // chrono reads years of any number of digits, so that 1/2/24 would be a day of the year 1.
    if form == COMPACT && text.len() != example.len() {
        return None;
    }
    let date = if suffix.is_empty() {
        NaiveDate::parse_from_str(text, format)
    } else {
        NaiveDate::parse_from_str(&format!("{text}{suffix}"), format)
    };
    date.ok().filter(plausible)
}

fn plausible(date: &NaiveDate) -> bool {
    use chrono::Datelike;
    (1000..=9999).contains(&date.year())
}

fn parse_time_of_day(text: &str) -> Option<NaiveTime> {
    let formats = || {
        TIMES_OF_DAY
            .iter()
            .find_map(|format| NaiveTime::parse_from_str(text, format).ok())
    };
    iso_time_of_day(text).or_else(formats)
}

fn parse_offset(text: &str) -> Option<FixedOffset> {
    if matches!(text, "Z" | "z" | "UTC" | "GMT") {
        return FixedOffset::east_opt(0);
    }
    let (sign, digits) = match text.strip_prefix('+') {
        Some(rest) => (1, rest),
        None => (-1, text.strip_prefix(['-', '−'])?),
    };
    let digits = digits.replace(':', "");
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (hours, minutes): (i32, i32) = match digits.len() {
        2 => (digits.parse().ok()?, 0),
        4 => (digits[..2].parse().ok()?, digits[2..].parse().ok()?),
        _ => return None,
    };
    FixedOffset::east_opt(sign * (hours * 3600 + minutes * 60))
}

/// `2024-Q1`, `2024Q1`, `2024 q1`: the quarter's first day.
fn quarter(text: &str) -> Option<Time> {
    let (year, number) = text.split_once(['Q', 'q'])?;
    let year = year.trim_end_matches(['-', ' ', '/']);
    let number: u32 = number.parse().ok().filter(|number| (1..=4).contains(number))?;
    let date = NaiveDate::from_ymd_opt(year.parse().ok()?, number * 3 - 2, 1)?;
    Some(Time::Date(date)).filter(|_| plausible(&date))
}

/// Reads in chrono's notation: a date, a date with a time of day, or one with an offset, as far as the format goes.
fn given(text: &str, format: &str) -> Option<Time> {
    let mut parsed = Parsed::new();
    chrono::format::parse(&mut parsed, text, StrftimeItems::new(format)).ok()?;
    if let Ok(zoned) = parsed.to_datetime() {
        let zoned: DateTime<FixedOffset> = zoned;
        return Some(Time::DateTime(zoned.naive_utc()));
    }
    if let Ok(date_time) = parsed.to_naive_datetime_with_offset(0) {
        let date_time: NaiveDateTime = date_time;
        return Some(Time::DateTime(date_time));
    }
    if parsed.day().is_none() && parsed.ordinal().is_none() && parsed.weekday().is_none() {
        parsed.set_day(1).ok()?;
    }
    parsed.to_naive_date().ok().map(Time::Date)
}
