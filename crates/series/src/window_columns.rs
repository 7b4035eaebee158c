//! The columns that a model sees at every step of a window: the series itself, then its covariates.

use crate::WindowError;

/// What a model sees, step by step: column 0 is the series, then come past covariates, then known-future covariates.
/// Nothing is copied.
///
/// A past covariate (a measured temperature) stands beside the value of the same time. A known-future covariate (a
/// holiday, the day of the week) is known for the forecast times too, so it stands `horizon` steps early: the last
/// `horizon` steps of a window hold its values at the times to be forecast.
#[derive(Clone, Debug)]
pub struct WindowColumns<'a> {
    values: &'a [f32],
    past: Vec<&'a [f32]>,
    future: Vec<&'a [f32]>,
}

impl<'a> WindowColumns<'a> {
    /// The series alone.
    #[must_use]
    pub fn new(values: &'a [f32]) -> Self {
        Self {
            values,
            past: Vec::new(),
            future: Vec::new(),
        }
    }

    /// Adds a past covariate: one number for every value of the series.
    ///
    /// # Errors
    /// If it has another length than the series.
    pub fn with_past(mut self, covariate: &'a [f32]) -> Result<Self, WindowError> {
        if covariate.len() != self.values.len() {
            return Err(WindowError::CovariateLength {
                needed: self.values.len(),
                found: covariate.len(),
            });
        }
        self.past.push(covariate);
        Ok(self)
    }

    /// Adds a known-future covariate: one number for every value of the series, and as many more as are known.
    ///
    /// # Errors
    /// If it is shorter than the series.
    pub fn with_future(mut self, covariate: &'a [f32]) -> Result<Self, WindowError> {
        if covariate.len() < self.values.len() {
            return Err(WindowError::CovariateLength {
                needed: self.values.len(),
                found: covariate.len(),
            });
        }
        self.future.push(covariate);
        Ok(self)
    }

    /// The series.
    #[must_use]
    pub fn values(&self) -> &'a [f32] {
        self.values
    }

    /// Numbers per step.
    #[must_use]
    pub fn count(&self) -> usize {
        1 + self.past.len() + self.future.len()
    }

    /// Whether there are known-future covariates.
    #[must_use]
    pub fn has_future(&self) -> bool {
        !self.future.is_empty()
    }

    /// Writes the window that starts at `start` for a forecast of `horizon` steps: `input` is `[steps, count]`. At the
    /// end of the series this is the input of a true forecast; known-future covariates must then reach `horizon` steps
    /// past the series' end.
    ///
    /// # Panics
    /// If the window passes the end of the series or of a covariate, or `input`'s length is no multiple of
    /// [`WindowColumns::count`].
    pub fn write(&self, start: usize, horizon: usize, input: &mut [f32]) {
        let count = self.count();
        assert!(
            input.len().is_multiple_of(count),
            "{} numbers do not make whole steps of {count}",
            input.len()
        );
        let steps = input.len() / count;
        if count == 1 {
            input.copy_from_slice(&self.values[start..start + steps]);
            return;
        }
        let past = std::iter::once(&self.values)
            .chain(&self.past)
            .map(|column| &column[start..start + steps]);
        let ahead = start + horizon;
        let future = self.future.iter().map(|column| &column[ahead..ahead + steps]);
        for (at, column) in past.chain(future).enumerate() {
            for (place, &value) in input[at..].iter_mut().step_by(count).zip(column) {
                *place = value;
            }
        }
    }
}
