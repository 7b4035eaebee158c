//! Stops a training that diverged.

use crate::callback::{BatchEnd, Callback, Control};
use crate::error::TrainingError;
use crate::history::StopReason;

/// Stops the training after a batch whose loss is not a finite number (Keras' `TerminateOnNaN`). That is no error: the
/// history ends with the epoch in which it happened, and says so.
///
/// ```
/// # use recurra_models::{FirstLayer, Head, LastState, LstmCell, Recurrent, Sequential};
/// # use recurra_series::{WindowOptions, Windows};
/// use recurra_training::{FitData, FitOptions, TerminateOnNan, fit};
/// # type Body = Recurrent<LstmCell, usize, 4, LastState>;
/// # let mut network = Sequential::<(Body, Head<4>)>::new(1, 1, 51, |device| {
/// #     Ok((Body::first(device, 1)?, Head::zeros(device, 1)?))
/// # })?;
///
/// let series = [f32::INFINITY; 30];
/// let windows = Windows::new(&series, WindowOptions::default())?;
/// let options = FitOptions { epochs: 5, ..FitOptions::default() };
/// let history = fit(&mut network, FitData::new(&windows), &options, &mut [&mut TerminateOnNan])?;
/// assert_eq!((history.diverged(), history.epochs.len()), (Some(0), 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct TerminateOnNan;

impl Callback for TerminateOnNan {
    fn name(&self) -> &'static str {
        "terminate_on_nan"
    }

    fn batch_end(&mut self, event: &BatchEnd, control: &mut Control<'_>) -> Result<(), TrainingError> {
        if !event.loss.is_finite() {
            control.stop(StopReason::Diverged);
        }
        Ok(())
    }
}
