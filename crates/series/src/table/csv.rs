//! CSV files: found out, split into columns of text by polars, and numbered by line.

use std::io::Cursor;

use polars::prelude::{CsvParseOptions, CsvReadOptions, SerReader};

use super::column::Column;
use super::dialect::{Record, Records, find_delimiter};
use super::{CsvOptions, DataErrorKind, Rows, Table};

/// What is wrong, and in which line.
pub(crate) type Problem = (Option<usize>, Option<String>, DataErrorKind);

pub(crate) fn read(file: String, bytes: Vec<u8>, options: &CsvOptions) -> Result<Table, Problem> {
    let text = decode(bytes)?;
    let delimiter = options.delimiter.unwrap_or_else(|| find_delimiter(&text));
    let Ok(separator) = u8::try_from(delimiter) else {
        let message = format!("fields cannot be split at {delimiter:?}; give a single ASCII character");
        return Err((None, None, DataErrorKind::File(message)));
    };
    let records: Vec<Record> = Records::new(&text, separator)
        .collect::<Result<_, _>>()
        .map_err(|(line, kind)| (Some(line), None, kind))?;
    let Some((header, rows)) = records.split_first() else {
        return Err((None, None, DataErrorKind::Empty));
    };
    if let Some(row) = rows.iter().find(|row| row.fields != header.fields) {
        let kind = DataErrorKind::Ragged {
            expected: header.fields,
            found: row.fields,
            delimiter,
        };
        return Err((Some(row.line), None, kind));
    }
    if rows.is_empty() {
        return Err((None, None, DataErrorKind::NoRows));
    }
    let names = header_names(&text[header.start..header.end], delimiter);
    for (at, name) in names.iter().enumerate() {
        if names[..at].contains(name) {
            return Err((Some(header.line), Some(name.clone()), DataErrorKind::SameName));
        }
    }
    let columns = split(names, rows, &text, separator)?;
    if columns.iter().any(|(_, column)| column.len() != rows.len()) {
        let message = format!("{} records were found, but another number of rows was read", rows.len());
        return Err((None, None, DataErrorKind::Decoding(message)));
    }
    let lines = rows.iter().map(|row| row.line).collect();
    Ok(Table {
        file,
        rows: Rows::Lines(lines),
        columns,
        decimal: options.decimal,
    })
}

/// The names in the header line, without their quotes.
fn header_names(line: &str, delimiter: char) -> Vec<String> {
    let (mut names, mut name, mut quoted) = (Vec::new(), String::new(), false);
    let mut letters = line.trim_end_matches('\n').chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.next_if_eq(&'"').is_some() => name.push('"'),
            '"' if quoted => quoted = false,
            '"' if name.is_empty() => quoted = true,
            letter if letter == delimiter && !quoted => names.push(std::mem::take(&mut name).trim().to_owned()),
            letter => name.push(letter),
        }
    }
    names.push(name.trim().to_owned());
    names
}

/// The columns of text under the header, without empty lines, by polars.
fn split(names: Vec<String>, rows: &[Record], text: &str, separator: u8) -> Result<Vec<(String, Column)>, Problem> {
    let mut compact = String::with_capacity(text.len());
    for row in rows {
        compact.push_str(&text[row.start..row.end]);
    }
    let parse = CsvParseOptions::default()
        .with_separator(separator)
        .with_quote_char(Some(b'"'));
    // Without a header here: polars leaves doubled quotes in names as they are, and renames columns.
    let frame = CsvReadOptions::default()
        .with_has_header(false)
        .with_infer_schema_length(Some(0))
        .with_parse_options(parse)
        .into_reader_with_file_handle(Cursor::new(compact.into_bytes()))
        .finish()
        .map_err(|error| (None, None, DataErrorKind::Decoding(error.to_string())))?;
    if frame.width() != names.len() {
        let message = format!("{} columns were found, but {} were read", names.len(), frame.width());
        return Err((None, None, DataErrorKind::Decoding(message)));
    }
    let columns = names.into_iter().zip(frame.columns()).map(|(name, column)| {
        let column = Column::from_polars(column).map_err(|kind| (None, Some(name.clone()), kind))?;
        Ok((name, column))
    });
    columns.collect()
}

/// The text of a file: UTF-8, with or without a byte order mark, with any line ends.
fn decode(bytes: Vec<u8>) -> Result<String, Problem> {
    if bytes.trim_ascii().is_empty() {
        return Err((None, None, DataErrorKind::Empty));
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err((None, None, DataErrorKind::NotText { found: "in UTF-16" }));
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return Err((
            None,
            None,
            DataErrorKind::NotText {
                found: "a ZIP archive or a spreadsheet",
            },
        ));
    }
    if bytes.starts_with(&[0x1f, 0x8b]) {
        return Err((
            None,
            None,
            DataErrorKind::NotText {
                found: "compressed with gzip",
            },
        ));
    }
    if bytes.contains(&0) {
        return Err((None, None, DataErrorKind::NotText { found: "binary" }));
    }
    let mut text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..at].iter().filter(|&&byte| byte == b'\n').count() + 1;
        (
            Some(line),
            None,
            DataErrorKind::Encoding {
                byte: error.as_bytes()[at],
            },
        )
    })?;
    if text.starts_with('\u{feff}') {
        text.remove(0);
    }
    if text.contains('\r') {
        text = if text.contains('\n') {
            text.replace("\r\n", "\n")
        } else {
            text.replace('\r', "\n")
        };
    }
    if !text.ends_with('\n') {
        text.push('\n');
    }
    Ok(text)
}
