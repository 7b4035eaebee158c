//! The forecasts of a backtest as a table.

use super::row::ForecastRow;
use crate::metrics::Level;
#[cfg(feature = "tables")]
use recurra_series::{OutputColumn, OutputTable};
use std::collections::HashSet;

/// All scored forecasts: by model, then series, then cutoff, then step.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct ForecastTable {
    /// The levels of the intervals.
    pub levels: Vec<Level>,
    /// The forecasts.
    pub rows: Vec<ForecastRow>,
}

impl ForecastTable {
    /// The names of the models, in their order.
    pub fn models(&self) -> Vec<&str> {
        self.names(|row| &row.model)
    }

    /// The names of the series, in their order.
    pub fn series(&self) -> Vec<&str> {
        self.names(|row| &row.unique_id)
    }

    fn names<'a>(&'a self, name: impl Fn(&'a ForecastRow) -> &'a str) -> Vec<&'a str> {
        let mut names = Vec::new();
        let mut seen = HashSet::new();
        for row in &self.rows {
            let name = name(row);
            // Rows of one name come together, nearly always.
            if names.last() != Some(&name) && seen.insert(name) {
                names.push(name);
            }
        }
        names
    }

    /// The table to be written as CSV or Parquet: `unique_id`, `ds`, `cutoff`, `model`, `y`, `yhat`, and for every level
    /// `lo-80`, `hi-80`. A forecast that is no finite number is an empty field. Needs the feature `tables`.
    #[cfg(feature = "tables")]
    pub fn to_output(&self) -> OutputTable {
        let text = |name: fn(&ForecastRow) -> &str| {
            OutputColumn::Text(self.rows.iter().map(|row| name(row).to_owned()).collect())
        };
        let numbers = |value: &dyn Fn(&ForecastRow) -> Option<f64>| {
            let finite = |row| value(row).filter(|value| value.is_finite());
            OutputColumn::Numbers(self.rows.iter().map(finite).collect())
        };
        let mut table = OutputTable::new()
            .with("unique_id", text(|row| &row.unique_id))
            .with("ds", OutputColumn::Times(self.rows.iter().map(|row| row.ds).collect()))
            .with(
                "cutoff",
                OutputColumn::Times(self.rows.iter().map(|row| row.cutoff).collect()),
            )
            .with("model", text(|row| &row.model))
            .with("y", numbers(&|row| Some(row.y)))
            .with("yhat", numbers(&|row| Some(row.yhat)));
        for (index, level) in self.levels.iter().enumerate() {
            let bound = |row: &ForecastRow| row.bounds.get(index).copied().flatten();
            table = table
                .with(
                    level.lower_column(),
                    numbers(&|row| bound(row).map(|bounds| bounds.lower)),
                )
                .with(
                    level.upper_column(),
                    numbers(&|row| bound(row).map(|bounds| bounds.upper)),
                );
        }
        table
    }
}
