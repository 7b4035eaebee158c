//! Filling missing values, on request.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// How missing values are filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Fill {
    /// On the straight line between the neighbours; before the first and after the last value that value.
    Linear,
    /// The last value before; before the first value the first one.
    Previous,
    /// The value one season before, filled or not; within the first season the one after, and where there is none
    /// [`Fill::Linear`].
    Seasonal,
}

impl Fill {
    /// `values` with all gaps filled; nothing if not one value is there. `season` is the length of a season in steps
    /// (below 2, [`Fill::Seasonal`] is [`Fill::Linear`]).
    ///
    /// Only the values given are looked at: to fill inside a fold, give the values up to its cutoff. Filled as a whole, a
    /// series says at which cutoffs that would have come to the same ([`Series::sees_ahead`](crate::Series::sees_ahead)).
    ///
    /// ```
    /// use recurra_series::Fill;
    ///
    /// let values = [Some(1.0), None, Some(3.0), None];
    /// assert_eq!(Fill::Linear.apply(&values, 1), Some(vec![1.0, 2.0, 3.0, 3.0]));
    /// assert_eq!(Fill::Previous.apply(&values, 1), Some(vec![1.0, 1.0, 3.0, 3.0]));
    /// assert_eq!(Fill::Seasonal.apply(&values, 2), Some(vec![1.0, 2.0, 3.0, 2.0]));
    /// ```
    #[must_use]
    pub fn apply(self, values: &[Option<f64>], season: usize) -> Option<Vec<f64>> {
        let places = self.places(values, season)?;
        Some(places.into_iter().map(|place| place.value).collect())
    }

    /// As [`Fill::apply`], with the values that every one of them depends on.
    pub(crate) fn places(self, values: &[Option<f64>], season: usize) -> Option<Vec<Place>> {
        if self == Self::Previous {
            return previous(values);
        }
        let mut filled = linear(values)?;
        if self == Self::Seasonal && season > 1 {
            for at in (0..values.len()).filter(|&at| values[at].is_none()) {
                let earlier = at.checked_sub(season).map(|earlier| filled[earlier]);
                let later = || {
                    let last = at.checked_add(season)?;
                    let value = values.get(last).copied().flatten()?;
                    Some(Place { value, last })
                };
                filled[at] = earlier.or_else(later).unwrap_or(filled[at]);
            }
        }
        Some(filled)
    }
}

/// A value, observed or filled in, and where the last one stands that it was made from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Place {
    pub(crate) value: f64,
    pub(crate) last: usize,
}

fn previous(values: &[Option<f64>]) -> Option<Vec<Place>> {
    let observed = |(last, value): (usize, &Option<f64>)| value.map(|value| Place { value, last });
    let mut place = values.iter().enumerate().find_map(observed)?;
    let filled = values.iter().enumerate().map(|value| {
        place = observed(value).unwrap_or(place);
        place
    });
    Some(filled.collect())
}

fn linear(values: &[Option<f64>]) -> Option<Vec<Place>> {
    let mut filled = previous(values)?;
    let mut left: Option<usize> = None;
    for (right, value) in values.iter().enumerate() {
        let Some(value) = *value else { continue };
        if let Some(start) = left {
            let from = filled[start].value;
            for (step, place) in filled[start + 1..right].iter_mut().enumerate() {
                let share = (step + 1) as f64 / (right - start) as f64;
                *place = Place {
                    value: from * (1.0 - share) + value * share,
                    last: right,
                };
            }
        }
        left = Some(right);
    }
    Some(filled)
}

impl fmt::Display for Fill {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Linear => "linear",
            Self::Previous => "previous",
            Self::Seasonal => "seasonal",
        })
    }
}

/// Why a text is no way to fill.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no way to fill; there are linear, previous and seasonal")]
pub struct FillParseError {
    /// The text.
    pub text: String,
}

impl FromStr for Fill {
    type Err = FillParseError;

    fn from_str(text: &str) -> Result<Self, FillParseError> {
        [Self::Linear, Self::Previous, Self::Seasonal]
            .into_iter()
            .find(|fill| fill.to_string() == text)
            .ok_or_else(|| FillParseError { text: text.to_owned() })
    }
}
