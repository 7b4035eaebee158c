//! A series on its regular grid in which some values are missing.

use crate::fill::Place;
use crate::{Covariate, Fill, Series, SeriesError, Time};

/// A covariate in which some values are missing.
#[derive(Clone, Debug, PartialEq)]
pub struct GappyCovariate {
    /// The column's name.
    pub name: String,
    /// One place for every time of the series, from its first on.
    pub values: Vec<Option<f64>>,
}

/// A series on its regular grid, with every time that the frequency asks for, in which some values are missing. It has to
/// be filled before it can be used: as a whole, or only up to a cutoff, so that a fold of a backtest sees nothing of what
/// comes after it.
#[derive(Clone, Debug, PartialEq)]
pub struct GappySeries {
    pub(crate) unique_id: Option<String>,
    pub(crate) times: Vec<Time>,
    pub(crate) values: Vec<Option<f64>>,
    pub(crate) past: Vec<GappyCovariate>,
    pub(crate) future: Vec<GappyCovariate>,
}

impl GappySeries {
    /// The name of the series among others.
    #[must_use]
    pub fn unique_id(&self) -> Option<&str> {
        self.unique_id.as_deref()
    }

    /// All times of the grid.
    #[must_use]
    pub fn times(&self) -> &[Time] {
        &self.times
    }

    /// The values, where they are there.
    #[must_use]
    pub fn values(&self) -> &[Option<f64>] {
        &self.values
    }

    /// How many values are missing.
    #[must_use]
    pub fn missing(&self) -> usize {
        self.values.iter().filter(|value| value.is_none()).count()
    }

    /// Fills the whole series. The result says which values were filled ([`Series::is_filled`]) and at which cutoffs that
    /// shows something of what comes after them ([`Series::sees_ahead`]).
    ///
    /// # Errors
    /// If a column has no value at all.
    pub fn fill(&self, fill: Fill, season: usize) -> Result<Series, FillError> {
        self.fill_until(self.values.len(), fill, season)
    }

    /// Fills the first `cutoff` values from themselves alone, and past covariates likewise. Known-future covariates are
    /// filled as a whole: they are known.
    ///
    /// # Errors
    /// If a column has no value at all before the cutoff.
    pub fn fill_until(&self, cutoff: usize, fill: Fill, season: usize) -> Result<Series, FillError> {
        let cutoff = cutoff.min(self.values.len());
        let complete = |name: &str, values: &[Option<f64>]| {
            fill.places(values, season).ok_or_else(|| FillError::NothingThere {
                column: name.to_owned(),
            })
        };
        let seen = &self.values[..cutoff];
        let places = complete("values", seen)?;
        let mut reach: Vec<usize> = places.iter().map(|place| place.last).collect();
        let mut series = Series::new(self.times[..cutoff].to_vec(), values_of(&places))?;
        if let Some(unique_id) = &self.unique_id {
            series = series.with_unique_id(unique_id);
        }
        for GappyCovariate { name, values } in &self.past {
            let places = complete(name, &values[..cutoff])?;
            reach
                .iter_mut()
                .zip(&places)
                .for_each(|(reach, place)| *reach = place.last.max(*reach));
            series = series.with_past_covariate(Covariate {
                name: name.clone(),
                values: values_of(&places),
            })?;
        }
        for GappyCovariate { name, values } in &self.future {
            series = series.with_future_covariate(Covariate {
                name: name.clone(),
                values: values_of(&complete(name, values)?),
            })?;
        }
        Ok(series.with_filled(seen.iter().map(Option::is_none).collect(), reach))
    }
}

fn values_of(places: &[Place]) -> Vec<f64> {
    places.iter().map(|place| place.value).collect()
}

/// Why a series could not be filled.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FillError {
    /// A column without a single value.
    #[error("`{column}` has no value to fill from")]
    NothingThere {
        /// `values`, or the covariate's name.
        column: String,
    },
    /// The values are no series.
    #[error(transparent)]
    Series(#[from] SeriesError),
}
