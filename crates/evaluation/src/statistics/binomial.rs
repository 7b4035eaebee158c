//! How sure a share is.

use super::bootstrap::Interval;
use crate::metrics::Undefined;
use statrs::distribution::{Beta, ContinuousCDF};

/// The Clopper–Pearson interval of a share of `successes` among `trials` independent trials. It is exact, so it covers
/// the true share at least as often as `confidence` says. Clopper & Pearson (1934), *Biometrika* 26, 404–413.
///
/// # Errors
/// If there are no trials, more successes than trials, or the confidence is not inside 0 and 1.
pub fn proportion_interval(successes: usize, trials: usize, confidence: f64) -> Result<Interval, Undefined> {
    if trials == 0 {
        return Err(Undefined::NoPoints);
    }
    if successes > trials {
        return Err(Undefined::Lengths {
            left: successes,
            right: trials,
        });
    }
    if !(confidence > 0.0 && confidence < 1.0) {
        return Err(Undefined::Probability { value: confidence });
    }
    let tail = (1.0 - confidence) / 2.0;
    let (hits, misses) = (successes as f64, (trials - successes) as f64);
    let beta = |first: f64, second: f64, probability: f64| {
        let distribution = Beta::new(first, second).map_err(|_| Undefined::NoPoints)?;
        Ok(distribution.inverse_cdf(probability))
    };
    let lower = if successes == 0 {
        0.0
    } else {
        beta(hits, misses + 1.0, tail)?
    };
    let upper = if successes == trials {
        1.0
    } else {
        beta(hits + 1.0, misses, 1.0 - tail)?
    };
    Ok(Interval { lower, upper })
}
