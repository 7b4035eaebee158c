//! What can be wrong with a table, and where.

use std::fmt;

use crate::{Frequency, Time};

/// Something wrong in a table: what, in which file, row and column.
#[derive(Clone, Debug, PartialEq)]
pub struct DataError {
    /// The file, or `standard input`.
    pub file: String,
    /// Where in it: the line of a CSV file (the header is line 1), the record of a Parquet file (the first is 1).
    pub row: Option<usize>,
    /// The column.
    pub column: Option<String>,
    /// What is wrong.
    pub kind: Box<DataErrorKind>,
}

impl DataError {
    pub(crate) fn new(file: &str, row: Option<usize>, column: Option<&str>, kind: DataErrorKind) -> Self {
        Self {
            file: file.to_owned(),
            row,
            column: column.map(str::to_owned),
            kind: Box::new(kind),
        }
    }
}

/// What is wrong with a table.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DataErrorKind {
    /// The file cannot be read or written.
    #[error("{0}")]
    File(String),
    /// Not one byte.
    #[error("the file is empty; a table needs a header line and rows")]
    Empty,
    /// A header and nothing else.
    #[error("there are no rows under the header; add some, or give another file")]
    NoRows,
    /// Bytes that are not UTF-8.
    #[error("byte 0x{byte:02x} is not UTF-8; save the file as UTF-8 (it may be in Windows-1252 or Latin-1)")]
    Encoding {
        /// The first byte that does not fit.
        byte: u8,
    },
    /// A file in UTF-16, or something that is no text at all.
    #[error("the file is {found}, not a table; save it as a CSV file in UTF-8, or as Parquet")]
    NotText {
        /// What it seems to be.
        found: &'static str,
    },
    /// A delimiter of more than one byte.
    #[error("fields cannot be split at {delimiter:?}; give a single ASCII character")]
    Delimiter {
        /// The delimiter that was given.
        delimiter: char,
    },
    /// A quoted field without its closing quote.
    #[error("a quoted field opens here and is never closed; close it, or double a quote that belongs to the text")]
    UnclosedQuote,
    /// A row with another number of fields than the header.
    #[error(
        "the row has {found} {} where the header has {expected} (fields are split at {delimiter:?}){}",
        if *found == 1 { "field" } else { "fields" },
        if *expected == 1 { "; take out what stands above the header, if anything does" } else { "" }
    )]
    Ragged {
        /// Fields in the header.
        expected: usize,
        /// Fields in the row.
        found: usize,
        /// What the fields are split at.
        delimiter: char,
    },
    /// Two columns of one name.
    #[error("two columns have this name; rename one of them")]
    SameName,
    /// A column that was asked for and is not there.
    #[error("there is no such column{}; there are {}", nearest.as_ref().map_or_else(String::new, |name| format!("; did you mean `{name}`?")), list(names))]
    NoColumn {
        /// The nearest name there is.
        nearest: Option<String>,
        /// All names.
        names: Vec<String>,
    },
    /// The first line holds values, not names.
    #[error(
        "there is no such column, and the first line looks like values: `{first}`; add a header line with the columns' names"
    )]
    NoHeader {
        /// A field of the first line.
        first: String,
    },
    /// A text where a number should be.
    #[error("`{text}` is not a number{}", number_hint(text))]
    NotANumber {
        /// The text.
        text: String,
    },
    /// A comma that may split thousands or be a decimal comma.
    #[error(
        "`{text}` may be a decimal comma or thousands; say which decimal mark the file has, or write numbers without thousands separators"
    )]
    AmbiguousComma {
        /// The text.
        text: String,
    },
    /// An infinite number.
    #[error("`{text}` is not a finite number; take the row out or correct it")]
    NotFinite {
        /// The text.
        text: String,
    },
    /// Nothing where a value should be.
    #[error(
        "the value is missing{}; ask for filling (linear, previous or seasonal), or write a value",
        shown(text)
    )]
    MissingValue {
        /// What stands there instead.
        text: String,
    },
    /// Nothing where a time or a series' name should be.
    #[error("the field is empty; every row needs it")]
    MissingKey,
    /// A column of a type that cannot be used.
    #[error("the column holds {found}, where {needed} is needed; name another column, or convert this one")]
    WrongType {
        /// What it holds.
        found: String,
        /// What it should hold.
        needed: &'static str,
    },
    /// A text that is no time.
    #[error(
        "`{text}` is no time; write a date as 2024-01-31, a date and time as 2024-01-31T12:00:00, or a plain number, or give the form"
    )]
    NotATime {
        /// The text.
        text: String,
    },
    /// A time in another form than those before it.
    #[error("`{text}` is no time of the form of the rows before it ({example}); write all times alike")]
    MixedTimeForms {
        /// The text.
        text: String,
        /// A time in the form of the rows before.
        example: String,
    },
    /// A day, hour or week that the calendar does not have.
    #[error("`{text}` is no time that the calendar has; correct it")]
    NoSuchTime {
        /// The text.
        text: String,
    },
    /// A time that does not have the form that was given.
    #[error("`{text}` is no time of the form {form} that was given; correct the one or the other")]
    NotOfForm {
        /// The text.
        text: String,
        /// The form, in the notation of `strftime`.
        form: String,
    },
    /// A time with a zone's name.
    #[error("`{text}` names a time zone; write times in UTC, or with their offset as in 2024-01-31T12:00:00+01:00")]
    NamedZone {
        /// The text.
        text: String,
    },
    /// Times whose day and month cannot be told apart.
    #[error(
        "`{text}` may be {first} or {second}, and the other rows do not say; give the form of the times (%d/%m/%Y or %m/%d/%Y), or write 2024-01-31"
    )]
    AmbiguousTimes {
        /// The first of them.
        text: String,
        /// One reading.
        first: Time,
        /// Another.
        second: Time,
    },
    /// A time that was there before.
    #[error("{time}{} was there before, in row {first_row}; keep one of the two{}", of(series), if series.is_none() { ", or name the column that tells several series apart" } else { "" })]
    Duplicate {
        /// The time.
        time: Time,
        /// The series, if there are several.
        series: Option<String>,
        /// The row where it stood first.
        first_row: usize,
    },
    /// A time before the one above it.
    #[error("{time}{} comes after {before}; sort the rows by time", of(series))]
    Unsorted {
        /// The time.
        time: Time,
        /// The time above it.
        before: Time,
        /// The series, if there are several.
        series: Option<String>,
    },
    /// Times on no common grid.
    #[error(
        "the times{} are irregular: most are {frequency}, but {time} does not fit after {before}; bring the data to one frequency, or give it",
        of(series)
    )]
    Irregular {
        /// What most times are.
        frequency: Frequency,
        /// The time before.
        before: Time,
        /// The time that does not fit.
        time: Time,
        /// The series, if there are several.
        series: Option<String>,
    },
    /// Times closer than a second.
    #[error(
        "{time} is less than a second after {before}; frequencies begin at one second, so give the times as plain numbers (seconds or steps)"
    )]
    SubSecond {
        /// The time before.
        before: Time,
        /// The time.
        time: Time,
    },
    /// A series of another frequency than the others.
    #[error(
        "the times of series `{series}` do not fit the others' frequency ({frequency}): {time} after {before}; one table holds one frequency, so give that series in a table of its own"
    )]
    MixedFrequencies {
        /// The frequency of the longest series.
        frequency: Frequency,
        /// The series that differs.
        series: String,
        /// The time before.
        before: Time,
        /// The time that does not fit.
        time: Time,
    },
    /// Times that are missing between others.
    #[error("{}", gaps_shown(gaps))]
    Gaps {
        /// All of them, by row.
        gaps: Vec<Gap>,
    },
    /// A grid with far more places than the data has.
    #[error("filling would make {places} points of {points}; look for a wrong time, or give the frequency")]
    TooSparse {
        /// Points that there are.
        points: usize,
        /// Points that there would be.
        places: usize,
    },
    /// A column with nothing to fill from.
    #[error("the column{} has no value at all; write some, or leave it out", of(series))]
    NothingThere {
        /// The series, if there are several.
        series: Option<String>,
    },
    /// Known-future covariates that do not reach as far as the forecast.
    #[error(
        "there is no row for {time}{}; the forecast needs one for each of its times, up to {last}",
        of(series)
    )]
    NoFutureRow {
        /// The time without a row.
        time: Time,
        /// The last time of the forecast.
        last: Time,
        /// The series, if there are several.
        series: Option<String>,
    },
    /// The table cannot be decoded.
    #[error("the file cannot be decoded: {0}")]
    Decoding(String),
    /// The rows are no series, for a reason that no other kind tells.
    #[error("the rows are no series: {0}")]
    NoSeries(String),
}

