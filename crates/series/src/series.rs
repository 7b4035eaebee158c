//! One series: times, values and covariates, all complete.

use crate::{SeriesError, Time};

/// A named column beside a series.
#[derive(Clone, Debug, PartialEq)]
pub struct Covariate {
    /// The column's name.
    pub name: String,
    /// One number for every time of the series, from its first on. Known-future covariates may go on past its end.
    pub values: Vec<f64>,
}

/// One series: strictly rising times of one kind and a finite value at each.
///
/// ```
/// use recurra_series::{Series, Time};
///
/// let times = (0..3).map(|t| Time::Number(f64::from(t))).collect();
/// let series = Series::new(times, vec![1.0, 4.0, 9.0])?;
/// let (train, validation) = series.split(recurra_series::SplitPoint::Index(2))?;
/// assert_eq!((train.values(), validation.values()), (&[1.0, 4.0][..], &[9.0][..]));
/// # Ok::<(), recurra_series::SeriesError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    unique_id: Option<String>,
    times: Vec<Time>,
    values: Vec<f64>,
    past: Vec<Covariate>,
    future: Vec<Covariate>,
    /// Which values were filled in; empty if none was.
    filled: Vec<bool>,
    /// For every time where the last value stands, of the series or a past covariate, that anything up to that time was
    /// filled in from; empty if nothing was filled in.
    reach: Vec<usize>,
}

impl Series {
    /// A series of `values` at `times`.
    ///
    /// # Errors
    /// If there are not as many values as times, a value is not finite, or the times are not strictly rising and of one
    /// kind.
    pub fn new(times: Vec<Time>, values: Vec<f64>) -> Result<Self, SeriesError> {
        check_column("values", &times, &values, times.len())?;
        let falls = |pair: &[Time]| {
            pair[0].kind() != pair[1].kind() || pair[0].partial_cmp(&pair[1]) != Some(std::cmp::Ordering::Less)
        };
        if let Some(at) = times.windows(2).position(falls) {
            return Err(SeriesError::NotRising {
                index: at + 1,
                before: times[at],
                time: times[at + 1],
            });
        }
        let infinite = |time: &Time| matches!(time, Time::Number(number) if !number.is_finite());
        if let Some(index) = times.iter().position(infinite) {
            let value = if let Time::Number(number) = times[index] {
                number
            } else {
                f64::NAN
            };
            return Err(SeriesError::NotFinite {
                column: "times".into(),
                index,
                time: times[index],
                value,
            });
        }
        Ok(Self {
            unique_id: None,
            times,
            values,
            past: Vec::new(),
            future: Vec::new(),
            filled: Vec::new(),
            reach: Vec::new(),
        })
    }

    /// The values at the steps 0, 1, 2, …
    ///
    /// # Errors
    /// If a value is not finite.
    pub fn from_values(values: Vec<f64>) -> Result<Self, SeriesError> {
        Self::new(
            (0..values.len()).map(|step| Time::Number(step as f64)).collect(),
            values,
        )
    }

    /// The same series under a name.
    #[must_use]
    pub fn with_unique_id(mut self, unique_id: impl Into<String>) -> Self {
        self.unique_id = Some(unique_id.into());
        self
    }

    /// Adds a covariate that is known up to the end of the series.
    ///
    /// # Errors
    /// If it has not one finite number for every time.
    pub fn with_past_covariate(mut self, covariate: Covariate) -> Result<Self, SeriesError> {
        check_column(&covariate.name, &self.times, &covariate.values, self.len())?;
        self.past.push(covariate);
        Ok(self)
    }

    /// Adds a covariate that is known past the end of the series too: it has at least one finite number for every time.
    ///
    /// # Errors
    /// If it is shorter than the series, or a number is not finite.
    pub fn with_future_covariate(mut self, covariate: Covariate) -> Result<Self, SeriesError> {
        let length = covariate.values.len().max(self.len());
        check_column(&covariate.name, &self.times, &covariate.values, length)?;
        self.future.push(covariate);
        Ok(self)
    }

    /// Continues the known-future covariates past the end of the series, in their order: `more` holds one list for each.
    ///
    /// # Errors
    /// If there is another number of lists, or a number is not finite.
    pub fn extend_future(&mut self, more: &[Vec<f64>]) -> Result<(), SeriesError> {
        if more.len() != self.future.len() {
            let column = "known-future covariates".to_owned();
            return Err(SeriesError::Length {
                column,
                expected: self.future.len(),
                found: more.len(),
            });
        }
        for (covariate, more) in self.future.iter_mut().zip(more) {
            let mut values = covariate.values.clone();
            values.extend(more);
            check_column(&covariate.name, &self.times, &values, values.len())?;
            covariate.values = values;
        }
        Ok(())
    }

    /// Marks which values were filled in, and up to where the values and past covariates of every time reach that they
    /// were made from.
    pub(crate) fn with_filled(mut self, filled: Vec<bool>, mut reach: Vec<usize>) -> Self {
        for at in 1..reach.len() {
            reach[at] = reach[at].max(reach[at - 1]);
        }
        self.filled = filled;
        self.reach = reach;
        self
    }

    /// The name of the series among others.
    #[must_use]
    pub fn unique_id(&self) -> Option<&str> {
        self.unique_id.as_deref()
    }

    /// How many points there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The times, rising.
    #[must_use]
    pub fn times(&self) -> &[Time] {
        &self.times
    }

    /// The values, in the data's own unit.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The values rounded to `f32`, as kernels read them. Large values that differ little should be scaled first.
    #[must_use]
    pub fn to_f32(&self) -> Vec<f32> {
        self.values.iter().map(|&value| value as f32).collect()
    }

    /// Covariates that end where the series ends.
    #[must_use]
    pub fn past_covariates(&self) -> &[Covariate] {
        &self.past
    }

    /// Covariates that may go on past its end.
    #[must_use]
    pub fn future_covariates(&self) -> &[Covariate] {
        &self.future
    }

    /// Whether value `index` was filled in, not observed.
    #[must_use]
    pub fn is_filled(&self, index: usize) -> bool {
        self.filled.get(index).copied().unwrap_or(false)
    }

    /// Whether anything before the cutoff, the index of the first value that is not yet known there, was filled in from a
    /// value at or after it: a value between two others, one of the first season from the next one, or a past covariate.
    /// What was filled in before any other cutoff is what [`GappySeries::fill_until`](crate::GappySeries::fill_until)
    /// would have made of the values before it alone.
    #[must_use]
    pub fn sees_ahead(&self, cutoff: usize) -> bool {
        let last = cutoff.checked_sub(1).and_then(|last| self.reach.get(last));
        last.is_some_and(|reach| *reach >= cutoff)
    }
}

/// Checks that `values` are `length` finite numbers.
fn check_column(column: &str, times: &[Time], values: &[f64], length: usize) -> Result<(), SeriesError> {
    if values.len() != length {
        return Err(SeriesError::Length {
            column: column.to_owned(),
            expected: length,
            found: values.len(),
        });
    }
    let Some(index) = values.iter().position(|value| !value.is_finite()) else {
        return Ok(());
    };
    let time = times
        .get(index)
        .or(times.last())
        .copied()
        .unwrap_or(Time::Number(index as f64));
    Err(SeriesError::NotFinite {
        column: column.to_owned(),
        index,
        time,
        value: values[index],
    })
}
