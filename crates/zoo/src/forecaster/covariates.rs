//! Covariates as a network sees them: standardised, each column over all series together.

use recurra_evaluation::{CovariateError, FitError, History, Training};
use recurra_series::{ScaleError, StandardScaler};
use serde::{Deserialize, Serialize};

use super::error::NetworkError;

/// One covariate column and its scaling, fitted on the training part of all series together, so that a price means the
/// same in every series.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScaledColumn {
    /// The column's name.
    pub name: String,
    /// Its scaling.
    pub scaler: StandardScaler,
}

/// The covariates of a model, in the order in which its network reads them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CovariateScaling {
    /// Known up to the cutoff only.
    pub past: Vec<ScaledColumn>,
    /// Known beyond the cutoff.
    pub future: Vec<ScaledColumn>,
}

impl CovariateScaling {
    /// Fits one scaler a column on all series of the training set.
    pub(super) fn fit(model: &str, training: &Training<'_>) -> Result<Self, FitError> {
        let first = training.series.first().ok_or_else(|| FitError::NoSeries {
            model: model.to_owned(),
        })?;
        let names = |columns: &mut dyn Iterator<Item = (&str, &[f64])>| -> Vec<String> {
            columns.map(|(name, _)| name.to_owned()).collect()
        };
        let past_names = names(&mut first.past_covariates());
        let future_names = names(&mut first.future_covariates(0)?);
        let mut past = vec![Vec::new(); past_names.len()];
        let mut future = vec![Vec::new(); future_names.len()];
        for series in training.series {
            gather(&past_names, series, &mut series.past_covariates(), &mut past)?;
            gather(&future_names, series, &mut series.future_covariates(0)?, &mut future)?;
        }
        let scaled = |names: Vec<String>, columns: Vec<Vec<f64>>| {
            names
                .into_iter()
                .zip(columns)
                .map(|(name, values)| {
                    let scaler = StandardScaler::fit(&values).map_err(|source| FitError::Model {
                        model: model.to_owned(),
                        source: Box::new(NetworkError::Covariate {
                            column: name.clone(),
                            source,
                        }),
                    })?;
                    Ok(ScaledColumn { name, scaler })
                })
                .collect::<Result<Vec<_>, FitError>>()
        };
        Ok(Self {
            past: scaled(past_names, past)?,
            future: scaled(future_names, future)?,
        })
    }

    /// Values per step of a window: the series itself, then the covariates.
    #[must_use]
    pub fn columns(&self) -> usize {
        1 + self.past.len() + self.future.len()
    }
}

/// Appends the values of the columns `names` of a series to `into`.
pub(super) fn gather<'a>(
    names: &[String],
    series: &History<'_>,
    found: &mut dyn Iterator<Item = (&'a str, &'a [f64])>,
    into: &mut [Vec<f64>],
) -> Result<(), CovariateError> {
    let found: Vec<_> = found.collect();
    for (name, values) in names.iter().zip(into) {
        values.extend(find(name, series, &found, series.len())?);
    }
    Ok(())
}

/// The values of the column `name` among those that the history has.
fn find<'a>(
    name: &str,
    series: &History<'_>,
    found: &[(&'a str, &'a [f64])],
    needed: usize,
) -> Result<&'a [f64], CovariateError> {
    let column = found.iter().find(|(other, _)| *other == name);
    column.map(|(_, values)| *values).ok_or_else(|| CovariateError {
        unique_id: series.unique_id().to_owned(),
        column: name.to_owned(),
        needed,
        found: 0,
    })
}

/// The scaled columns `columns` of a history, without their first `skip` values.
pub(super) fn scale<'a>(
    columns: &[ScaledColumn],
    history: &History<'_>,
    found: impl Iterator<Item = (&'a str, &'a [f64])>,
    skip: usize,
) -> Result<Vec<Vec<f32>>, ScaleProblem> {
    let found: Vec<_> = found.collect();
    columns
        .iter()
        .map(|ScaledColumn { name, scaler }| {
            let values = find(name, history, &found, history.len())?;
            if let Some(index) = values.iter().position(|value| !value.is_finite()) {
                let source = ScaleError::NotFinite {
                    index: history.first_index() + index,
                    value: values[index],
                };
                return Err(NetworkError::Covariate {
                    column: name.clone(),
                    source,
                }
                .into());
            }
            Ok(scaler.transform(values.get(skip..).unwrap_or_default()))
        })
        .collect()
}

/// Why a covariate cannot be read.
#[derive(Debug)]
pub(super) enum ScaleProblem {
    Missing(CovariateError),
    Unusable(NetworkError),
}

impl From<CovariateError> for ScaleProblem {
    fn from(error: CovariateError) -> Self {
        Self::Missing(error)
    }
}

impl From<NetworkError> for ScaleProblem {
    fn from(error: NetworkError) -> Self {
        Self::Unusable(error)
    }
}
