//! The Friedman test and Nemenyi's critical difference: many models over many data sets.

use super::normal;
use super::ranks::midranks;
use super::sample::check;
use crate::metrics::Undefined;
use serde::Serialize;
use statrs::distribution::{ChiSquared, ContinuousCDF, FisherSnedecor};

/// Whether models differ at all over several data sets (or series, or seeds), by their ranks.
///
/// It assumes that the data sets are independent of each other. It asks nothing of the values but their order within each data
/// set, so errors in different units may be compared.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct FriedmanTest {
    /// Models: `k`.
    pub models: usize,
    /// Data sets: `n`.
    pub units: usize,
    /// The mean rank of every model, in the order given; 1 for the lowest value, ties sharing theirs.
    pub mean_ranks: Vec<f64>,
    /// Friedman's `χ² = (12 n / (k (k + 1)) · (Σ R̄ⱼ² − k (k + 1)² / 4)) / c`, with `c` the correction for ties.
    #[serde(serialize_with = "super::digits::serialize")]
    pub chi_squared: f64,
    /// Its p-value, from the χ² distribution with `k − 1` degrees of freedom.
    #[serde(serialize_with = "super::digits::serialize")]
    pub p_value: f64,
    /// The p-value of Iman and Davenport's `F = (n − 1) χ² / (n (k − 1) − χ²)` with `k − 1` and `(k − 1)(n − 1)` degrees of
    /// freedom, which is less conservative.
    #[serde(serialize_with = "super::digits::serialize")]
    pub iman_davenport_p_value: f64,
}

/// Tests whether all models have the same distribution of ranks. `results` holds one value per unit for each model; low values
/// are good.
///
/// Friedman (1937), *Journal of the American Statistical Association* 32, 675–701; Iman & Davenport (1980), *Communications in
/// Statistics* A9, 571–595; for the use here Demšar (2006), *Journal of Machine Learning Research* 7, 1–30.
///
/// ```
/// use recurra_evaluation::statistics::friedman;
///
/// let test = friedman(&[&[1.0, 2.0, 1.5, 1.0], &[2.0, 3.0, 2.5, 1.5], &[3.0, 9.0, 3.5, 1.7]])?;
/// assert_eq!(test.mean_ranks, [1.0, 2.0, 3.0]);
/// assert_eq!(test.chi_squared, 8.0);
/// # Ok::<(), recurra_evaluation::metrics::Undefined>(())
/// ```
///
/// # Errors
/// If there are fewer than two models or two units, the models have different numbers of units, a value is NaN or infinite, or
/// all are ties.
pub fn friedman(results: &[&[f64]]) -> Result<FriedmanTest, Undefined> {
    let few = |found| Err(Undefined::TooFew { needed: 2, found });
    let Some(first) = results.first().filter(|_| results.len() > 1) else {
        return few(results.len());
    };
    for values in results {
        if values.len() != first.len() {
            return Err(Undefined::Lengths {
                left: first.len(),
                right: values.len(),
            });
        }
        check(values, 2)?;
    }
    let (models, units) = (results.len(), first.len());
    let (k, n) = (models as f64, units as f64);
    let mut sums = vec![0.0; models];
    let mut ties = 0.0;
    for unit in 0..units {
        let values: Vec<f64> = results.iter().map(|values| values[unit]).collect();
        let (ranks, tied) = midranks(&values);
        sums.iter_mut().zip(ranks).for_each(|(sum, rank)| *sum += rank);
        ties += tied;
    }
    let mean_ranks: Vec<f64> = sums.iter().map(|sum| sum / n).collect();
    let squares: f64 = mean_ranks.iter().map(|rank| rank * rank).sum();
    let correction = 1.0 - ties / (n * k * (k * k - 1.0));
    if correction <= 0.0 {
        return Err(Undefined::NoVariation { what: "values" });
    }
    let chi_squared = 12.0 * n / (k * (k + 1.0)) * (squares - k * (k + 1.0) * (k + 1.0) / 4.0) / correction;
    let upper_tail =
        |probability: Result<f64, _>| probability.map_err(|_: ()| Undefined::NoVariation { what: "ranks" });
    let p_value = upper_tail(ChiSquared::new(k - 1.0).map(|all| all.sf(chi_squared)).map_err(|_| ()))?;
    let rest = n * (k - 1.0) - chi_squared;
    // Ranks that are the same in every unit leave nothing over: F is infinite.
    let iman_davenport_p_value = if rest <= 1e-9 {
        0.0
    } else {
        let ratio = (n - 1.0) * chi_squared / rest;
        let all = FisherSnedecor::new(k - 1.0, (k - 1.0) * (n - 1.0));
        upper_tail(all.map(|all| all.sf(ratio)).map_err(|_| ()))?
    };
    Ok(FriedmanTest {
        models,
        units,
        mean_ranks,
        chi_squared,
        p_value,
        iman_davenport_p_value,
    })
}

