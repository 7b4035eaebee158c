//! Callbacks of closures.

use crate::callback::{BatchEnd, Callback, Control, EpochBegin, EpochEnd};
use crate::error::TrainingError;

type OnEpochBegin<'a> = Box<dyn FnMut(&EpochBegin, &mut Control<'_>) -> Result<(), TrainingError> + 'a>;
type OnBatchEnd<'a> = Box<dyn FnMut(&BatchEnd, &mut Control<'_>) -> Result<(), TrainingError> + 'a>;
type OnEpochEnd<'a> = Box<dyn FnMut(&EpochEnd, &mut Control<'_>) -> Result<(), TrainingError> + 'a>;

/// Closures for the usual events (Keras' `LambdaCallback`).
///
/// ```
/// use recurra_training::Lambda;
/// let mut losses = Vec::new();
/// let keep = Lambda::new().epoch_end(|event, _| {
///     losses.push(event.record.training.loss);
///     Ok(())
/// });
/// ```
#[derive(Default)]
pub struct Lambda<'a> {
    epoch_begin: Option<OnEpochBegin<'a>>,
    batch_end: Option<OnBatchEnd<'a>>,
    epoch_end: Option<OnEpochEnd<'a>>,
}

impl<'a> Lambda<'a> {
    /// A callback that does nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Calls `closure` before every epoch.
    #[must_use]
    pub fn epoch_begin(
        mut self,
        closure: impl FnMut(&EpochBegin, &mut Control<'_>) -> Result<(), TrainingError> + 'a,
    ) -> Self {
        self.epoch_begin = Some(Box::new(closure));
        self
    }

    /// Calls `closure` after every batch.
    #[must_use]
    pub fn batch_end(
        mut self,
        closure: impl FnMut(&BatchEnd, &mut Control<'_>) -> Result<(), TrainingError> + 'a,
    ) -> Self {
        self.batch_end = Some(Box::new(closure));
        self
    }

    /// Calls `closure` after every epoch.
    #[must_use]
    pub fn epoch_end(
        mut self,
        closure: impl FnMut(&EpochEnd, &mut Control<'_>) -> Result<(), TrainingError> + 'a,
    ) -> Self {
        self.epoch_end = Some(Box::new(closure));
        self
    }
}

impl Callback for Lambda<'_> {
    fn name(&self) -> &'static str {
        "lambda"
    }

    fn epoch_begin(&mut self, event: &EpochBegin, control: &mut Control<'_>) -> Result<(), TrainingError> {
        self.epoch_begin
            .as_mut()
            .map_or(Ok(()), |closure| closure(event, control))
    }

    fn batch_end(&mut self, event: &BatchEnd, control: &mut Control<'_>) -> Result<(), TrainingError> {
        self.batch_end
            .as_mut()
            .map_or(Ok(()), |closure| closure(event, control))
    }

    fn epoch_end(&mut self, event: &EpochEnd, control: &mut Control<'_>) -> Result<(), TrainingError> {
        self.epoch_end
            .as_mut()
            .map_or(Ok(()), |closure| closure(event, control))
    }
}
