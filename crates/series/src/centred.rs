//! Windows without their own level.

use serde::{Deserialize, Serialize};

use crate::{Samples, Windows};

/// What is taken off every window, so that a model sees its shape and not its level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Centre {
    /// The mean of the window.
    WindowMean,
    /// The last value of the window.
    LastValue,
}

/// [`Windows`] whose columns are each less their own [`Centre`] in the window; the targets are less that of the series.
/// A model of such windows forecasts how far the series will be from the window's level: add
/// [`CentredWindows::level`] to its outputs. A series that drifts away from what it was in training then looks as it did.
///
/// Means are summed in f64 in index order.
///
/// ```
/// use recurra_series::{Centre, CentredWindows, Samples, WindowOptions, Windows};
///
/// let windows = Windows::new(&[1.0, 2.0, 3.0, 6.0], WindowOptions { size: 3, shift: 1, horizon: 1 })?;
/// let centred = CentredWindows::new(windows, Some(Centre::WindowMean));
/// let (mut input, mut target) = ([0.0; 3], [0.0]);
/// centred.gather(&[0], &mut input, &mut target);
/// assert_eq!((input, target, centred.level(0)), ([-1.0, 0.0, 1.0], [4.0], 2.0));
/// # Ok::<(), recurra_series::WindowError>(())
/// ```
#[derive(Clone, Debug)]
pub struct CentredWindows<'a> {
    windows: Windows<'a>,
    centre: Option<Centre>,
}

impl<'a> CentredWindows<'a> {
    /// `windows` less their `centre`; as they are if it is `None`.
    #[must_use]
    pub fn new(windows: Windows<'a>, centre: Option<Centre>) -> Self {
        Self { windows, centre }
    }

    /// What was taken off the series in window `index`; 0 if nothing is.
    ///
    /// # Panics
    /// If `index` is not below the number of windows.
    #[must_use]
    pub fn level(&self, index: usize) -> f32 {
        self.centre
            .map_or(0.0, |centre| centre.of(self.windows.input(index).iter()))
    }
}

impl Centre {
    /// The centre of the values of one column, which are in the order of time.
    fn of<'v>(self, mut values: impl ExactSizeIterator<Item = &'v f32> + DoubleEndedIterator) -> f32 {
        match self {
            Self::WindowMean => {
                let count = values.len() as f64;
                (values.map(|&value| f64::from(value)).sum::<f64>() / count) as f32
            }
            Self::LastValue => values.next_back().copied().unwrap_or(0.0),
        }
    }
}

impl Samples for CentredWindows<'_> {
    fn len(&self) -> usize {
        self.windows.len()
    }

    fn steps(&self) -> usize {
        self.windows.steps()
    }

    fn columns(&self) -> usize {
        self.windows.columns()
    }

    fn outputs(&self) -> usize {
        self.windows.outputs()
    }

    fn gather(&self, indices: &[usize], inputs: &mut [f32], targets: &mut [f32]) {
        self.windows.gather(indices, inputs, targets);
        let Some(centre) = self.centre else { return };
        let (columns, width) = (self.columns(), self.steps() * self.columns());
        let places = inputs
            .chunks_exact_mut(width)
            .zip(targets.chunks_exact_mut(self.outputs()));
        for (input, target) in places {
            for column in 0..columns {
                let level = centre.of(input[column..].iter().step_by(columns));
                for value in input[column..].iter_mut().step_by(columns) {
                    *value -= level;
                }
                if column == 0 {
                    target.iter_mut().for_each(|value| *value -= level);
                }
            }
        }
    }
}
