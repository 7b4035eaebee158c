//! The time column: one form for all rows.

use std::cmp::Ordering;

use super::column::Column;
use super::{DataError, DataErrorKind, Table};
use crate::Time;
use crate::time_text::TimeForm;

impl Table {
    /// The times of a column. `groups` are the rows of each series, in their order: where day and month cannot be told
    /// apart otherwise, the reading in which all series rise is taken.
    pub(super) fn times(
        &self,
        name: &str,
        format: Option<&str>,
        groups: &[Vec<usize>],
    ) -> Result<Vec<Time>, DataError> {
        let fail = |row, kind| Err(self.error(row, Some(name), kind));
        let times: Vec<Option<Time>> = match self.column(name)? {
            Column::Text(texts) => {
                let texts: Vec<&str> = texts.iter().map(|text| text.unwrap_or("").trim()).collect();
                if let Some(row) = texts.iter().position(|text| text.is_empty()) {
                    return fail(Some(row), DataErrorKind::MissingKey);
                }
                return self.parse_times(name, &texts, format, groups);
            }
            Column::Times(times) => times.clone(),
            Column::Numbers(numbers) => numbers.iter().map(|number| number.map(Time::Number)).collect(),
            Column::Other { found, .. } => {
                let kind = DataErrorKind::WrongType {
                    found: found.clone(),
                    needed: "a column of times or numbers",
                };
                return fail(None, kind);
            }
        };
        for (row, time) in times.iter().enumerate() {
            match time {
                None => return fail(Some(row), DataErrorKind::MissingKey),
                Some(Time::Number(number)) if !number.is_finite() => {
                    return fail(
                        Some(row),
                        DataErrorKind::NotFinite {
                            text: number.to_string(),
                        },
                    );
                }
                Some(_) => {}
            }
        }
        Ok(times.into_iter().flatten().collect())
    }

    fn parse_times(
        &self,
        name: &str,
        texts: &[&str],
        format: Option<&str>,
        groups: &[Vec<usize>],
    ) -> Result<Vec<Time>, DataError> {
        let fail = |row: usize, kind| Err(self.error(Some(row), Some(name), kind));
        let Some(first) = texts.first() else {
            return Ok(Vec::new());
        };
        let mut forms = match format {
            Some(format) => vec![TimeForm::Given(format.to_owned())],
            None => TimeForm::candidates(first),
        };
        if forms.is_empty() {
            return fail(0, unreadable(first));
        }
        let mut row = 0;
        while forms.len() > 1 && row < texts.len() {
            let left = TimeForm::narrow(&forms, texts[row]);
            if left.is_empty() {
                return Err(self.misfit(name, row, texts[row], &forms[0]));
            }
            forms = left;
            row += 1;
        }
        if let [form] = &forms[..] {
            let parse =
                |(row, text): (usize, &&str)| form.parse(text).ok_or_else(|| self.misfit(name, row, text, form));
            return texts.iter().enumerate().map(parse).collect();
        }
        TimeForm::prefer_dates(&mut forms);
        let mut readings: Vec<Vec<Time>> = forms
            .iter()
            .map(|form| texts.iter().filter_map(|text| form.parse(text)).collect())
            .collect();
        readings.dedup();
        if readings.len() > 1 {
            let rising: Vec<&Vec<Time>> = readings.iter().filter(|times| all_rise(times, groups)).collect();
            let [reading] = rising[..] else {
                let at = (0..texts.len())
                    .find(|&row| readings[0][row] != readings[1][row])
                    .unwrap_or(0);
                let (first, second) = (readings[0][at], readings[1][at]);
                return fail(
                    at,
                    DataErrorKind::AmbiguousTimes {
                        text: texts[at].to_owned(),
                        first,
                        second,
                    },
                );
            };
            return Ok(reading.clone());
        }
        Ok(readings.swap_remove(0))
    }

    /// A text that does not have the form of the rows before it.
    fn misfit(&self, name: &str, row: usize, text: &str, form: &TimeForm) -> DataError {
        let kind = match unreadable(text) {
            _ if matches!(form, TimeForm::Given(_)) => DataErrorKind::NotOfForm {
                text: text.to_owned(),
                form: form.example(),
            },
            DataErrorKind::NotATime { text } if shape(&text) == shape(&form.example()) => {
                DataErrorKind::NoSuchTime { text }
            }
            DataErrorKind::NotATime { text } => DataErrorKind::MixedTimeForms {
                text,
                example: form.example(),
            },
            kind => kind,
        };
        self.error(Some(row), Some(name), kind)
    }
}

/// A text with every digit the same: 2025-02-29 looks like a date.
fn shape(text: &str) -> String {
    text.chars()
        .map(|letter| if letter.is_ascii_digit() { '0' } else { letter })
        .collect()
}

fn all_rise(times: &[Time], groups: &[Vec<usize>]) -> bool {
    let rises = |pair: &[usize]| times[pair[0]].partial_cmp(&times[pair[1]]) == Some(Ordering::Less);
    groups.iter().all(|rows| rows.windows(2).all(rises))
}

/// What is wrong with a text that no form reads.
fn unreadable(text: &str) -> DataErrorKind {
    let text = text.to_owned();
    let after_time_of_day = text.rfind(':').map_or("", |colon| &text[colon..]);
    let words: Vec<&str> = after_time_of_day
        .split(|letter: char| !letter.is_ascii_alphabetic())
        .filter(|word| !word.is_empty() && !["AM", "PM", "am", "pm", "Z"].contains(word))
        .collect();
    let number: Option<f64> = text.parse().ok();
    if !words.is_empty() && text.starts_with(|letter: char| letter.is_ascii_digit()) {
        DataErrorKind::NamedZone { text }
    } else if number.is_some() {
        DataErrorKind::NotFinite { text }
    } else {
        DataErrorKind::NotATime { text }
    }
}