/// Nemenyi's critical difference: two of `models` whose mean ranks over `units` are further apart differ, at the given
/// `confidence` for all pairs together: `q · √(k (k + 1) / (6 n))`, with `q` the quantile of the studentized range for `k` groups
/// and infinite degrees of freedom, over `√2`. Meant for after a Friedman test that rejects. With many models and few data sets
/// it is wide, and a difference that it does not reach is undecided, not absent.
///
/// Nemenyi (1963), *Distribution-free multiple comparisons*; Demšar (2006), *Journal of Machine Learning Research* 7, 1–30.
///
/// ```
/// use recurra_evaluation::statistics::nemenyi_critical_difference;
///
/// // Demšar's example: four classifiers on fourteen data sets.
/// let found = nemenyi_critical_difference(4, 14, 0.95)?;
/// assert!((found - 1.25).abs() < 0.005, "{found}");
/// # Ok::<(), recurra_evaluation::metrics::Undefined>(())
/// ```
///
/// # Errors
/// If there are fewer than two models or no units, or the confidence is not inside 0 and 1.
pub fn nemenyi_critical_difference(models: usize, units: usize, confidence: f64) -> Result<f64, Undefined> {
    if models < 2 || units == 0 {
        let (needed, found) = if models < 2 { (2, models) } else { (1, units) };
        return Err(Undefined::TooFew { needed, found });
    }
    if !(confidence > 0.0 && confidence < 1.0) {
        return Err(Undefined::Probability { value: confidence });
    }
    let (k, n) = (models as f64, units as f64);
    let range = studentized_range_quantile(confidence, models);
    Ok(range / std::f64::consts::SQRT_2 * (k * (k + 1.0) / (6.0 * n)).sqrt())
}

/// The range of `groups` standard normal values that is not exceeded with `probability`, by bisection.
fn studentized_range_quantile(probability: f64, groups: usize) -> f64 {
    let (mut low, mut high) = (0.0, 100.0);
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        if studentized_range(middle, groups) < probability {
            low = middle;
        } else {
            high = middle;
        }
    }
    (low + high) / 2.0
}

/// The probability that the range of `groups` standard normal values is at most `range`:
/// `k ∫ φ(z) (Φ(z) − Φ(z − range))ᵏ⁻¹ dz`, by Simpson's rule over −8 … 8, beyond which φ is below 10⁻¹⁴.
fn studentized_range(range: f64, groups: usize) -> f64 {
    const STEPS: usize = 2_000;
    const EDGE: f64 = 8.0;
    let width = 2.0 * EDGE / STEPS as f64;
    let value = |step: usize| {
        let z = -EDGE + width * step as f64;
        let density = libm::exp(-z * z / 2.0) / (2.0 * std::f64::consts::PI).sqrt();
        let inside = normal::cumulative(z) - normal::cumulative(z - range);
        density * libm::pow(inside, groups as f64 - 1.0)
    };
    let weighted = |step: usize| {
        let weight = match step {
            0 | STEPS => 1.0,
            step if step % 2 == 1 => 4.0,
            _ => 2.0,
        };
        weight * value(step)
    };
    groups as f64 * (0..=STEPS).map(weighted).sum::<f64>() * width / 3.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn undefined_cases_say_why() {
        let one: [f64; 3] = [1.0, 2.0, 3.0];
        assert_eq!(friedman(&[&one]), Err(Undefined::TooFew { needed: 2, found: 1 }));
        assert_eq!(
            friedman(&[&one, &one[..2]]),
            Err(Undefined::Lengths { left: 3, right: 2 })
        );
        assert_eq!(friedman(&[&one, &one]), Err(Undefined::NoVariation { what: "values" }));
        assert_eq!(
            friedman(&[&one, &[1.0, f64::NAN, 2.0]]),
            Err(Undefined::NotFinite { index: 1 })
        );
        assert!(nemenyi_critical_difference(1, 5, 0.95).is_err());
        assert!(nemenyi_critical_difference(3, 5, 1.0).is_err());
    }
}
