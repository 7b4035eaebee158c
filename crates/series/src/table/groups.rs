//! The rows of a table by series, with their times.

use std::cmp::Ordering;
use std::collections::HashMap;

use super::{ColumnNames, DataError, DataErrorKind, PanelOptions, Table};
use crate::Time;

/// The rows of a table, told apart by series.
pub(super) struct Groups {
    /// The name of each series; none if there is just one.
    pub(super) names: Vec<Option<String>>,
    /// The rows of each series, in the order of the table.
    pub(super) rows: Vec<Vec<usize>>,
    /// The time of every row.
    pub(super) times: Vec<Time>,
}

/// The name of a series, if there are several, and its rows.
type NamedRows = (Option<String>, Vec<usize>);

impl Groups {
    /// The times of series `group`.
    pub(super) fn times_of(&self, group: usize) -> Vec<Time> {
        self.rows[group].iter().map(|&row| self.times[row]).collect()
    }
}

impl Table {
    /// Rows by series, with their times, which rise in each.
    pub(super) fn groups(&self, names: &ColumnNames, options: &PanelOptions) -> Result<Groups, DataError> {
        // All columns are looked for first, so that a wrong name is the first thing that is said.
        let all = [&names.time, &names.value]
            .into_iter()
            .chain(&names.unique_id)
            .chain(&names.past)
            .chain(&names.future);
        for name in all {
            self.column(name)?;
        }
        let (series, rows): (Vec<_>, Vec<_>) = self.rows_by_series(names.unique_id.as_deref())?.into_iter().unzip();
        let times = self.times(&names.time, options.time_format.as_deref(), &rows)?;
        let groups = Groups {
            names: series,
            rows,
            times,
        };
        for (rows, series) in groups.rows.iter().zip(&groups.names) {
            for pair in rows.windows(2) {
                let (before, time) = (groups.times[pair[0]], groups.times[pair[1]]);
                if before.partial_cmp(&time) == Some(Ordering::Less) {
                    continue;
                }
                let same = rows.iter().find(|&&row| row < pair[1] && groups.times[row] == time);
                let kind = match same {
                    Some(&first) => DataErrorKind::Duplicate {
                        time,
                        series: series.clone(),
                        first_row: self.row(first),
                    },
                    None => DataErrorKind::Unsorted {
                        time,
                        before,
                        series: series.clone(),
                    },
                };
                return Err(self.error(Some(pair[1]), Some(&names.time), kind));
            }
        }
        Ok(groups)
    }

    /// The name and the rows of each series, in the order in which they first appear.
    fn rows_by_series(&self, column: Option<&str>) -> Result<Vec<NamedRows>, DataError> {
        let Some(name) = column else {
            return Ok(vec![(None, (0..self.height()).collect())]);
        };
        let column = self.column(name)?;
        let mut places: HashMap<String, usize> = HashMap::new();
        let mut series: Vec<NamedRows> = Vec::new();
        for row in 0..self.height() {
            let id = column
                .key(row)
                .ok_or_else(|| self.error(Some(row), Some(name), DataErrorKind::MissingKey))?;
            let place = *places.entry(id).or_insert_with_key(|id| {
                series.push((Some(id.clone()), Vec::new()));
                series.len() - 1
            });
            series[place].1.push(row);
        }
        Ok(series)
    }
}
