//! Fitted models that learn nothing: a rule over the history.

use super::checks;
use crate::error::{FitError, ForecastError};
use crate::forecaster::FittedForecaster;
use crate::history::{History, Training};

/// A rule `(values, horizon) -> forecast` that needs a number of values and nothing else.
pub(super) struct Stateless<R> {
    name: &'static str,
    needed: usize,
    rule: R,
}

impl<R> Stateless<R>
where
    R: Fn(&[f64], usize) -> Vec<f64> + Send + Sync + 'static,
{
    /// Checks the training set and boxes the rule.
    pub(super) fn fit(
        name: &'static str,
        training: &Training<'_>,
        needed: usize,
        rule: R,
    ) -> Result<Box<dyn FittedForecaster>, FitError> {
        checks::training(name, training, 1)?;
        Ok(Box::new(Self { name, needed, rule }))
    }
}

impl<R> FittedForecaster for Stateless<R>
where
    R: Fn(&[f64], usize) -> Vec<f64> + Send + Sync,
{
    fn name(&self) -> &str {
        self.name
    }

    fn forecast(&self, history: &History<'_>, horizon: usize) -> Result<Vec<f64>, ForecastError> {
        checks::history(self.name, history, self.needed)?;
        Ok((self.rule)(history.values(), horizon))
    }
}

impl<R> std::fmt::Debug for Stateless<R> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct(self.name)
            .field("needed", &self.needed)
            .finish_non_exhaustive()
    }
}
