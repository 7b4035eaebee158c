//! Why a model could not be fitted or could not forecast.

/// What a network or another model outside this crate reports of its own.
pub type ModelError = Box<dyn std::error::Error + Send + Sync + 'static>;

/// What a message calls a series.
pub(crate) fn series(unique_id: &str) -> String {
    if unique_id.is_empty() {
        "the series".to_owned()
    } else {
        format!("series `{unique_id}`")
    }
}

/// A covariate column that ends too early.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "covariate `{column}` of {} has {found} values, but {needed} are needed",
    series(unique_id)
)]
pub struct CovariateError {
    /// The series.
    pub unique_id: String,
    /// The column.
    pub column: String,
    /// Values that the history (and the horizon) ask for, counted from the series' first step.
    pub needed: usize,
    /// Values that there are.
    pub found: usize,
}

/// Why a model could not be fitted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FitError {
    /// The training set holds no series.
    #[error("{model}: the training set holds no series")]
    NoSeries {
        /// The model's name.
        model: String,
    },
    /// A series has too few values.
    #[error(
        "{model}: {} has {found} values, but fitting needs at least {needed}",
        series(unique_id)
    )]
    TooShort {
        /// The model's name.
        model: String,
        /// The series.
        unique_id: String,
        /// Values that fitting needs.
        needed: usize,
        /// Values that there are.
        found: usize,
    },
    /// A value is NaN or infinite.
    #[error(
        "{model}: value {index} of {} is not a finite number; fill or drop it first",
        series(unique_id)
    )]
    NotFinite {
        /// The model's name.
        model: String,
        /// The series.
        unique_id: String,
        /// The time step, counted from the series' first.
        index: usize,
    },
    /// A setting of the model makes no sense.
    #[error("{model}: {parameter} is {value}, but must be {expected}")]
    Parameter {
        /// The model's name.
        model: String,
        /// The setting.
        parameter: &'static str,
        /// What it is set to.
        value: String,
        /// What it may be.
        expected: String,
    },
    /// The least-squares problem has no unique solution.
    #[error("{model}: the least-squares problem has no unique solution; use a penalty above zero")]
    Singular {
        /// The model's name.
        model: String,
    },
    /// A covariate does not cover the training part.
    #[error(transparent)]
    Covariate(#[from] CovariateError),
    /// The model's own error, for example of a training that diverged.
    #[error("{model}: {source}")]
    Model {
        /// The model's name.
        model: String,
        /// What went wrong.
        source: ModelError,
    },
}

/// Why a fitted model could not forecast.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ForecastError {
    /// The history has too few values.
    #[error(
        "{model}: the history of {} has {found} values, but a forecast needs at least {needed}",
        series(unique_id)
    )]
    TooShort {
        /// The model's name.
        model: String,
        /// The series.
        unique_id: String,
        /// Values that a forecast needs.
        needed: usize,
        /// Values that there are.
        found: usize,
    },
    /// A value is NaN or infinite.
    #[error(
        "{model}: value {index} of {} is not a finite number; fill or drop it first",
        series(unique_id)
    )]
    NotFinite {
        /// The model's name.
        model: String,
        /// The series.
        unique_id: String,
        /// The time step, counted from the series' first.
        index: usize,
    },
    /// The horizon is longer than the model can go.
    #[error("{model}: forecasts at most {most} steps ahead, but {asked} are asked for")]
    Horizon {
        /// The model's name.
        model: String,
        /// The most that it can do.
        most: usize,
        /// What was asked for.
        asked: usize,
    },
    /// The model gives no quantiles.
    #[error("{model}: gives point forecasts only; use conformal intervals instead of quantiles")]
    NoQuantiles {
        /// The model's name.
        model: String,
    },
    /// The model forecasts quantiles, but not this one.
    #[error("{model}: forecasts the quantiles {known:?} and no {asked}; fit it for the intervals that are asked for")]
    Quantile {
        /// The model's name.
        model: String,
        /// The probability that was asked for.
        asked: f64,
        /// The probabilities that it forecasts.
        known: Vec<f64>,
    },
    /// A covariate does not cover the history and the horizon.
    #[error(transparent)]
    Covariate(#[from] CovariateError),
    /// The model's own error.
    #[error("{model}: {source}")]
    Model {
        /// The model's name.
        model: String,
        /// What went wrong.
        source: ModelError,
    },
}
