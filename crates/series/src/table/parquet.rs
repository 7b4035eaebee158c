//! Parquet files, by polars.

use std::io::Cursor;

use polars::prelude::{ParquetReader, SerReader};

use super::column::Column;
use super::error::Problem;
use super::quiet::caught;
use super::{CsvOptions, DataErrorKind, Rows, Table};

pub(crate) fn read(file: String, bytes: Vec<u8>, options: &CsvOptions) -> Result<Table, Problem> {
    let decoding = |message: String| (None, None, DataErrorKind::Decoding(message));
    // Polars panics on some damaged files.
    let frame = caught(|| ParquetReader::new(Cursor::new(bytes)).finish())
        .ok_or_else(|| decoding("its pages do not fit its header; write the file again".to_owned()))?
        .map_err(|error| decoding(error.to_string()))?;
    if frame.height() == 0 {
        return Err((None, None, DataErrorKind::NoRows));
    }
    let columns = frame.columns().iter().map(|column| {
        let name = column.name().to_string();
        let read = Column::from_polars(column).map_err(|kind| (None, Some(name.clone()), kind))?;
        Ok((name, read))
    });
    Ok(Table {
        file,
        rows: Rows::Counted,
        columns: columns.collect::<Result<_, Problem>>()?,
        // Numbers may be texts there, too.
        decimal: options.decimal,
    })
}
