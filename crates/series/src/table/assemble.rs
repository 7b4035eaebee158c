//! From a table in long form to a panel: one row per series and time.

use std::cmp::Ordering;
use std::collections::HashMap;

use super::{DataError, DataErrorKind, Gap, Table};
use crate::{
    Covariate, Frequency, FrequencyError, GappyCovariate, GappyPanel, GappySeries, Panel, Series, SeriesError, Time,
};

/// Which columns of a table are what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnNames {
    /// The times.
    pub time: String,
    /// The values.
    pub value: String,
    /// The names of the series, if the table holds several.
    pub unique_id: Option<String>,
    /// Covariates that are known up to the end of the data.
    pub past: Vec<String>,
    /// Covariates that are known for the times of the forecast too.
    pub future: Vec<String>,
}

impl Default for ColumnNames {
    /// `ds` and `y`, one series, no covariates.
    fn default() -> Self {
        Self {
            time: "ds".into(),
            value: "y".into(),
            unique_id: None,
            past: Vec::new(),
            future: Vec::new(),
        }
    }
}

/// How a table is made into series.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PanelOptions {
    /// The form of the times, in the notation of `strftime`; otherwise found.
    pub time_format: Option<String>,
    /// The frequency; otherwise inferred from the longest series.
    pub frequency: Option<Frequency>,
}

/// Places that a grid may always have, whatever the number of points.
const PLACES: usize = 1_000_000;
/// Places that a grid may have for each point.
const PLACES_PER_POINT: usize = 1000;

/// The rows of a table, told apart by series, and their columns as numbers.
pub(super) struct Groups {
    /// The name of each series; none if there is just one.
    pub(super) names: Vec<Option<String>>,
    /// The rows of each series.
    pub(super) rows: Vec<Vec<usize>>,
    /// The time of every row.
    pub(super) times: Vec<Time>,
}

