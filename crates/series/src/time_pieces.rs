//! The pieces of which a written time is made: date, time of day, offset from UTC.

use chrono::format::{Parsed, StrftimeItems};
use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime};

use crate::Time;

/// Written forms of a date: an example to show, chrono's format, and what to append to the text so that the format has a
/// day to read.
pub(crate) const DATES: [(&str, &str, &str); 18] = [
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
pub(crate) const COMPACT: usize = 3;
const TIMES_OF_DAY: [&str; 4] = ["%H:%M:%S%.f", "%H:%M", "%I:%M:%S %p", "%I:%M %p"];

/// The pieces of a written time.
pub(crate) struct Parts<'a> {
    pub(crate) date: &'a str,
    pub(crate) time_of_day: Option<&'a str>,
    pub(crate) offset: Option<&'a str>,
}

impl<'a> Parts<'a> {
    /// Cuts `text` before the time of day (the digits around the first colon) and before the offset that may follow it.
    pub(crate) fn of(text: &'a str) -> Self {
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

/// A date in form number `form` of [`DATES`].
pub(crate) fn parse_date(text: &str, form: usize) -> Option<NaiveDate> {
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

/// A year of four digits.
fn plausible(date: &NaiveDate) -> bool {
    use chrono::Datelike;
    (1000..=9999).contains(&date.year())
}

/// A time of day in any of its forms.
pub(crate) fn parse_time_of_day(text: &str) -> Option<NaiveTime> {
    let formats = || {
        TIMES_OF_DAY
            .iter()
            .find_map(|format| NaiveTime::parse_from_str(text, format).ok())
    };
    iso_time_of_day(text).or_else(formats)
}

/// An offset from UTC: `Z`, `+01:00`, `-0130`, `+01`.
pub(crate) fn parse_offset(text: &str) -> Option<FixedOffset> {
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
pub(crate) fn quarter(text: &str) -> Option<Time> {
    let (year, number) = text.split_once(['Q', 'q'])?;
    let year = year.trim_end_matches(['-', ' ', '/']);
    let number: u32 = number.parse().ok().filter(|number| (1..=4).contains(number))?;
    let date = NaiveDate::from_ymd_opt(year.parse().ok()?, number * 3 - 2, 1)?;
    Some(Time::Date(date)).filter(|_| plausible(&date))
}

/// Reads in chrono's notation: a date, a date with a time of day, or one with an offset, as far as the format goes.
pub(crate) fn given(text: &str, format: &str) -> Option<Time> {
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
