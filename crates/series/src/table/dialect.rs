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

/// The records of a CSV text with their lines. Lines of white space alone are no records.
pub(crate) struct Records<'a> {
    text: &'a str,
    reader: csv::Reader<&'a [u8]>,
    record: csv::StringRecord,
}

impl<'a> Records<'a> {
    pub(crate) fn new(text: &'a str, delimiter: u8) -> Self {
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(text.as_bytes());
        Self {
            text,
            reader,
            record: csv::StringRecord::new(),
        }
    }

    /// The next record and the line that it starts at, from 1; or what is wrong with it.
    pub(crate) fn next_record(&mut self) -> Result<Option<(usize, &csv::StringRecord)>, (usize, DataErrorKind)> {
        loop {
            let start = usize::try_from(self.reader.position().byte()).unwrap_or(usize::MAX);
            let line = usize::try_from(self.reader.position().line()).unwrap_or(usize::MAX);
            // The reader passes over empty lines to the record; its line is the first that is not empty.
            let rest = self.text.get(start..).unwrap_or_default();
            let line = line + rest.bytes().take_while(|&byte| byte == b'\n').count();
            match self.reader.read_record(&mut self.record) {
                Err(error) => return Err((line, DataErrorKind::Decoding(error.to_string()))),
                Ok(false) => return Ok(None),
                Ok(true) => {}
            }
            let white_space = self.record.len() == 1 && self.record.iter().all(|field| field.trim().is_empty());
            if white_space && !rest.trim_start().starts_with('"') {
                continue;
            }
            // The text ends in a line end, so a last field that holds it was never closed.
            let at_end = self.reader.position().byte() == self.text.len() as u64;
            let open = self
                .record
                .iter()
                .next_back()
                .is_some_and(|field| field.ends_with('\n'));
            if at_end && open && !self.text.trim_end_matches('\n').ends_with('"') {
                return Err((line, DataErrorKind::UnclosedQuote));
            }
            return Ok(Some((line, &self.record)));
        }
    }
}

/// How many records are looked at to find the delimiter.
const LOOKED_AT: usize = 50;

/// The delimiter that splits the header and the first rows into the same, largest number of fields; where none does, the
/// one with the most fields in the header.
pub(crate) fn find_delimiter(text: &str) -> char {
    let score = |delimiter: char| {
        let mut records = Records::new(text, delimiter as u8);
        let counts: Vec<usize> = (0..LOOKED_AT)
            .map_while(|_| records.next_record().ok().flatten().map(|(_, record)| record.len()))
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
