//! The frequency that the times of a series have.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDateTime};

use crate::frequency::{is_weekend, month_number, whole, with_day};
use crate::{Frequency, Time};

/// Why times have no frequency.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FrequencyError {
    /// Fewer than two times.
    #[error("{count} times show no frequency; give at least 2, or the frequency itself")]
    TooFew {
        /// How many there are.
        count: usize,
    },
    /// A time that does not come after the one before it.
    #[error("time {index} (from 0), {time}, does not come after the one before it; sort the times, each one once")]
    NotRising {
        /// Where it stands.
        index: usize,
        /// What it is.
        time: Time,
    },
    /// A time less than a second after the one before it.
    #[error("{time} is less than a second after {before}; frequencies begin at one second, so give plain numbers")]
    SubSecond {
        /// Where it stands, from 0.
        index: usize,
        /// The time before it.
        before: Time,
        /// The time itself.
        time: Time,
    },
    /// A time that is off the grid of most others.
    #[error(
        "the times are irregular: most are {frequency}, but {time} does not fit after {before}; bring them to one frequency"
    )]
    Irregular {
        /// What most times are.
        frequency: Frequency,
        /// Where the first time that does not fit stands, from 0.
        index: usize,
        /// The time before it.
        before: Time,
        /// The time itself.
        time: Time,
    },
}

impl Frequency {
    /// The frequency of rising `times`: the most frequent distance between neighbours (the smaller of two alike), of
    /// which every other distance must be a multiple. Times may be missing in between.
    ///
    /// Times on one day of the month, or at month ends, count in months; otherwise days without any weekend but with
    /// days before and after one count in business days.
    ///
    /// # Errors
    /// If there are fewer than two times, they do not rise, some are less than a second apart, or they lie on no common
    /// grid.
    pub fn infer(times: &[Time]) -> Result<Self, FrequencyError> {
        if times.len() < 2 {
            return Err(FrequencyError::TooFew { count: times.len() });
        }
        if let Some(at) = times
            .windows(2)
            .position(|pair| pair[0].partial_cmp(&pair[1]) != Some(std::cmp::Ordering::Less))
        {
            return Err(FrequencyError::NotRising {
                index: at + 1,
                time: times[at + 1],
            });
        }
        let calendar: Option<Vec<NaiveDateTime>> = times.iter().map(Time::as_date_time).collect();
        let too_fine = |dated: &Vec<NaiveDateTime>| {
            let close = |pair: &[NaiveDateTime]| pair[1] - pair[0] < chrono::TimeDelta::seconds(1);
            dated.windows(2).position(close)
        };
        if let Some(at) = calendar.as_ref().and_then(too_fine) {
            return Err(FrequencyError::SubSecond {
                index: at + 1,
                before: times[at],
                time: times[at + 1],
            });
        }
        let frequency = match &calendar {
            None => step(times),
            Some(times) => months(times).unwrap_or_else(|| days_or_seconds(times)),
        };
        frequency.check(times)?;
        Ok(frequency)
    }

    /// Checks that rising `times` lie on this frequency's grid; some may be missing.
    ///
    /// # Errors
    /// If one does not.
    pub fn check(&self, times: &[Time]) -> Result<(), FrequencyError> {
        let off = times
            .windows(2)
            .position(|pair| self.steps_between(pair[0], pair[1]).is_none_or(|steps| steps == 0));
        off.map_or(Ok(()), |at| {
            let (before, time) = (times[at], times[at + 1]);
            Err(FrequencyError::Irregular {
                frequency: *self,
                index: at + 1,
                before,
                time,
            })
        })
    }
}

/// The most frequent of `distances`, the smallest of those that are equally frequent.
fn most_frequent(distances: impl Iterator<Item = i64>) -> i64 {
    let mut counts: BTreeMap<i64, usize> = BTreeMap::new();
    for distance in distances {
        *counts.entry(distance).or_default() += 1;
    }
    counts
        .into_iter()
        .rev()
        .max_by_key(|&(_, count)| count)
        .map_or(0, |(distance, _)| distance)
}

/// The step of plain numbers. Distances are counted in units of the smallest, so that 0.1 and 0.30000000000000004 − 0.2
/// are one distance.
fn step(times: &[Time]) -> Frequency {
    let distances = || {
        times.windows(2).filter_map(|pair| match (pair[0], pair[1]) {
            (Time::Number(a), Time::Number(b)) => Some(b - a),
            _ => None,
        })
    };
    let smallest = distances().fold(f64::INFINITY, f64::min);
    let all_multiples = distances().all(|distance| whole(distance / smallest).is_some());
    if !all_multiples {
        return Frequency::Step(smallest);
    }
    let units = most_frequent(distances().filter_map(|distance| whole(distance / smallest)));
    let unit = clean(smallest, times);
    Frequency::Step(unit * units as f64)
}

/// The step without rounding noise: with the fewest decimals that still lead from the first time to the last.
fn clean(step: f64, times: &[Time]) -> f64 {
    let (Some(Time::Number(first)), Some(Time::Number(last))) = (times.first(), times.last()) else {
        return step;
    };
    let steps = ((last - first) / step).round();
    (0..12)
        .map(|decimals| {
            let unit = f64::from(10_u32.pow(decimals.min(9)))
                * if decimals > 9 {
                    f64::from(10_u32.pow(decimals - 9))
                } else {
                    1.0
                };
            (step * unit).round() / unit
        })
        .find(|candidate| *candidate > 0.0 && (candidate * steps - (last - first)).abs() <= 1e-9 * (last - first).abs())
        .unwrap_or(step)
}

/// Months, if all times have one time of day, one day of the month (or the month's end), and different months.
fn months(times: &[NaiveDateTime]) -> Option<Frequency> {
    let day = times.iter().map(|time| time.day()).max()?;
    let time_of_day = times.first()?.time();
    let fits = |time: &NaiveDateTime| time.time() == time_of_day && with_day(time.date(), day) == Some(time.date());
    if !times.iter().all(fits) {
        return None;
    }
    let count = most_frequent(
        times
            .windows(2)
            .map(|pair| month_number(pair[1].date()) - month_number(pair[0].date())),
    );
    let count = u32::try_from(count).ok().filter(|&count| count > 0)?;
    Some(Frequency::Months { count, day })
}

fn days_or_seconds(times: &[NaiveDateTime]) -> Frequency {
    let apart = most_frequent(times.windows(2).map(|pair| (pair[1] - pair[0]).num_seconds()));
    let one_time_of_day = times.iter().all(|time| time.time() == times[0].time());
    let days = apart / 86_400;
    if one_time_of_day && apart % 86_400 == 0 {
        let passes_a_weekend = times.windows(2).any(|pair| pair[1].iso_week() != pair[0].iso_week());
        if days == 1 && passes_a_weekend && !times.iter().any(|time| is_weekend(time.date())) {
            return Frequency::BusinessDays;
        }
        return Frequency::Days(u32::try_from(days).unwrap_or(u32::MAX));
    }
    Frequency::Seconds(u32::try_from(apart.max(1)).unwrap_or(u32::MAX))
}
