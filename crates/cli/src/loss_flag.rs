//! `--loss`: what a training minimises, quantiles for prediction intervals among it.

use std::fmt;
use std::str::FromStr;

use recurra_evaluation::metrics::Level;
use recurra_training::{Loss, Quantiles};

use crate::failure::Failure;

/// What `--loss` asks for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum LossFlag {
    /// A loss of point forecasts.
    Points(Loss),
    /// Quantiles: the median, and the bounds of central intervals at these levels; none given means those that the command
    /// wants.
    Quantiles(Vec<Level>),
}

/// Intervals of a quantile head where nothing says which.
pub(crate) const USUAL_LEVELS: [Level; 2] = [Level::EIGHTY, Level::NINETY_FIVE];

impl FromStr for LossFlag {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let points = match text {
            "mse" => Loss::MeanSquaredError,
            "mae" => Loss::MeanAbsoluteError,
            "huber" => Loss::Huber { delta: 1.0 },
            "log-cosh" => Loss::LogCosh,
            "quantile" => return Ok(Self::Quantiles(Vec::new())),
            _ => match text.strip_prefix("quantile:") {
                Some(levels) => {
                    let levels = levels.split(',').map(str::parse).collect::<Result<Vec<Level>, _>>();
                    return levels.map(Self::Quantiles).map_err(|error| error.to_string());
                }
                None => return Err("there are mse, mae, huber, log-cosh and quantile".to_owned()),
            },
        };
        Ok(Self::Points(points))
    }
}

impl fmt::Display for LossFlag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Points(Loss::MeanSquaredError) => "mse",
            Self::Points(Loss::MeanAbsoluteError) => "mae",
            Self::Points(Loss::LogCosh) => "log-cosh",
            Self::Points(_) => "huber",
            Self::Quantiles(levels) => {
                let levels: Vec<String> = levels.iter().map(ToString::to_string).collect();
                let sign = if levels.is_empty() { "" } else { ":" };
                return write!(f, "quantile{sign}{}", levels.join(","));
            }
        })
    }
}

impl LossFlag {
    /// The loss, for a command that wants intervals at `wanted` levels (80 % and 95 % if it wants none).
    pub(crate) fn loss(&self, wanted: &[Level]) -> Result<Loss, Failure> {
        let given = match self {
            Self::Points(loss) => return Ok(*loss),
            Self::Quantiles(levels) => levels.as_slice(),
        };
        if let Some(missing) = wanted.iter().find(|level| !given.is_empty() && !given.contains(level)) {
            return Err(Failure::Input(format!(
                "--interval {missing}: --loss {self} forecasts no such interval; leave its levels out, and it forecasts those \
                 of --interval"
            )));
        }
        let levels = [given, wanted, USUAL_LEVELS.as_slice()];
        let levels = levels.into_iter().find(|levels| !levels.is_empty()).unwrap_or_default();
        let mut probabilities = vec![0.5];
        for level in levels {
            probabilities.extend(<[f64; 2]>::from(level.probabilities()));
        }
        probabilities.sort_by(f64::total_cmp);
        probabilities.dedup();
        let quantiles = Quantiles::new(&probabilities).map_err(Failure::input)?;
        Ok(Loss::Quantiles { quantiles })
    }

    /// Whether quantiles are forecast.
    pub(crate) fn is_quantiles(&self) -> bool {
        matches!(self, Self::Quantiles(_))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn probabilities(flag: &str, wanted: &[Level]) -> Vec<f64> {
        match flag.parse::<LossFlag>().unwrap().loss(wanted).unwrap() {
            Loss::Quantiles { quantiles } => quantiles.probabilities().to_vec(),
            loss => panic!("{loss:?}"),
        }
    }

    #[test]
    fn quantiles_are_the_bounds_of_the_intervals_and_the_median() {
        assert_eq!(probabilities("quantile", &[]), [0.025, 0.1, 0.5, 0.9, 0.975]);
        assert_eq!(probabilities("quantile", &[Level::EIGHTY]), [0.1, 0.5, 0.9]);
        assert_eq!(probabilities("quantile:80,80", &[Level::EIGHTY]), [0.1, 0.5, 0.9]);
    }

    #[test]
    fn what_is_written_is_what_was_read() {
        for text in ["mse", "mae", "huber", "log-cosh", "quantile", "quantile:50,90"] {
            assert_eq!(text.parse::<LossFlag>().unwrap().to_string(), text);
        }
        assert!("quantile:100".parse::<LossFlag>().is_err());
        let missing = "quantile:50".parse::<LossFlag>().unwrap().loss(&[Level::EIGHTY]);
        assert!(missing.is_err());
    }
}
