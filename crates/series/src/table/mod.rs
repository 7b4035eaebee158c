//! Tables in and out: CSV and Parquet, with errors that say where.

mod assemble;
mod column;
mod csv;
mod dialect;
mod error;
mod future;
mod grid;
mod groups;
mod output;
mod panel_options;
mod parquet;
mod quiet;
mod source;
mod times;

pub use dialect::{CsvOptions, Decimal};
pub use error::{DataError, DataErrorKind, Gap};
pub use output::{OutputColumn, OutputTable};
pub use panel_options::{ColumnNames, PanelOptions};
pub use source::Source;

use column::Column;

use crate::nearest_name::nearest_name;

/// A table as it was read: named columns of one length, and where each row stands in its file.
///
/// ```
/// use recurra_series::{ColumnNames, CsvOptions, PanelOptions, Source, Table};
///
/// let text = "ds,y\n2024-01-01,1.5\n2024-01-02,2.5\n2024-01-03,oops\n";
/// let source = Source::Bytes { name: "sales.csv".into(), bytes: text.into() };
/// let table = Table::read(source, &CsvOptions::default())?;
/// let error = table.panel(&ColumnNames::default(), &PanelOptions::default()).unwrap_err();
/// assert_eq!(error.to_string(), "sales.csv: row 4, column `y`: `oops` is not a number");
/// # Ok::<(), recurra_series::DataError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Table {
    file: String,
    rows: Rows,
    columns: Vec<(String, Column)>,
    decimal: Option<Decimal>,
}

/// Where rows stand in their file.
#[derive(Clone, Debug)]
enum Rows {
    /// The line of each.
    Lines(Vec<usize>),
    /// One after the other, from 1.
    Counted,
}

impl Table {
    /// Reads a CSV or Parquet table; which of them is seen from the first bytes. Of a Parquet table's `options` only the decimal
    /// sign matters, for columns of text.
    ///
    /// # Errors
    /// If it cannot be read, is no text in UTF-8, its rows have different numbers of fields, or it has no row.
    pub fn read(source: Source, options: &CsvOptions) -> Result<Self, DataError> {
        let file = source.name();
        let bytes = source.read()?;
        let table = if bytes.starts_with(b"PAR1") {
            parquet::read(file.clone(), bytes, options)
        } else {
            csv::read(file.clone(), bytes, options)
        };
        table.map_err(|(row, column, kind)| DataError::new(&file, row, column.as_deref(), kind))
    }

    /// What messages call the file.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The names of the columns, in their order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|(name, _)| name.as_str())
    }

    /// How many rows there are.
    #[must_use]
    pub fn height(&self) -> usize {
        self.columns.first().map_or(0, |(_, column)| column.len())
    }

    /// The numbers of a column.
    ///
    /// # Errors
    /// If there is no such column, or a field is missing or not a finite number.
    pub fn numbers(&self, name: &str) -> Result<Vec<f64>, DataError> {
        let missing = |row| self.missing_value(row, name);
        let numbers = self.optional_numbers(name)?.into_iter().enumerate();
        numbers
            .map(|(row, number)| number.ok_or_else(|| missing(row)))
            .collect()
    }

    /// The numbers of a column, where they are there.
    fn optional_numbers(&self, name: &str) -> Result<Vec<Option<f64>>, DataError> {
        self.column(name)?
            .numbers(self.decimal)
            .map_err(|(row, kind)| self.error(row, Some(name), kind))
    }

    /// A value that is missing at row `index`.
    fn missing_value(&self, index: usize, name: &str) -> DataError {
        let text = self
            .column(name)
            .ok()
            .and_then(|column| column.key(index))
            .unwrap_or_default();
        self.error(Some(index), Some(name), DataErrorKind::MissingValue { text })
    }

    /// Where row `index` stands in the file.
    fn row(&self, index: usize) -> usize {
        match &self.rows {
            Rows::Lines(lines) => lines[index],
            Rows::Counted => index + 1,
        }
    }

    /// Something wrong at row `index` (from 0, header not counted).
    fn error(&self, index: Option<usize>, column: Option<&str>, kind: DataErrorKind) -> DataError {
        let row = index.map(|index| self.row(index));
        DataError::new(&self.file, row, column, kind)
    }

    /// The column of a name.
    fn column(&self, name: &str) -> Result<&Column, DataError> {
        if let Some((_, column)) = self.columns.iter().find(|(other, _)| other == name) {
            return Ok(column);
        }
        let is_value = |name: &str| name.parse::<f64>().is_ok() || name.parse::<crate::Time>().is_ok();
        let kind = match self.names().find(|name| is_value(name)) {
            Some(first) if matches!(self.rows, Rows::Lines(_)) => DataErrorKind::NoHeader {
                first: first.to_owned(),
            },
            _ => DataErrorKind::NoColumn {
                nearest: nearest_name(name, self.names()).map(str::to_owned),
                names: self.names().map(str::to_owned).collect(),
            },
        };
        Err(self.error(None, Some(name), kind))
    }
}
