//! The quantiles that a network forecasts at once.

use serde::{Deserialize, Serialize};

/// The most quantiles that one network forecasts.
const MOST: usize = 16;

/// The probabilities of the quantiles that a network forecasts for every step, rising, each inside 0 and 1: from 1 to 16 of
/// them. The outputs of such a network come in groups, one group for each step, in it one output for each quantile.
///
/// ```
/// use recurra_training::Quantiles;
///
/// // The bounds of central intervals of 80 % and 95 %, and the median.
/// let quantiles = Quantiles::new(&[0.025, 0.1, 0.5, 0.9, 0.975])?;
/// assert_eq!(quantiles.probabilities().len(), 5);
/// assert!(Quantiles::new(&[0.9, 0.1]).is_err());
/// # Ok::<(), recurra_training::QuantilesError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Vec<f64>", into = "Vec<f64>")]
pub struct Quantiles {
    /// Zero behind the last one.
    probabilities: [f64; MOST],
    count: usize,
}

/// Probabilities of which no network can forecast the quantiles.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("the quantiles {found:?} are not from 1 to {MOST} rising numbers inside 0 and 1")]
pub struct QuantilesError {
    /// What was given.
    pub found: Vec<f64>,
}

impl Quantiles {
    /// The quantiles at `probabilities`.
    ///
    /// # Errors
    /// If there are none or more than 16, if they do not rise, or one is not inside 0 and 1.
    pub fn new(probabilities: &[f64]) -> Result<Self, QuantilesError> {
        let inside = probabilities
            .iter()
            .all(|probability| *probability > 0.0 && *probability < 1.0);
        let rising = probabilities.windows(2).all(|pair| pair[0] < pair[1]);
        if !(inside && rising && (1..=MOST).contains(&probabilities.len())) {
            return Err(QuantilesError {
                found: probabilities.to_vec(),
            });
        }
        let mut all = [0.0; MOST];
        all[..probabilities.len()].copy_from_slice(probabilities);
        Ok(Self {
            probabilities: all,
            count: probabilities.len(),
        })
    }

    /// The probabilities, rising.
    #[must_use]
    pub fn probabilities(&self) -> &[f64] {
        &self.probabilities[..self.count]
    }

    /// How many there are: at least one.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "there is always one")]
    pub fn len(&self) -> usize {
        self.count
    }

    /// The probability of output `index` of a batch, whose outputs come in groups as long as the quantiles.
    pub(crate) fn of_output(&self, index: usize) -> f64 {
        self.probabilities[index % self.count]
    }
}

impl TryFrom<Vec<f64>> for Quantiles {
    type Error = QuantilesError;

    fn try_from(probabilities: Vec<f64>) -> Result<Self, QuantilesError> {
        Self::new(&probabilities)
    }
}

impl From<Quantiles> for Vec<f64> {
    fn from(quantiles: Quantiles) -> Self {
        quantiles.probabilities().to_vec()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn they_go_through_json_and_what_is_none_is_refused() {
        let quantiles = Quantiles::new(&[0.1, 0.5]).unwrap();
        let text = serde_json::to_string(&quantiles).unwrap();
        assert_eq!(text, "[0.1,0.5]");
        assert_eq!(serde_json::from_str::<Quantiles>(&text).unwrap(), quantiles);
        for wrong in ["[]", "[0.5,0.5]", "[0.0]", "[1.0]", "[0.5,0.1]"] {
            assert!(serde_json::from_str::<Quantiles>(wrong).is_err(), "{wrong}");
        }
        assert!(Quantiles::new(&[f64::NAN]).is_err());
        let many: Vec<f64> = (1..=MOST + 1).map(|step| step as f64 / 100.0).collect();
        assert!(Quantiles::new(&many).is_err() && Quantiles::new(&many[1..]).is_ok());
    }
}
