//! Tables that are written: CSV and Parquet, by polars.

use std::io::Cursor;
use std::path::Path;

use chrono::NaiveDate;
use polars::prelude::{
    Column as PolarsColumn, CsvWriter, DataFrame, DataType, IntoColumn, NamedFrom, ParquetWriter, SerWriter,
    Series as PolarsSeries, TimeUnit,
};

use super::{DataError, DataErrorKind};
use crate::{Panel, Time, system_reason, write_beside};

/// What times become in the polars table.
#[derive(Clone, Copy, PartialEq, Eq)]
enum TimesAs {
    /// For CSV, so that they are written as they are read.
    Text,
    /// Polars' dates and date-times, for Parquet.
    Themselves,
}

/// A column to be written.
#[derive(Clone, Debug, PartialEq)]
pub enum OutputColumn {
    /// Text, such as the names of series.
    Text(Vec<String>),
    /// Times of one kind.
    Times(Vec<Time>),
    /// Numbers; what is not there is an empty field.
    Numbers(Vec<Option<f64>>),
}

/// Named columns of one length, to be written as CSV or Parquet. Numbers are written in the shortest form that reads back
/// as the same.
///
/// ```
/// use recurra_series::{OutputColumn, OutputTable};
///
/// let table = OutputTable::new()
///     .with("unique_id", OutputColumn::Text(vec!["north".into()]))
///     .with("yhat", OutputColumn::Numbers(vec![Some(1.5)]));
/// assert_eq!(table.to_csv("forecast.csv")?, b"unique_id,yhat\nnorth,1.5\n");
/// # Ok::<(), recurra_series::DataError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OutputTable {
    columns: Vec<(String, OutputColumn)>,
}

impl OutputTable {
    /// A table without columns.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a column on the right.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, column: OutputColumn) -> Self {
        self.columns.push((name.into(), column));
        self
    }

    /// The columns, in their order.
    #[must_use]
    pub fn columns(&self) -> &[(String, OutputColumn)] {
        &self.columns
    }

    /// A panel in long form: `unique_id` where the series have names, `ds`, `y`, and the covariates as far as the series
    /// go.
    #[must_use]
    pub fn from_panel(panel: &Panel) -> Self {
        let series = &panel.series;
        let mut table = Self::new();
        if series.iter().any(|series| series.unique_id().is_some()) {
            let ids = series.iter().flat_map(|series| {
                std::iter::repeat_n(series.unique_id().unwrap_or_default().to_owned(), series.len())
            });
            table = table.with("unique_id", OutputColumn::Text(ids.collect()));
        }
        let times = series
            .iter()
            .flat_map(|series| series.times().iter().copied())
            .collect();
        let values = series
            .iter()
            .flat_map(|series| series.values().iter().copied().map(Some))
            .collect();
        table = table
            .with("ds", OutputColumn::Times(times))
            .with("y", OutputColumn::Numbers(values));
        let Some(first) = series.first() else { return table };
        let names = first
            .past_covariates()
            .iter()
            .chain(first.future_covariates())
            .map(|covariate| &covariate.name);
        for (at, name) in names.enumerate() {
            let values = series.iter().flat_map(|series| {
                let covariate = series
                    .past_covariates()
                    .iter()
                    .chain(series.future_covariates())
                    .nth(at);
                let column = covariate.map_or(&[][..], |covariate| &covariate.values);
                (0..series.len()).map(|row| column.get(row).copied())
            });
            table = table.with(name, OutputColumn::Numbers(values.collect()));
        }
        table
    }

    /// The table as a CSV file in UTF-8. `file` is what errors call it.
    ///
    /// # Errors
    /// If the columns have different lengths or names come twice.
    pub fn to_csv(&self, file: &str) -> Result<Vec<u8>, DataError> {
        let mut frame = self.frame(file, TimesAs::Text)?;
        let mut bytes = Vec::new();
        CsvWriter::new(&mut bytes)
            .finish(&mut frame)
            .map_err(|error| cannot(file, error.to_string()))?;
        Ok(bytes)
    }

    /// The table as a Parquet file. `file` is what errors call it.
    ///
    /// # Errors
    /// If the columns have different lengths or names come twice.
    pub fn to_parquet(&self, file: &str) -> Result<Vec<u8>, DataError> {
        let mut frame = self.frame(file, TimesAs::Themselves)?;
        let mut bytes = Cursor::new(Vec::new());
        ParquetWriter::new(&mut bytes)
            .finish(&mut frame)
            .map_err(|error| cannot(file, error.to_string()))?;
        Ok(bytes.into_inner())
    }

    /// Writes the table: Parquet if the path ends in `.parquet`, otherwise CSV. It is written beside and renamed, so that
    /// no half-written file is ever seen.
    ///
    /// # Errors
    /// As [`OutputTable::to_csv`], and if the file cannot be written.
    pub fn write(&self, path: &Path) -> Result<(), DataError> {
        let file = path.display().to_string();
        let parquet = path
            .extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case("parquet"));
        let bytes = if parquet {
            self.to_parquet(&file)?
        } else {
            self.to_csv(&file)?
        };
        write_beside(path, &bytes).map_err(|error| cannot(&file, system_reason(&error)))
    }

    /// The polars table.
    fn frame(&self, file: &str, times_as: TimesAs) -> Result<DataFrame, DataError> {
        let height = self.columns.first().map_or(0, |(_, column)| column.len());
        if let Some((name, column)) = self.columns.iter().find(|(_, column)| column.len() != height) {
            return Err(cannot(
                file,
                format!("column `{name}` has {} rows where the first has {height}", column.len()),
            ));
        }
        let columns: Result<Vec<PolarsColumn>, _> = self
            .columns
            .iter()
            .map(|(name, column)| column.to_polars(name, times_as))
            .collect();
        columns
            .and_then(|columns| DataFrame::new(height, columns))
            .map_err(|error| cannot(file, error.to_string()))
    }
}

