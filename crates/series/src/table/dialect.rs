//! How a CSV file is written: what splits its fields, and where its records are.

use super::DataErrorKind;

/// How a CSV file is written; what is not given is found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CsvOptions {
    /// What splits fields; otherwise the one of `,`, `;`, tab and `|` that gives every row as many fields as the header.
    pub delimiter: Option<char>,
    /// The decimal mark of numbers; otherwise the point, or the comma where numbers only make sense so.
    pub decimal: Option<Decimal>,
}

/// The decimal mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decimal {
    /// 1.5
    Point,
    /// 1,5
    Comma,
}

/// A record of a CSV file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Record {
    /// The line that it starts at, from 1.
    pub(crate) line: usize,
    /// Its first byte.
    pub(crate) start: usize,
    /// The byte after it, line end included.
    pub(crate) end: usize,
    /// How many fields it has.
    pub(crate) fields: usize,
}

/// Walks over the records of `text` with a delimiter. Empty lines are no records. A quote opens a quoted field only at
/// the field's start.
pub(crate) struct Records<'a> {
    text: &'a [u8],
    delimiter: u8,
    at: usize,
    line: usize,
}

impl<'a> Records<'a> {
    pub(crate) fn new(text: &'a str, delimiter: u8) -> Self {
        Self {
            text: text.as_bytes(),
            delimiter,
            at: 0,
            line: 1,
        }
    }

    /// The next record that is not empty.
    fn record(&mut self) -> Result<Record, (usize, DataErrorKind)> {
        let (start, line) = (self.at, self.line);
        let (mut fields, mut quoted, mut field_start) = (1, false, true);
        while let Some(&byte) = self.text.get(self.at) {
            self.at += 1;
            if byte == b'\n' {
                self.line += 1;
            }
            match byte {
                b'"' if quoted && self.text.get(self.at) == Some(&b'"') => self.at += 1,
                b'"' if quoted => quoted = false,
                _ if quoted => {}
                b'"' if field_start => quoted = true,
                b'\n' => {
                    return Ok(Record {
                        line,
                        start,
                        end: self.at,
                        fields,
                    });
                }
                byte if byte == self.delimiter => {
                    fields += 1;
                    field_start = true;
                    continue;
                }
                _ => {}
            }
            field_start = false;
        }
        if quoted {
            Err((line, DataErrorKind::UnclosedQuote))
        } else {
            Ok(Record {
                line,
                start,
                end: self.at,
                fields,
            })
        }
    }
}

impl Iterator for Records<'_> {
    type Item = Result<Record, (usize, DataErrorKind)>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.at < self.text.len() {
            match self.record() {
                Err(error) => {
                    self.at = self.text.len();
                    return Some(Err(error));
                }
                Ok(record) if self.text[record.start..record.end].trim_ascii().is_empty() => {}
                Ok(record) => return Some(Ok(record)),
            }
        }
        None
    }
}

/// How many records are looked at to find the delimiter.
const LOOKED_AT: usize = 50;

/// The delimiter that splits the header and the first rows into the same, largest number of fields; where none does, the
/// one with the most fields in the header.
pub(crate) fn find_delimiter(text: &str) -> char {
    let score = |delimiter: char| {
        let counts: Vec<usize> = Records::new(text, delimiter as u8)
            .take(LOOKED_AT)
            .map_while(Result::ok)
            .map(|record| record.fields)
            .collect();
        let header = counts.first().copied().unwrap_or(0);
        (header > 1 && counts.iter().all(|&count| count == header), header)
    };
    // The last of equal scores wins, so the comma stands last.
    ['|', '\t', ';', ',']
        .into_iter()
        .max_by_key(|&delimiter| score(delimiter))
        .unwrap_or(',')
}
