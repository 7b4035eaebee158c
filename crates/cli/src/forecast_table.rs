//! Forecasts as a table: CSV, Parquet or JSON.

use std::path::Path;

use recurra_evaluation::metrics::Level;
use recurra_series::{Frequency, OutputColumn, OutputTable, Series, Time};
use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::failure::Failure;
use crate::terminal::Terminal;
use crate::write_file;

/// One forecast.
pub(crate) struct Row {
    pub(crate) unique_id: String,
    pub(crate) time: Time,
    pub(crate) value: f64,
    /// Lower and upper bound, one pair for each level.
    pub(crate) intervals: Vec<(f64, f64)>,
}

/// Forecasts of all series, in order.
pub(crate) struct Forecasts {
    /// Whether there is a column of names.
    pub(crate) named: bool,
    pub(crate) levels: Vec<Level>,
    pub(crate) rows: Vec<Row>,
}

/// How a forecast is written into a file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Form {
    Csv,
    Parquet,
    Json,
}

impl Form {
    /// The form that a file's ending says; CSV where there is none.
    pub(crate) fn of(path: &Path) -> Result<Self, Failure> {
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        match ending.as_deref() {
            None | Some("csv") => Ok(Self::Csv),
            Some("parquet") => Ok(Self::Parquet),
            Some("json") => Ok(Self::Json),
            Some(_) => Err(Failure::Input(format!(
                "{}: the ending says in which form to write; there are .csv, .parquet and .json",
                path.display()
            ))),
        }
    }
}

impl Forecasts {
    /// Writes the table: by its ending into a file, or to standard output as CSV (JSON with `--json`).
    pub(crate) fn write(&self, path: Option<&Path>, terminal: &Terminal) -> Result<(), Failure> {
        let Some(path) = path.filter(|path| path.as_os_str() != "-") else {
            return if terminal.json {
                terminal.json(self)
            } else {
                terminal.result(&self.csv("standard output")?)
            };
        };
        self.write_quietly(path)?;
        if terminal.json {
            return terminal.json(self);
        }
        terminal.note(&format!("wrote {} rows to {}", self.rows.len(), path.display()));
        Ok(())
    }

    /// Writes the table into a file, by its ending.
    pub(crate) fn write_quietly(&self, path: &Path) -> Result<(), Failure> {
        let name = path.display().to_string();
        let bytes = match Form::of(path)? {
            Form::Csv => self.csv(&name)?.into_bytes(),
            Form::Parquet => self.table().to_parquet(&name).map_err(Failure::input)?,
            Form::Json => (serde_json::to_string_pretty(self).map_err(Failure::input)? + "\n").into_bytes(),
        };
        write_file::write(path, &bytes)
    }

    fn csv(&self, name: &str) -> Result<String, Failure> {
        let bytes = self.table().to_csv(name).map_err(Failure::input)?;
        String::from_utf8(bytes).map_err(Failure::input)
    }

    fn table(&self) -> OutputTable {
        let mut table = OutputTable::new();
        if self.named {
            table = table.with(
                "unique_id",
                OutputColumn::Text(self.rows.iter().map(|row| row.unique_id.clone()).collect()),
            );
        }
        table = table
            .with(
                "ds",
                OutputColumn::Times(self.rows.iter().map(|row| row.time).collect()),
            )
            .with(
                "yhat",
                OutputColumn::Numbers(self.rows.iter().map(|row| Some(row.value)).collect()),
            );
        for (at, level) in self.levels.iter().enumerate() {
            let bound = |pick: fn(&(f64, f64)) -> f64| {
                OutputColumn::Numbers(self.rows.iter().map(|row| row.intervals.get(at).map(pick)).collect())
            };
            table = table
                .with(level.lower_column(), bound(|pair| pair.0))
                .with(level.upper_column(), bound(|pair| pair.1));
        }
        table
    }
}

/// A list of rows, each with the columns of the table in their order. Plain numbers as times stay numbers.
impl Serialize for Forecasts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct Fields<'a>(&'a Forecasts, &'a Row);
        impl Serialize for Fields<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let Self(forecasts, row) = self;
                let mut map = serializer.serialize_map(None)?;
                if forecasts.named {
                    map.serialize_entry("unique_id", &row.unique_id)?;
                }
                match row.time {
                    // 1461, not 1461.0: whole steps stay whole.
                    Time::Number(number) if number == libm::trunc(number) && number.abs() < 1e15 => {
                        map.serialize_entry("ds", &(number as i64))?;
                    }
                    Time::Number(number) => map.serialize_entry("ds", &number)?,
                    time => map.serialize_entry("ds", &time.to_string())?,
                }
                map.serialize_entry("yhat", &row.value)?;
                for (level, (lower, upper)) in forecasts.levels.iter().zip(&row.intervals) {
                    map.serialize_entry(&level.lower_column(), lower)?;
                    map.serialize_entry(&level.upper_column(), upper)?;
                }
                map.end()
            }
        }
        serializer.collect_seq(self.rows.iter().map(|row| Fields(self, row)))
    }
}

/// The time `steps` after a series' last one.
pub(crate) fn time_after(series: &Series, frequency: Frequency, steps: usize) -> Result<Time, Failure> {
    let last = series.times().last().copied();
    last.and_then(|last| frequency.after(last, steps))
        .ok_or_else(|| Failure::input("the calendar ends before the forecast does; choose a smaller --horizon"))
}
