//! What every statistic asks of its sample, and what every test returns.

use crate::metrics::Undefined;
use serde::Serialize;

/// How a p-value was computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Method {
    /// From the exact distribution under the null hypothesis.
    Exact,
    /// From the normal distribution that it approaches.
    Asymptotic,
}

/// The result of a two-sided test.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Test {
    /// The test's statistic.
    #[serde(serialize_with = "super::digits::serialize")]
    pub statistic: f64,
    /// The probability, under the null hypothesis, of a statistic at least as far out.
    #[serde(serialize_with = "super::digits::serialize")]
    pub p_value: f64,
    /// How the p-value was computed.
    pub method: Method,
}

/// The sample has at least `needed` values, all finite.
pub(crate) fn check(sample: &[f64], needed: usize) -> Result<(), Undefined> {
    if sample.len() < needed {
        return Err(Undefined::TooFew {
            needed,
            found: sample.len(),
        });
    }
    match sample.iter().position(|value| !value.is_finite()) {
        Some(index) => Err(Undefined::NotFinite { index }),
        None => Ok(()),
    }
}

/// The differences `left − right` of two samples of one length.
pub(crate) fn differences(left: &[f64], right: &[f64]) -> Result<Vec<f64>, Undefined> {
    if left.len() != right.len() {
        return Err(Undefined::Lengths {
            left: left.len(),
            right: right.len(),
        });
    }
    let differences: Vec<f64> = left.iter().zip(right).map(|(left, right)| left - right).collect();
    check(&differences, 1)?;
    Ok(differences)
}
