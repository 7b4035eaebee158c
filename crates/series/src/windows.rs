//! Windows that slide over a series.

use serde::{Deserialize, Serialize};

use crate::{Samples, WindowColumns};

/// How windows are cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct WindowOptions {
    /// Steps of an input window.
    pub size: usize,
    /// Steps from the start of one window to the start of the next.
    pub shift: usize,
    /// Values to forecast after each window.
    pub horizon: usize,
}

impl Default for WindowOptions {
    /// The reference's: 20 steps, one ahead, every window.
    fn default() -> Self {
        Self {
            size: 20,
            shift: 1,
            horizon: 1,
        }
    }
}

/// Why no windows could be cut.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WindowError {
    /// A size, shift or horizon of zero.
    #[error("the window's {field} is 0; it has to be at least 1")]
    Zero {
        /// `size`, `shift` or `horizon`.
        field: &'static str,
    },
    /// The series is shorter than one window and its targets.
    #[error(
        "{points} points are fewer than a window of {size} and a horizon of {horizon} need ({needed}); choose a smaller \
         window or give more data",
        needed = size.saturating_add(*horizon)
    )]
    TooShort {
        /// Values in the series.
        points: usize,
        /// Steps of a window.
        size: usize,
        /// Targets after it.
        horizon: usize,
    },
    /// A covariate that does not cover the series.
    #[error("a covariate has {found} values where the series needs {needed}; give one for each of its values")]
    CovariateLength {
        /// Values that are needed.
        needed: usize,
        /// Values that are there.
        found: usize,
    },
    /// A known-future covariate cannot show all its future values inside a window shorter than the horizon.
    #[error(
        "known-future covariates need a window of at least the horizon, and {size} is less than {horizon}; choose a larger \
         window or a nearer horizon"
    )]
    FutureBeyondWindow {
        /// Steps of a window.
        size: usize,
        /// Targets after it.
        horizon: usize,
    },
}

/// The windows of one series and the values that follow each, as [`Samples`]. Window `i` starts at `i·shift`, holds
/// `size` steps, and its targets are the `horizon` values after it. Values that do not fill a last window are left out.
/// The series is borrowed, and copied batch by batch alone.
///
/// ```
/// use recurra_series::{Samples, WindowOptions, Windows};
///
/// let windows = Windows::new(&[1.0, 2.0, 3.0, 4.0, 5.0], WindowOptions { size: 3, shift: 1, horizon: 1 })?;
/// assert_eq!(windows.len(), 2);
/// assert_eq!((windows.input(1), windows.target(1)), (&[2.0, 3.0, 4.0][..], &[5.0][..]));
/// # Ok::<(), recurra_series::WindowError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Windows<'a> {
    columns: WindowColumns<'a>,
    options: WindowOptions,
    count: usize,
}

impl<'a> Windows<'a> {
    /// The windows of a plain series (one column).
    ///
    /// # Errors
    /// If an option is zero, or the series has fewer than `size + horizon` values.
    pub fn new(values: &'a [f32], options: WindowOptions) -> Result<Self, WindowError> {
        Self::with_columns(WindowColumns::new(values), options)
    }

    /// The windows of a series with covariates beside it.
    ///
    /// # Errors
    /// As [`Windows::new`], and if there are known-future covariates and the horizon is longer than the window.
    pub fn with_columns(columns: WindowColumns<'a>, options: WindowOptions) -> Result<Self, WindowError> {
        let WindowOptions { size, shift, horizon } = options;
        for (field, value) in [("size", size), ("shift", shift), ("horizon", horizon)] {
            if value == 0 {
                return Err(WindowError::Zero { field });
            }
        }
        let points = columns.values().len();
        let spare = size.checked_add(horizon).and_then(|needed| points.checked_sub(needed));
        let Some(spare) = spare else {
            return Err(WindowError::TooShort { points, size, horizon });
        };
        if columns.has_future() && horizon > size {
            return Err(WindowError::FutureBeyondWindow { size, horizon });
        }
        Ok(Self {
            columns,
            options,
            count: spare / shift + 1,
        })
    }

    /// How the windows were cut.
    #[must_use]
    pub fn options(&self) -> WindowOptions {
        self.options
    }

    /// The series' own values in window `index`, not copied.
    ///
    /// # Panics
    /// If `index` is not below the number of windows.
    #[must_use]
    pub fn input(&self, index: usize) -> &'a [f32] {
        let start = self.start(index);
        &self.columns.values()[start..start + self.options.size]
    }

    /// The values that follow window `index`, not copied.
    ///
    /// # Panics
    /// If `index` is not below the number of windows.
    #[must_use]
    pub fn target(&self, index: usize) -> &'a [f32] {
        let end = self.start(index) + self.options.size;
        &self.columns.values()[end..end + self.options.horizon]
    }

    /// Where window `index` starts in the series.
    fn start(&self, index: usize) -> usize {
        assert!(index < self.count, "window {index} of {}", self.count);
        index * self.options.shift
    }
}

impl Samples for Windows<'_> {
    fn len(&self) -> usize {
        self.count
    }

    fn steps(&self) -> usize {
        self.options.size
    }

    fn columns(&self) -> usize {
        self.columns.count()
    }

    fn outputs(&self) -> usize {
        self.options.horizon
    }

    fn gather(&self, indices: &[usize], inputs: &mut [f32], targets: &mut [f32]) {
        let width = self.steps() * self.columns();
        assert_eq!(inputs.len(), indices.len() * width, "length of the inputs");
        assert_eq!(targets.len(), indices.len() * self.outputs(), "length of the targets");
        let places = inputs
            .chunks_exact_mut(width)
            .zip(targets.chunks_exact_mut(self.outputs()));
        for (&index, (input, target)) in indices.iter().zip(places) {
            self.columns.write(self.start(index), self.options.horizon, input);
            target.copy_from_slice(self.target(index));
        }
    }
}
