//! What a forecaster is shown: one series up to a cutoff, and the covariates that may be known there.

use crate::error::CovariateError;
use recurra_series::{Covariate, Series};

/// One series as it was known at a cutoff: the values observed so far and the covariates that go with them.
///
/// Past covariates (a measured temperature) end where the values end. Known-future covariates (a calendar, a price list)
/// go on past the cutoff. A history is a view: cutting it copies nothing, and what lies behind the cut cannot be
/// reached through it. That is what keeps a backtest free of leaks.
///
/// ```
/// use recurra_evaluation::History;
///
/// let values = [3.0, 1.0, 4.0, 1.0, 5.0];
/// let history = History::new(&values);
/// let earlier = history.until(3).ok_or("the series is shorter than that")?;
/// assert_eq!(earlier.values(), [3.0, 1.0, 4.0]);
/// assert_eq!(earlier.last(2).values(), [1.0, 4.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct History<'a> {
    unique_id: &'a str,
    values: &'a [f64],
    /// Index in the covariate columns of `values[0]`.
    first: usize,
    past: &'a [Covariate],
    future: &'a [Covariate],
}

impl<'a> History<'a> {
    /// A history of values alone, oldest first, with an empty `unique_id`.
    pub fn new(values: &'a [f64]) -> Self {
        Self {
            unique_id: "",
            values,
            first: 0,
            past: &[],
            future: &[],
        }
    }

    /// The same history under the name of its series.
    pub fn with_unique_id(self, unique_id: &'a str) -> Self {
        Self { unique_id, ..self }
    }

    /// Adds covariates that are known up to the cutoff only.
    ///
    /// # Errors
    /// If a column has fewer values than the history.
    pub fn with_past_covariates(self, columns: &'a [Covariate]) -> Result<Self, CovariateError> {
        self.check(columns, self.values.len())?;
        Ok(Self { past: columns, ..self })
    }

    /// Adds covariates that are known beyond the cutoff.
    ///
    /// # Errors
    /// If a column has fewer values than the history.
    pub fn with_future_covariates(self, columns: &'a [Covariate]) -> Result<Self, CovariateError> {
        self.check(columns, self.values.len())?;
        Ok(Self {
            future: columns,
            ..self
        })
    }

    /// The name of the series; empty when there is only one.
    pub fn unique_id(&self) -> &'a str {
        self.unique_id
    }

    /// The observed values, oldest first.
    pub fn values(&self) -> &'a [f64] {
        self.values
    }

    /// How many values have been observed.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether nothing has been observed.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Position of the oldest value in the whole series: what to add to an index of [`History::values`] to get the
    /// time step.
    pub fn first_index(&self) -> usize {
        self.first
    }

    /// Names and values of the past covariates, each as long as [`History::values`].
    pub fn past_covariates(&self) -> impl Iterator<Item = (&'a str, &'a [f64])> + use<'a> {
        let range = self.first..self.first + self.values.len();
        self.past
            .iter()
            .map(move |column| (column.name.as_str(), &column.values[range.clone()]))
    }

    /// Names and values of the known-future covariates, each `len() + horizon` long.
    ///
    /// # Errors
    /// If a column ends before the horizon does.
    pub fn future_covariates(
        &self,
        horizon: usize,
    ) -> Result<impl Iterator<Item = (&'a str, &'a [f64])> + use<'a>, CovariateError> {
        let length = self.values.len().saturating_add(horizon);
        self.check(self.future, length)?;
        let range = self.first..self.first.saturating_add(length);
        Ok(self
            .future
            .iter()
            .map(move |column| (column.name.as_str(), &column.values[range.clone()])))
    }

    /// The history as it was when only its first `length` values had been observed, or `None` when there are fewer.
    pub fn until(&self, length: usize) -> Option<Self> {
        Some(Self {
            values: self.values.get(..length)?,
            ..*self
        })
    }

    /// The last `length` values (all of them, when there are fewer), with the covariates that go with them.
    pub fn last(&self, length: usize) -> Self {
        let skipped = self.values.len().saturating_sub(length);
        Self {
            values: &self.values[skipped..],
            first: self.first + skipped,
            ..*self
        }
    }

    fn check(&self, columns: &[Covariate], length: usize) -> Result<(), CovariateError> {
        let needed = self.first.saturating_add(length);
        match columns.iter().find(|column| column.values.len() < needed) {
            Some(short) => Err(CovariateError {
                unique_id: self.unique_id.to_owned(),
                column: short.name.clone(),
                needed,
                found: short.values.len(),
            }),
            None => Ok(()),
        }
    }
}

impl<'a> From<&'a Series> for History<'a> {
    /// All of a series, with its covariates.
    fn from(series: &'a Series) -> Self {
        Self {
            unique_id: series.unique_id().unwrap_or_default(),
            values: series.values(),
            first: 0,
            past: series.past_covariates(),
            future: series.future_covariates(),
        }
    }
}

/// What a model is fitted on: the series of a panel up to their cutoffs, and the horizon it will be asked for.
///
/// Whatever a model needs beside (a validation part for early stopping, a scaler) it takes from these histories.
#[derive(Debug, Clone, Copy)]
pub struct Training<'a> {
    /// The series, each cut at its cutoff.
    pub series: &'a [History<'a>],
    /// Steps ahead that will be asked for. Methods that forecast recursively need not look at it.
    pub horizon: usize,
}

impl<'a> Training<'a> {
    /// A training set for a horizon.
    pub fn new(series: &'a [History<'a>], horizon: usize) -> Self {
        Self { series, horizon }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn column(name: &str, length: usize) -> Covariate {
        Covariate {
            name: name.into(),
            values: (0..length).map(|step| step as f64).collect(),
        }
    }

    #[test]
    fn covariates_follow_the_cuts() {
        let values = [0.0; 6];
        let (past, future) = ([column("rain", 6)], [column("weekday", 8)]);
        let history = History::new(&values)
            .with_past_covariates(&past)
            .unwrap()
            .with_future_covariates(&future)
            .unwrap();
        let cut = history.until(5).unwrap().last(2);
        assert_eq!(cut.first_index(), 3);
        assert_eq!(cut.past_covariates().collect::<Vec<_>>(), [("rain", &[3.0, 4.0][..])]);
        assert_eq!(
            cut.future_covariates(2).unwrap().collect::<Vec<_>>(),
            [("weekday", &[3.0, 4.0, 5.0, 6.0][..])]
        );
        assert!(history.until(7).is_none());
    }

    #[test]
    fn a_covariate_that_ends_early_is_named() {
        let values = [0.0; 6];
        let future = [column("weekday", 8)];
        let history = History::new(&values)
            .with_unique_id("north")
            .with_future_covariates(&future)
            .unwrap();
        assert!(history.future_covariates(usize::MAX).is_err());
        let without = History::new(&values).last(2);
        assert_eq!(without.future_covariates(usize::MAX).unwrap().count(), 0);
        let error = history.future_covariates(3).map(|_| ()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "covariate `weekday` of series `north` has 8 values, but 9 are needed"
        );
        assert!(
            History::new(&values)
                .with_past_covariates(&[column("rain", 5)])
                .is_err()
        );
    }
}
