//! Scalers: fitted on the training part, applied to everything, inverted on the forecast.

use serde::{Deserialize, Serialize};

/// Why a scaler could not be fitted.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ScaleError {
    /// No values.
    #[error("there are no values to fit a scaler on")]
    Empty,
    /// A value that is not a finite number.
    #[error("value {index} (from 0) is {value}; a scaler needs finite numbers")]
    NotFinite {
        /// Where it stands.
        index: usize,
        /// What it is.
        value: f64,
    },
    /// Values so large, or so close to each other, that their spread is no finite number above 0.
    #[error("the spread of the values comes to {width}, which cannot be scaled by; give the data in another unit")]
    Range {
        /// What the spread comes to.
        width: f64,
    },
    /// A value without a logarithm.
    #[error(
        "value {index} (from 0) is {value}; a log scale needs values above 0: shift the data or choose another scale"
    )]
    NotPositive {
        /// Where it stands.
        index: usize,
        /// What it is.
        value: f64,
    },
}

/// `(x - mean) / deviation`, with the training part's mean and population standard deviation (as scikit-learn's and Keras'
/// standardisation). Sums go in index order in `f64`. The deviation of a constant series counts as 1, so that it is
/// mapped to zeros and inverts.
///
/// ```
/// use recurra_series::StandardScaler;
///
/// let scaler = StandardScaler::fit(&[1.0_f32, 3.0])?;
/// assert_eq!(scaler.transform(&[1.0_f32, 3.0, 4.0]), [-1.0, 1.0, 2.0]);
/// assert_eq!(scaler.invert(&[2.0]), [4.0]);
/// # Ok::<(), recurra_series::ScaleError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct StandardScaler {
    /// The mean of the training part.
    pub mean: f64,
    /// Its population standard deviation; 1 if it is constant.
    pub deviation: f64,
}

impl StandardScaler {
    /// Fits mean and deviation on `values`, the training part alone.
    ///
    /// # Errors
    /// If there are no values, or one is not finite.
    pub fn fit<T: Copy + Into<f64>>(values: &[T]) -> Result<Self, ScaleError> {
        check_finite(values)?;
        if let Some(value) = constant(values) {
            return Ok(Self {
                mean: value,
                deviation: 1.0,
            });
        }
        let count = values.len() as f64;
        let mean = values.iter().map(|&value| value.into()).sum::<f64>() / count;
        let squares = values
            .iter()
            .map(|&value| (value.into() - mean) * (value.into() - mean))
            .sum::<f64>();
        Ok(Self {
            mean,
            deviation: usable((squares / count).sqrt())?,
        })
    }

    /// `x` scaled.
    #[must_use]
    pub fn transform_value(&self, x: f64) -> f64 {
        (x - self.mean) / self.deviation
    }

    /// The value whose scaled form is `y`.
    #[must_use]
    pub fn invert_value(&self, y: f64) -> f64 {
        y * self.deviation + self.mean
    }
}

/// `(x - minimum) / width`: the training part's minimum becomes 0 and its maximum 1. The width of a constant series
/// counts as 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct MinMaxScaler {
    /// The minimum of the training part.
    pub minimum: f64,
    /// Its maximum minus its minimum; 1 if it is constant.
    pub width: f64,
}

impl MinMaxScaler {
    /// Fits minimum and maximum on `values`, the training part alone.
    ///
    /// # Errors
    /// If there are no values, or one is not finite.
    pub fn fit<T: Copy + Into<f64>>(values: &[T]) -> Result<Self, ScaleError> {
        check_finite(values)?;
        if let Some(value) = constant(values) {
            return Ok(Self {
                minimum: value,
                width: 1.0,
            });
        }
        let (low, high) = values
            .iter()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &value| {
                (low.min(value.into()), high.max(value.into()))
            });
        Ok(Self {
            minimum: low,
            width: usable(high - low)?,
        })
    }

    /// `x` scaled.
    #[must_use]
    pub fn transform_value(&self, x: f64) -> f64 {
        (x - self.minimum) / self.width
    }

    /// The value whose scaled form is `y`.
    #[must_use]
    pub fn invert_value(&self, y: f64) -> f64 {
        y * self.width + self.minimum
    }
}

/// The natural logarithm, then a [`StandardScaler`] on the logarithms. For series above zero whose swings grow with their
/// level.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LogScaler {
    /// The scaler of the logarithms.
    pub logarithms: StandardScaler,
}

impl LogScaler {
    /// Fits mean and deviation of the logarithms of `values`, the training part alone.
    ///
    /// # Errors
    /// If there are no values, or one is not finite or not above 0.
    pub fn fit<T: Copy + Into<f64>>(values: &[T]) -> Result<Self, ScaleError> {
        check_finite(values)?;
        Self::check(values)?;
        let logarithms: Vec<f64> = values.iter().map(|&value| libm::log(value.into())).collect();
        Ok(Self {
            logarithms: StandardScaler::fit(&logarithms)?,
        })
    }

    /// Checks that every value has a logarithm: data to be transformed after the fit may hold a zero that the training
    /// part did not.
    ///
    /// # Errors
    /// If a value is not above 0.
    pub fn check<T: Copy + Into<f64>>(values: &[T]) -> Result<(), ScaleError> {
        let found = values
            .iter()
            .map(|&value| value.into())
            .enumerate()
            .find(|&(_, value): &(usize, f64)| value <= 0.0);
        found.map_or(Ok(()), |(index, value)| Err(ScaleError::NotPositive { index, value }))
    }

    /// `x` scaled; not a number if `x` is below 0.
    #[must_use]
    pub fn transform_value(&self, x: f64) -> f64 {
        self.logarithms.transform_value(libm::log(x))
    }

    /// The value whose scaled form is `y`.
    #[must_use]
    pub fn invert_value(&self, y: f64) -> f64 {
        libm::exp(self.logarithms.invert_value(y))
    }
}

/// Gives a scaler its methods over slices: arithmetic in `f64`, results in `f32`.
macro_rules! slices {
    ($($scaler:ty),+) => {$(
        impl $scaler {
            /// Scales `values`, computed in `f64` and rounded to `f32` once.
            #[must_use]
            pub fn transform<T: Copy + Into<f64>>(&self, values: &[T]) -> Vec<f32> {
                values.iter().map(|&value| self.transform_value(value.into()) as f32).collect()
            }

            /// Undoes the scaling of `values`, computed in `f64` and rounded to `f32` once.
            #[must_use]
            pub fn invert(&self, values: &[f32]) -> Vec<f32> {
                values.iter().map(|&value| self.invert_value(f64::from(value)) as f32).collect()
            }
        }
    )+};
}
slices!(StandardScaler, MinMaxScaler, LogScaler);

fn check_finite<T: Copy + Into<f64>>(values: &[T]) -> Result<(), ScaleError> {
    if values.is_empty() {
        return Err(ScaleError::Empty);
    }
    let found = values
        .iter()
        .map(|&value| value.into())
        .enumerate()
        .find(|(_, value): &(usize, f64)| !value.is_finite());
    found.map_or(Ok(()), |(index, value)| Err(ScaleError::NotFinite { index, value }))
}

/// The value that all of `values` are, if they are all the same.
fn constant<T: Copy + Into<f64>>(values: &[T]) -> Option<f64> {
    let first: f64 = (*values.first()?).into();
    values.iter().all(|&value| value.into() == first).then_some(first)
}

/// A width that one can divide by.
fn usable(width: f64) -> Result<f64, ScaleError> {
    if width.is_finite() && width > 0.0 {
        Ok(width)
    } else {
        Err(ScaleError::Range { width })
    }
}
