//! The Diebold–Mariano test.

use super::sample::{Method, Test, differences};
use crate::metrics::Undefined;
use crate::sums::{dot, mean};
use statrs::distribution::{ContinuousCDF, StudentsT};

/// Tests whether two models have the same expected loss, from their losses at successive cutoffs of one series, two-sided.
///
/// With `d` the `n` loss differences `left − right` and `h` the overlap (how many successive losses share a value that was
/// forecast: the horizon, for cutoffs one step apart; 1 for horizons that do not overlap),
///
/// `DM = d̄ / √((γ₀ + 2 Σ γₖ, 0 < k < h) / n)`, times `√((n + 1 − 2h + h(h − 1)/n) / n)`,
///
/// where `γₖ` is the autocovariance of `d` at lag `k`; the p-value is from Student's t with `n − 1` degrees of freedom.
///
/// It assumes that the differences have one mean and one variance over time, that they are uncorrelated beyond the
/// overlap, and that the forecasts were given: a model that was fitted again at every cutoff, or one that contains the
/// other, breaks the theory (a refitted model is nearer to it with a sliding window). A p-value says nothing of how large
/// the difference is: read it beside the interval.
///
/// Diebold & Mariano (1995), *Journal of Business & Economic Statistics* 13, 253–263; the factor is that of Harvey,
/// Leybourne & Newbold (1997), *International Journal of Forecasting* 13, 281–291.
///
/// # Errors
/// If the losses differ in number, hold a value that is not finite, are not more than the overlap, never differ, or have
/// an estimated variance that is not positive, as happens for long overlaps.
pub fn diebold_mariano(left: &[f64], right: &[f64], overlap: usize) -> Result<Test, Undefined> {
    let differences = differences(left, right)?;
    let overlap = overlap.max(1);
    let needed = overlap.max(2).saturating_add(1);
    if differences.len() < needed {
        return Err(Undefined::TooFew {
            needed,
            found: differences.len(),
        });
    }
    if differences.iter().all(|difference| *difference == differences[0]) {
        return Err(Undefined::NoVariation {
            what: "loss differences",
        });
    }
    let (count, steps) = (differences.len() as f64, overlap as f64);
    let centre = mean(&differences);
    let centred: Vec<f64> = differences.iter().map(|difference| difference - centre).collect();
    let covariance = |lag: usize| dot(&centred[lag..], &centred) / count;
    let long_run = covariance(0) + 2.0 * (1..overlap).map(covariance).sum::<f64>();
    let correction = (count + 1.0 - 2.0 * steps + steps * (steps - 1.0) / count) / count;
    if long_run <= 0.0 || correction <= 0.0 {
        return Err(Undefined::NegativeVariance);
    }
    let statistic = centre / (long_run / count).sqrt() * correction.sqrt();
    let distribution = StudentsT::new(0.0, 1.0, count - 1.0).map_err(|_| Undefined::TooFew {
        needed,
        found: differences.len(),
    })?;
    let p_value = 2.0 * distribution.cdf(-statistic.abs());
    Ok(Test {
        statistic,
        p_value,
        method: Method::Asymptotic,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn undefined_cases_say_why() {
        let zeros = [0.0; 4];
        assert_eq!(
            diebold_mariano(&zeros, &zeros, 1),
            Err(Undefined::NoVariation {
                what: "loss differences"
            })
        );
        assert_eq!(
            diebold_mariano(&zeros[..2], &zeros[..2], 1),
            Err(Undefined::TooFew { needed: 3, found: 2 })
        );
        let alternating = [1.0, -1.0, 1.0, -1.0, 1.0, -1.0];
        assert_eq!(
            diebold_mariano(&alternating, &[0.0; 6], 2),
            Err(Undefined::NegativeVariance)
        );
    }
}
