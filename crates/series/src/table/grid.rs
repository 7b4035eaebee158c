//! The regular grid on which the times of a table lie: its frequency, its gaps, and the place of every row.

use super::groups::Groups;
use super::{ColumnNames, DataError, DataErrorKind, Gap, PanelOptions, Table};
use crate::{Frequency, FrequencyError};

/// Places that a grid may always have, whatever the number of points.
const PLACES: usize = 1_000_000;
/// Places that a grid may have for each point.
const PLACES_PER_POINT: usize = 1000;

impl Table {
    /// The frequency of all series: the one given, or that of the longest.
    pub(super) fn frequency(
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
            other => self.error(None, Some(&names.time), DataErrorKind::NoSeries(other.to_string())),
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
        for (group, (rows, series)) in groups.rows.iter().zip(&groups.names).enumerate() {
            let times = groups.times_of(group);
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
    pub(super) fn check_gaps(
        &self,
        names: &ColumnNames,
        frequency: Option<Frequency>,
        groups: &Groups,
    ) -> Result<(), DataError> {
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
    pub(super) fn places(
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
        let most = points
            .saturating_mul(PLACES_PER_POINT)
            .min(PLACES.max(points.saturating_mul(4)));
        if length > most {
            return Err(self.error(None, Some(time), DataErrorKind::TooSparse { points, places: length }));
        }
        Ok(places)
    }
}
