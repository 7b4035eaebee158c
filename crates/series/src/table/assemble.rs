//! From a table in long form to a panel: one row per series and time.

use super::{ColumnNames, DataError, DataErrorKind, PanelOptions, Table};
use crate::{Covariate, GappyCovariate, GappyPanel, GappySeries, Panel, Series, SeriesError, Time};

impl Table {
    /// The series of the table. Nothing may be missing.
    ///
    /// # Errors
    /// If a column is not there; a field is no number, no time, missing or not finite; times do not rise, come twice, lie
    /// on no common grid, or are missing in between.
    pub fn panel(&self, names: &ColumnNames, options: &PanelOptions) -> Result<Panel, DataError> {
        let groups = self.groups(names, options)?;
        let frequency = self.frequency(names, options, &groups)?;
        let values = self.numbers(&names.value)?;
        let columns = |names: &[String]| {
            names
                .iter()
                .map(|name| self.numbers(name))
                .collect::<Result<Vec<_>, _>>()
        };
        let (past, future) = (columns(&names.past)?, columns(&names.future)?);
        self.check_gaps(names, frequency, &groups)?;
        let series = groups.rows.iter().enumerate().map(|(group, rows)| {
            let pick = |column: &Vec<f64>| rows.iter().map(|&row| column[row]).collect::<Vec<f64>>();
            let build = || -> Result<Series, SeriesError> {
                let mut series = Series::new(groups.times_of(group), pick(&values))?;
                if let Some(name) = &groups.names[group] {
                    series = series.with_unique_id(name);
                }
                for (name, column) in names.past.iter().zip(&past) {
                    series = series.with_past_covariate(Covariate {
                        name: name.clone(),
                        values: pick(column),
                    })?;
                }
                for (name, column) in names.future.iter().zip(&future) {
                    series = series.with_future_covariate(Covariate {
                        name: name.clone(),
                        values: pick(column),
                    })?;
                }
                Ok(series)
            };
            build().map_err(|error| self.error(None, None, DataErrorKind::NoSeries(error.to_string())))
        });
        Ok(Panel {
            series: series.collect::<Result<_, _>>()?,
            frequency,
        })
    }

    /// The series of the table on their regular grids, with places for what is missing.
    ///
    /// # Errors
    /// As [`Table::panel`], but for missing times and values; and if a series has no value, or its grid would have far
    /// more places than there are points.
    pub fn gappy_panel(&self, names: &ColumnNames, options: &PanelOptions) -> Result<GappyPanel, DataError> {
        let groups = self.groups(names, options)?;
        let frequency = self.frequency(names, options, &groups)?;
        let values = self.optional_numbers(&names.value)?;
        let columns = |names: &[String]| {
            let read = |name: &String| Ok((name.clone(), self.optional_numbers(name)?));
            names.iter().map(read).collect::<Result<Vec<_>, DataError>>()
        };
        let (past, future) = (columns(&names.past)?, columns(&names.future)?);
        let mut series = Vec::with_capacity(groups.rows.len());
        for (group, rows) in groups.rows.iter().enumerate() {
            let places = self.places(&names.time, frequency, &groups, group)?;
            let length = places.last().map_or(0, |last| last + 1);
            let mut times: Vec<Time> = Vec::with_capacity(length);
            for (&place, &row) in places.iter().zip(rows) {
                // From the last row's time on, so that month ends keep their day and numbers gather no rounding.
                let (from, at) = times.last().map_or((groups.times[row], 0), |&last| (last, times.len()));
                let missing = (1..=place.saturating_sub(at)).filter_map(|step| frequency?.after(from, step));
                times.extend(missing.collect::<Vec<_>>());
                times.truncate(place);
                times.push(groups.times[row]);
            }
            let spread = |column: &[Option<f64>], name: &str| {
                let mut spread = vec![None; length];
                for (&place, &row) in places.iter().zip(rows) {
                    spread[place] = column[row];
                }
                if spread.iter().all(Option::is_none) {
                    let series = groups.names[group].clone();
                    return Err(self.error(None, Some(name), DataErrorKind::NothingThere { series }));
                }
                Ok(spread)
            };
            let covariates = |columns: &[(String, Vec<Option<f64>>)]| {
                let read = |(name, column): &(String, Vec<Option<f64>>)| {
                    Ok(GappyCovariate {
                        name: name.clone(),
                        values: spread(column, name)?,
                    })
                };
                columns.iter().map(read).collect::<Result<Vec<_>, DataError>>()
            };
            series.push(GappySeries {
                unique_id: groups.names[group].clone(),
                values: spread(&values, &names.value)?,
                past: covariates(&past)?,
                future: covariates(&future)?,
                times,
            });
        }
        Ok(GappyPanel { series, frequency })
    }
}
