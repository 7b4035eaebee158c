//! Losses as recipes have them.

use serde::Deserialize;

use crate::loss::Loss;
use crate::quantiles::Quantiles;

/// A [`Loss`] as it is written. An option that a loss does not have is an error; serde overlooks one beside a variant without braces.
#[derive(Deserialize)]
#[serde(tag = "name", rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) enum WrittenLoss {
    MeanSquaredError {},
    MeanAbsoluteError {},
    Huber {
        #[serde(default = "one")]
        delta: f64,
    },
    LogCosh {},
    Quantile {
        quantile: f64,
    },
    Quantiles {
        quantiles: Quantiles,
    },
    MeanAbsolutePercentageError {},
}

fn one() -> f64 {
    1.0
}

impl From<WrittenLoss> for Loss {
    fn from(written: WrittenLoss) -> Self {
        match written {
            WrittenLoss::MeanSquaredError {} => Self::MeanSquaredError,
            WrittenLoss::MeanAbsoluteError {} => Self::MeanAbsoluteError,
            WrittenLoss::Huber { delta } => Self::Huber { delta },
            WrittenLoss::LogCosh {} => Self::LogCosh,
            WrittenLoss::Quantile { quantile } => Self::Quantile { quantile },
            WrittenLoss::Quantiles { quantiles } => Self::Quantiles { quantiles },
            WrittenLoss::MeanAbsolutePercentageError {} => Self::MeanAbsolutePercentageError,
        }
    }
}
