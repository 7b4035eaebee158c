//! CSV files: found out, split into columns of text, and numbered by line.

use std::collections::HashSet;

use polars::prelude::StringChunkedBuilder;

use super::column::Column;
use super::dialect::{Records, find_delimiter};
use super::error::Problem;
use super::{CsvOptions, DataErrorKind, Rows, Table};

pub(crate) fn read(file: String, bytes: Vec<u8>, options: &CsvOptions) -> Result<Table, Problem> {
    let text = decode(bytes)?;
    let delimiter = options.delimiter.unwrap_or_else(|| find_delimiter(&text));
    let Ok(separator) = u8::try_from(delimiter) else {
        return Err((None, None, DataErrorKind::Delimiter { delimiter }));
    };
    let mut records = Records::new(&text, separator);
    let at_line = |line, kind| (Some(line), None, kind);
    let Some((line, header)) = records.next_record().map_err(|(line, kind)| at_line(line, kind))? else {
        return Err((None, None, DataErrorKind::Empty));
    };
    let names: Vec<String> = header.iter().map(|name| name.trim().to_owned()).collect();
    let mut seen = HashSet::new();
    if let Some(name) = names.iter().find(|name| !seen.insert(name.as_str())) {
        return Err((Some(line), Some(name.clone()), DataErrorKind::SameName));
    }
    let mut builders: Vec<StringChunkedBuilder> = names
        .iter()
        .map(|name| StringChunkedBuilder::new(name.as_str().into(), 0))
        .collect();
    let mut lines = Vec::new();
    while let Some((line, fields)) = records.next_record().map_err(|(line, kind)| at_line(line, kind))? {
        if fields.len() != names.len() {
            let kind = DataErrorKind::Ragged {
                expected: names.len(),
                found: fields.len(),
                delimiter,
            };
            return Err(at_line(line, kind));
        }
        for (builder, field) in builders.iter_mut().zip(fields) {
            builder.append_value(field);
        }
        lines.push(line);
    }
    if lines.is_empty() {
        return Err((None, None, DataErrorKind::NoRows));
    }
    let columns = builders.into_iter().map(|builder| Column::Text(builder.finish()));
    let columns = names.into_iter().zip(columns).collect();
    Ok(Table {
        file,
        rows: Rows::Lines(lines),
        columns,
        decimal: options.decimal,
    })
}

/// The text of a file: UTF-8, with or without a byte order mark, with any line ends.
fn decode(bytes: Vec<u8>) -> Result<String, Problem> {
    if bytes.trim_ascii().is_empty() {
        return Err((None, None, DataErrorKind::Empty));
    }
    if let Some(found) = what_else(&bytes) {
        return Err((None, None, DataErrorKind::NotText { found }));
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

/// What bytes are that are no table of text, if they look like something else.
fn what_else(bytes: &[u8]) -> Option<&'static str> {
    let start = bytes.trim_ascii_start();
    let second = start.get(1..).unwrap_or_default().trim_ascii_start();
    Some(match bytes {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "in UTF-16",
        [b'P', b'K', 3, 4, ..] => "a ZIP archive or a spreadsheet",
        [0x1f, 0x8b, ..] => "compressed with gzip",
        _ if bytes.contains(&0) => "binary, or text in UTF-16",
        _ if start.starts_with(b"{") || (start.starts_with(b"[") && second.starts_with(b"{")) => "in JSON",
        _ if start.starts_with(b"<") => "HTML or XML",
        _ => return None,
    })
}
