//! Means and deviations of covariates that come series by series.

use recurra_evaluation::{FitError, History};
use recurra_series::StandardScaler;

use super::covariates::{CovariateScaling, ScaledColumn, gather};

/// Running moments of every covariate, by Welford's rule (1962): with the `n`-th value `x`, `mean ← mean + (x − mean)/n` and
/// `squares ← squares + (x − mean before)·(x − mean after)`; the deviation is `√(squares/n)`.
#[derive(Debug, Default)]
pub(super) struct CovariateMoments {
    past: Vec<Column>,
    future: Vec<Column>,
}

#[derive(Debug)]
struct Column {
    name: String,
    count: f64,
    mean: f64,
    squares: f64,
}

impl CovariateMoments {
    /// Moments of the covariates that `first` has, before any value.
    pub(super) fn of(first: &History<'_>) -> Result<Self, FitError> {
        let column = |(name, _): (&str, &[f64])| Column {
            name: name.to_owned(),
            count: 0.0,
            mean: 0.0,
            squares: 0.0,
        };
        Ok(Self {
            past: first.past_covariates().map(column).collect(),
            future: first.future_covariates(0)?.map(column).collect(),
        })
    }

    /// Whether there are no covariates.
    pub(super) fn is_empty(&self) -> bool {
        self.past.is_empty() && self.future.is_empty()
    }

    /// Adds the values of a series.
    pub(super) fn add(&mut self, series: &History<'_>) -> Result<(), FitError> {
        add(&mut self.past, series, &mut series.past_covariates())?;
        add(&mut self.future, series, &mut series.future_covariates(0)?)
    }

    /// The scaling that follows from them. What never changed is only moved to 0.
    pub(super) fn scaling(self) -> CovariateScaling {
        let scaled = |columns: Vec<Column>| {
            let scaled = columns.into_iter().map(|column| {
                let deviation = (column.squares / column.count.max(1.0)).sqrt();
                ScaledColumn {
                    name: column.name,
                    scaler: StandardScaler {
                        mean: column.mean,
                        deviation: if deviation > 0.0 { deviation } else { 1.0 },
                    },
                }
            });
            scaled.collect()
        };
        CovariateScaling {
            past: scaled(self.past),
            future: scaled(self.future),
        }
    }
}

fn add<'a>(
    columns: &mut [Column],
    series: &History<'_>,
    found: &mut dyn Iterator<Item = (&'a str, &'a [f64])>,
) -> Result<(), FitError> {
    let names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
    let mut values = vec![Vec::new(); names.len()];
    gather(&names, series, found, &mut values)?;
    for (column, values) in columns.iter_mut().zip(values) {
        for value in values {
            column.count += 1.0;
            let before = value - column.mean;
            column.mean += before / column.count;
            column.squares += before * (value - column.mean);
        }
    }
    Ok(())
}