impl OutputColumn {
    fn len(&self) -> usize {
        match self {
            Self::Text(texts) => texts.len(),
            Self::Times(times) => times.len(),
            Self::Numbers(numbers) => numbers.len(),
        }
    }

    fn to_polars(&self, name: &str, times_as: TimesAs) -> Result<PolarsColumn, polars::error::PolarsError> {
        let name = name.into();
        let series = match self {
            Self::Text(texts) => PolarsSeries::new(name, texts),
            Self::Numbers(numbers) => PolarsSeries::new(name, numbers),
            Self::Times(times) if times_as == TimesAs::Text => {
                PolarsSeries::new(name, times.iter().map(Time::to_string).collect::<Vec<_>>())
            }
            Self::Times(times) => match times.first() {
                Some(Time::Date(_)) => {
                    let days: Vec<Option<i32>> = times.iter().map(days).collect();
                    PolarsSeries::new(name, days).cast(&DataType::Date)?
                }
                Some(Time::DateTime(_)) => {
                    let ticks: Vec<Option<i64>> = times.iter().map(microseconds).collect();
                    PolarsSeries::new(name, ticks).cast(&DataType::Datetime(TimeUnit::Microseconds, None))?
                }
                _ => {
                    let number = |time: &Time| {
                        if let Time::Number(number) = time {
                            Some(*number)
                        } else {
                            None
                        }
                    };
                    PolarsSeries::new(name, times.iter().map(number).collect::<Vec<_>>())
                }
            },
        };
        Ok(series.into_column())
    }
}

/// Days since 1970.
fn days(time: &Time) -> Option<i32> {
    let epoch = NaiveDate::from_ymd_opt(1970, 1, 1)?;
    i32::try_from((time.as_date_time()?.date() - epoch).num_days()).ok()
}

/// Microseconds since 1970.
fn microseconds(time: &Time) -> Option<i64> {
    Some(time.as_date_time()?.and_utc().timestamp_micros())
}

fn cannot(file: &str, what: String) -> DataError {
    DataError::new(file, None, None, DataErrorKind::File(what))
}
