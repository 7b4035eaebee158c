//! A column of a table as it was read.

use chrono::{DateTime, NaiveDate};
use polars::prelude::{AnyValue, Column as PolarsColumn, DataType, StringChunked, TimeUnit};

use super::{DataErrorKind, Decimal};
use crate::Time;

/// A column of a table as it was read: CSV files have text alone.
#[derive(Clone, Debug)]
pub(crate) enum Column {
    Text(StringChunked),
    Numbers(Vec<Option<f64>>),
    Times(Vec<Option<Time>>),
    /// A type that nothing can be made of.
    Other {
        length: usize,
        found: String,
    },
}

/// Texts that stand for a value that is not there.
const MISSING: [&str; 7] = ["", "NA", "N/A", "NaN", "nan", "null", "None"];

pub(crate) fn is_missing(text: &str) -> bool {
    MISSING.contains(&text.trim())
}

impl Column {
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Text(texts) => texts.len(),
            Self::Numbers(numbers) => numbers.len(),
            Self::Times(times) => times.len(),
            Self::Other { length, .. } => *length,
        }
    }

    /// What polars read.
    pub(crate) fn from_polars(column: &PolarsColumn) -> Result<Self, DataErrorKind> {
        let series = column.as_materialized_series();
        let decoding = |error: polars::error::PolarsError| DataErrorKind::Decoding(error.to_string());
        Ok(match series.dtype() {
            DataType::String => Self::Text(series.str().map_err(decoding)?.clone()),
            data_type if data_type.is_primitive_numeric() => {
                let numbers = series.cast(&DataType::Float64).map_err(decoding)?;
                Self::Numbers(numbers.f64().map_err(decoding)?.iter().collect())
            }
            DataType::Date | DataType::Datetime(..) => Self::Times(series.iter().map(time).collect()),
            DataType::Categorical(..) | DataType::Enum(..) => {
                let texts = series.cast(&DataType::String).map_err(decoding)?;
                Self::Text(texts.str().map_err(decoding)?.clone())
            }
            other => Self::Other {
                length: series.len(),
                found: format!("the type {other}"),
            },
        })
    }

    /// The field at `row` as text, for names of series.
    pub(crate) fn key(&self, row: usize) -> Option<String> {
        match self {
            Self::Text(texts) => texts
                .get(row)
                .map(str::trim)
                .filter(|text| !text.is_empty())
                .map(str::to_owned),
            Self::Numbers(numbers) => numbers[row].map(|number| number.to_string()),
            Self::Times(times) => times[row].map(|time| time.to_string()),
            Self::Other { .. } => None,
        }
    }

    /// The column as numbers; what is missing stays missing. An error comes with the row's index.
    pub(crate) fn numbers(&self, decimal: Option<Decimal>) -> Result<Vec<Option<f64>>, (Option<usize>, DataErrorKind)> {
        let wrong = |found: &str| {
            let kind = DataErrorKind::WrongType {
                found: found.to_owned(),
                needed: "a column of numbers",
            };
            Err((None, kind))
        };
        match self {
            Self::Text(texts) => parse_numbers(texts, decimal),
            Self::Numbers(numbers) => {
                let infinite = |number: &Option<f64>| number.is_some_and(f64::is_infinite);
                match numbers.iter().position(infinite) {
                    Some(row) => {
                        let text = numbers[row].map_or_else(String::new, |number| number.to_string());
                        Err((Some(row), DataErrorKind::NotFinite { text }))
                    }
                    None => Ok(numbers
                        .iter()
                        .map(|number| number.filter(|number| !number.is_nan()))
                        .collect()),
                }
            }
            Self::Times(_) => wrong("times"),
            Self::Other { found, .. } => wrong(found),
        }
    }
}

fn parse_numbers(
    texts: &StringChunked,
    decimal: Option<Decimal>,
) -> Result<Vec<Option<f64>>, (Option<usize>, DataErrorKind)> {
    let decimal = match decimal {
        Some(decimal) => decimal,
        None => find_decimal(texts)?,
    };
    let parse = |(row, text): (usize, Option<&str>)| {
        let Some(text) = text.map(str::trim).filter(|text| !is_missing(text)) else {
            return Ok(None);
        };
        let number: Option<f64> = match decimal {
            Decimal::Point => text.parse().ok(),
            Decimal::Comma if text.contains('.') => None,
            Decimal::Comma => text.replacen(',', ".", 1).parse().ok(),
        };
        match number {
            Some(number) if number.is_finite() => Ok(Some(number)),
            Some(_) => Err((Some(row), DataErrorKind::NotFinite { text: text.to_owned() })),
            None => Err((Some(row), DataErrorKind::NotANumber { text: text.to_owned() })),
        }
    };
    texts.iter().enumerate().map(parse).collect()
}

/// The comma, if there are numbers with one comma and none with a point. Commas that always have three digits after them
/// may split thousands, and nothing in the column says.
fn find_decimal(texts: &StringChunked) -> Result<Decimal, (Option<usize>, DataErrorKind)> {
    let mut first: Option<(usize, &str)> = None;
    let mut certain = false;
    for (row, text) in texts.iter().enumerate() {
        let text = text.unwrap_or("").trim();
        if text.contains('.') {
            return Ok(Decimal::Point);
        }
        let Some((whole, fraction)) = text.split_once(',') else {
            continue;
        };
        if text.replacen(',', ".", 1).parse::<f64>().is_err() {
            return Ok(Decimal::Point);
        }
        first = first.or(Some((row, text)));
        let digits = whole.trim_start_matches(['+', '-']);
        certain |= fraction.len() != 3 || digits.len() > 3 || digits.starts_with('0') || digits.is_empty();
    }
    match first {
        None => Ok(Decimal::Point),
        Some(_) if certain => Ok(Decimal::Comma),
        Some((row, text)) => Err((Some(row), DataErrorKind::AmbiguousComma { text: text.to_owned() })),
    }
}

/// A date or date-time of polars; times with a zone are kept in UTC there.
fn time(value: AnyValue<'_>) -> Option<Time> {
    let date_time = |ticks: i64, unit: TimeUnit| {
        let utc = match unit {
            TimeUnit::Nanoseconds => Some(DateTime::from_timestamp_nanos(ticks)),
            TimeUnit::Microseconds => DateTime::from_timestamp_micros(ticks),
            TimeUnit::Milliseconds => DateTime::from_timestamp_millis(ticks),
        };
        utc.map(|utc| Time::DateTime(utc.naive_utc()))
    };
    match value {
        AnyValue::Date(days) => {
            let epoch = NaiveDate::from_ymd_opt(1970, 1, 1)?;
            epoch
                .checked_add_signed(chrono::TimeDelta::try_days(i64::from(days))?)
                .map(Time::Date)
        }
        AnyValue::Datetime(ticks, unit, _) => date_time(ticks, unit),
        AnyValue::DatetimeOwned(ticks, unit, _) => date_time(ticks, unit),
        _ => None,
    }
}