impl Groups {
    /// The times of series `group`.
    fn times_of(&self, group: usize) -> Vec<Time> {
        self.rows[group].iter().map(|&row| self.times[row]).collect()
    }
}

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
            build().map_err(|error| self.error(None, None, DataErrorKind::Decoding(error.to_string())))
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
        let mut groups = self.rows_by_series(names.unique_id.as_deref())?;
        groups.times = self.times(&names.time, options.time_format.as_deref(), &groups.rows)?;
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

    /// The names of the series and the rows of each, in the order in which they first appear; no times yet.
    fn rows_by_series(&self, column: Option<&str>) -> Result<Groups, DataError> {
        let Some(name) = column else {
            return Ok(Groups {
                names: vec![None],
                rows: vec![(0..self.height()).collect()],
                times: Vec::new(),
            });
        };
        let column = self.column(name)?;
        let mut places: HashMap<String, usize> = HashMap::new();
        let (mut ids, mut rows): (Vec<Option<String>>, Vec<Vec<usize>>) = (Vec::new(), Vec::new());
        for row in 0..self.height() {
            let id = column
                .key(row)
                .ok_or_else(|| self.error(Some(row), Some(name), DataErrorKind::MissingKey))?;
            let place = *places.entry(id).or_insert_with_key(|id| {
                ids.push(Some(id.clone()));
                rows.push(Vec::new());
                ids.len() - 1
            });
            rows[place].push(row);
        }
        Ok(Groups {
            names: ids,
            rows,
            times: Vec::new(),
        })
    }

    /// The frequency of all series: the one given, or that of the longest.
    fn frequency(
        &self,
        names: &ColumnNames,
        options: &PanelOptions,
        groups: &Groups,
    ) -> Result<Option<Frequency>, DataError> {
        let longest = (0..groups.rows.len())
            .rev()
            .max_by_key(|&group| groups.rows[group].len())
            .unwrap_or(0);
        let irregular = |group: usize, error: FrequencyError, inferred: bool| match error {
            FrequencyError::Irregular {
                frequency,
                index,
                before,
                time,
            } => {
                let series = groups.names[group].clone();
                let kind = match series {
                    Some(series) if inferred && group != longest => DataErrorKind::MixedFrequencies {
                        frequency,
                        series,
                        before,
                        time,
                    },
                    series => DataErrorKind::Irregular {
                        frequency,
                        before,
                        time,
                        series,
                    },
                };
                self.error(Some(groups.rows[group][index]), Some(&names.time), kind)
            }
            FrequencyError::SubSecond { index, before, time } => {
                let kind = DataErrorKind::SubSecond { before, time };
                self.error(Some(groups.rows[group][index]), Some(&names.time), kind)
            }
            other => self.error(None, Some(&names.time), DataErrorKind::Decoding(other.to_string())),
        };
        let frequency = match options.frequency {
            Some(frequency) => frequency,
            None => match Frequency::infer(&groups.times_of(longest)) {
                Ok(frequency) => frequency,
                Err(FrequencyError::TooFew { .. }) => return Ok(None),
                Err(error) => return Err(irregular(longest, error, true)),
            },
        };
        for group in 0..groups.rows.len() {
            frequency
                .check(&groups.times_of(group))
                .map_err(|error| irregular(group, error, options.frequency.is_none()))?;
        }
        Ok(Some(frequency))
    }

    /// An error if a series among several is regular, but of a frequency some times that of the others: its gaps are none.
    fn check_one_frequency(&self, names: &ColumnNames, frequency: Frequency, groups: &Groups) -> Result<(), DataError> {
        for (rows, series) in groups.rows.iter().zip(&groups.names) {
            let times: Vec<Time> = rows.iter().map(|&row| groups.times[row]).collect();
            let mut steps = times.windows(2).map(|pair| frequency.steps_between(pair[0], pair[1]));
            let (Some(series), [before, time, _, _, ..], Some(first)) = (series, &times[..], steps.next()) else {
                continue;
            };
            if first.is_some_and(|steps| steps > 1) && steps.all(|other| other == first) {
                let kind = DataErrorKind::MixedFrequencies {
                    frequency,
                    series: series.clone(),
                    before: *before,
                    time: *time,
                };
                return Err(self.error(Some(rows[1]), Some(&names.time), kind));
            }
        }
        Ok(())
    }

    /// An error that lists all gaps, if there are any.
    fn check_gaps(&self, names: &ColumnNames, frequency: Option<Frequency>, groups: &Groups) -> Result<(), DataError> {
        let Some(frequency) = frequency else { return Ok(()) };
        self.check_one_frequency(names, frequency, groups)?;
        let mut gaps = Vec::new();
        for (rows, series) in groups.rows.iter().zip(&groups.names) {
            for pair in rows.windows(2) {
                let (before, time) = (groups.times[pair[0]], groups.times[pair[1]]);
                let steps = frequency.steps_between(before, time).unwrap_or(1);
                if let Some(first) = frequency.after(before, 1).filter(|_| steps > 1) {
                    let row = self.row(pair[0]);
                    gaps.push(Gap {
                        row,
                        first,
                        missing: steps - 1,
                        series: series.clone(),
                    });
                }
            }
        }
        if gaps.is_empty() {
            Ok(())
        } else {
            Err(self.error(None, Some(&names.time), DataErrorKind::Gaps { gaps }))
        }
    }

    /// The place of every row of a series on its grid.
    fn places(
        &self,
        time: &str,
        frequency: Option<Frequency>,
        groups: &Groups,
        group: usize,
    ) -> Result<Vec<usize>, DataError> {
        let times = groups.times_of(group);
        let mut places: Vec<usize> = Vec::with_capacity(times.len());
        for pair in times.windows(2) {
            let steps = frequency
                .and_then(|frequency| frequency.steps_between(pair[0], pair[1]))
                .unwrap_or(1);
            let place = places.last().map_or(0, |last| *last);
            if places.is_empty() {
                places.push(0);
            }
            places.push(place.saturating_add(steps));
        }
        if places.is_empty() {
            places.push(0);
        }
        let (points, length) = (times.len(), places.last().map_or(0, |last| last.saturating_add(1)));
        if length
            > points
                .saturating_mul(PLACES_PER_POINT)
                .min(PLACES.max(points.saturating_mul(4)))
        {
            return Err(self.error(None, Some(time), DataErrorKind::TooSparse { points, places: length }));
        }
        Ok(places)
    }
}