/// What is wrong, and in which row and column, of a file whose name is not known where it is found.
pub(super) type Problem = (Option<usize>, Option<String>, DataErrorKind);

/// Times that are missing between two rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Gap {
    /// The row after which they are missing.
    pub row: usize,
    /// The first missing time.
    pub first: Time,
    /// How many are missing.
    pub missing: usize,
    /// The series, if there are several.
    pub series: Option<String>,
}

/// How many gaps a message shows.
const SHOWN: usize = 5;

fn gaps_shown(gaps: &[Gap]) -> String {
    let missing: usize = gaps.iter().map(|gap| gap.missing).sum();
    let shown = gaps.iter().take(SHOWN).map(|gap| {
        let Gap {
            row,
            first,
            missing,
            series,
        } = gap;
        format!("{missing} after row {row} (from {first}{})", of(series))
    });
    let more = if gaps.len() > SHOWN {
        format!(", and {} more gaps", gaps.len() - SHOWN)
    } else {
        String::new()
    };
    format!(
        "{missing} {}: {}{more}; ask for filling (linear, previous or seasonal), or add the rows",
        if missing == 1 {
            "time is missing"
        } else {
            "times are missing"
        },
        shown.collect::<Vec<_>>().join(", ")
    )
}

fn shown(text: &str) -> String {
    if text.is_empty() {
        String::new()
    } else {
        format!(" (`{text}`)")
    }
}

fn of(series: &Option<String>) -> String {
    series
        .as_ref()
        .map_or_else(String::new, |series| format!(" of series `{series}`"))
}

fn list(names: &[String]) -> String {
    let shown: Vec<String> = names.iter().take(20).map(|name| format!("`{name}`")).collect();
    let more = if names.len() > 20 {
        format!(" and {} more", names.len() - 20)
    } else {
        String::new()
    };
    shown.join(", ") + &more
}

fn number_hint(text: &str) -> &'static str {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let bare = text.trim_matches(|letter: char| !letter.is_ascii_digit() && !".,-+".contains(letter));
    if digits > 0 && bare.len() < text.trim().len() && bare.parse::<f64>().is_ok() {
        "; write numbers without units"
    } else if digits > 0 && text.contains([',', ' ', '\'', '_']) {
        "; write numbers without thousands separators"
    } else {
        ""
    }
}

impl fmt::Display for DataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.file)?;
        match (self.row, &self.column) {
            (Some(row), Some(column)) => write!(f, "row {row}, column `{column}`: ")?,
            (Some(row), None) => write!(f, "row {row}: ")?,
            (None, Some(column)) => write!(f, "column `{column}`: ")?,
            (None, None) => {}
        }
        write!(f, "{}", self.kind)
    }
}

impl std::error::Error for DataError {}
