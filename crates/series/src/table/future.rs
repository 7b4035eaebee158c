//! Known-future covariates for the times of a forecast.

use std::collections::HashMap;

use super::{ColumnNames, DataError, DataErrorKind, PanelOptions, Table};
use crate::{Panel, Time};

impl Table {
    /// Continues the known-future covariates of every series of `panel` by `horizon` steps with the rows of this table. It
    /// may hold rows for other times and series too; those are not looked at.
    ///
    /// # Errors
    /// If a column or a row that the forecast needs is missing, or a field is not a finite number.
    pub fn continue_future(
        &self,
        names: &ColumnNames,
        options: &PanelOptions,
        panel: &mut Panel,
        horizon: usize,
    ) -> Result<(), DataError> {
        let Some(frequency) = panel.frequency else {
            return Ok(());
        };
        // The values that are to be forecast need not be there: any column that is stands in for theirs.
        let names = ColumnNames {
            value: names.time.clone(),
            past: Vec::new(),
            ..names.clone()
        };
        let groups = self.groups(&names, options)?;
        let columns = names
            .future
            .iter()
            .map(|name| self.optional_numbers(name))
            .collect::<Result<Vec<_>, DataError>>()?;
        let places: HashMap<Option<&str>, usize> = groups
            .names
            .iter()
            .enumerate()
            .map(|(group, name)| (name.as_deref(), group))
            .collect();
        for series in &mut panel.series {
            let Some(&end) = series.times().last() else { continue };
            let unique_id = names.unique_id.as_ref().and(series.unique_id());
            let rows: &[usize] = places.get(&unique_id).map_or(&[], |&group| &groups.rows[group]);
            let mut more = vec![Vec::with_capacity(horizon); columns.len()];
            for step in 1..=horizon {
                let time = frequency.after(end, step);
                let row = time.and_then(|time| find(rows, &groups.times, time));
                let (Some(row), Some(_)) = (row, time) else {
                    let time = time.unwrap_or(end);
                    let last = frequency.after(end, horizon).unwrap_or(time);
                    let series = series.unique_id().map(str::to_owned);
                    let kind = DataErrorKind::NoFutureRow { time, last, series };
                    return Err(self.error(None, Some(&names.time), kind));
                };
                for ((values, column), name) in more.iter_mut().zip(&columns).zip(&names.future) {
                    let missing = || self.missing_value(row, name);
                    values.push(column[row].ok_or_else(missing)?);
                }
            }
            let extended = series.extend_future(&more);
            extended.map_err(|error| self.error(None, None, DataErrorKind::NoSeries(error.to_string())))?;
        }
        Ok(())
    }
}

/// The row of a series at `time`. Numbers that differ by rounding alone are one time.
fn find(rows: &[usize], times: &[Time], time: Time) -> Option<usize> {
    let same = |row: usize| match (times[row], time) {
        (Time::Number(a), Time::Number(b)) => (a - b).abs() <= 1e-9 * b.abs().max(1.0),
        (a, b) => a.partial_cmp(&b) == Some(std::cmp::Ordering::Equal),
    };
    let place = rows.partition_point(|&row| times[row] < time);
    [place.checked_sub(1), Some(place), Some(place + 1)]
        .into_iter()
        .flatten()
        .filter_map(|at| rows.get(at))
        .copied()
        .find(|&row| same(row))
}
