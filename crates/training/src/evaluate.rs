//! Forecasts and measures over a source of windows.

use recurra_models::Network;
use recurra_series::Samples;

use crate::error::TrainingError;
use crate::history::Measures;
use crate::loss::{Loss, absolute_errors};

/// Windows that are gathered at once.
const BATCH: usize = 512;

/// Forecasts `[n, outputs]` and actual values `[n, outputs]` of all windows, in order.
///
/// # Errors
/// If the data does not fit the network.
pub fn forecasts(network: &dyn Network, samples: &dyn Samples) -> Result<(Vec<f32>, Vec<f32>), TrainingError> {
    check_shapes("evaluation", network, samples)?;
    let (steps, outputs) = (samples.steps(), samples.outputs());
    let indices: Vec<usize> = (0..samples.len()).collect();
    let mut forecasts = vec![0.0; samples.len() * outputs];
    let mut actual = vec![0.0; forecasts.len()];
    let mut inputs = vec![0.0; BATCH.min(samples.len()) * steps * samples.columns()];
    let parts = forecasts
        .chunks_mut(BATCH * outputs)
        .zip(actual.chunks_mut(BATCH * outputs));
    for (batch, (forecasts, actual)) in indices.chunks(BATCH).zip(parts) {
        let inputs = &mut inputs[..batch.len() * steps * samples.columns()];
        samples.gather(batch, inputs, actual);
        network.predict_into(inputs, steps, forecasts)?;
    }
    Ok((forecasts, actual))
}

/// The mean loss and the mean absolute error over all windows, summed in index order.
///
/// # Errors
/// If the data has no window or does not fit the network, or the loss is not defined for one of its actual values.
pub fn evaluate(network: &dyn Network, samples: &dyn Samples, loss: Loss) -> Result<Measures, TrainingError> {
    let mut evaluation = Evaluation::default();
    evaluation.add(network, samples, loss)?;
    evaluation
        .measures()
        .ok_or(TrainingError::NoSamples { which: "evaluation" })
}

/// Means over several sources of windows as if they were one, `(Σ₁ + Σ₂ + …) / (n₁ + n₂ + …)` with the sum over each source in index
/// order: for windows that are not all in memory at once.
///
/// ```
/// # use recurra_models::{FirstLayer, Head, LastState, LstmCell, Recurrent, Sequential};
/// # use recurra_series::{WindowOptions, Windows};
/// use recurra_training::{Evaluation, Loss, evaluate};
/// # type Body = Recurrent<LstmCell, usize, 4, LastState>;
/// # let network = Sequential::<(Body, Head<4>)>::new(1, 1, 51, |device| {
/// #     Ok((Body::first(device, 1)?, Head::zeros(device, 1)?))
/// # })?;
/// # let series: Vec<f32> = (0..60).map(|day| (day % 7) as f32).collect();
/// # let first = Windows::new(&series[..40], WindowOptions::default())?;
/// # let second = Windows::new(&series[30..], WindowOptions::default())?;
///
/// let mut evaluation = Evaluation::default();
/// assert!(evaluation.measures().is_none());
/// evaluation.add(&network, &first, Loss::MeanSquaredError)?;
/// assert_eq!(evaluation.measures(), Some(evaluate(&network, &first, Loss::MeanSquaredError)?));
/// evaluation.add(&network, &second, Loss::MeanSquaredError)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Evaluation {
    loss: f64,
    absolute_errors: f64,
    values: usize,
}

impl Evaluation {
    /// Adds the windows of a source, in index order.
    ///
    /// # Errors
    /// If the data does not fit the network, or the loss is not defined for one of its actual values.
    pub fn add(&mut self, network: &dyn Network, samples: &dyn Samples, loss: Loss) -> Result<(), TrainingError> {
        loss.check_actual("evaluation", samples)?;
        let (forecasts, actual) = forecasts(network, samples)?;
        self.loss += loss.sum(&forecasts, &actual);
        self.absolute_errors += absolute_errors(&forecasts, &actual);
        self.values += actual.len();
        Ok(())
    }

    /// The mean loss and the mean absolute error so far; nothing before the first window.
    #[must_use]
    pub fn measures(&self) -> Option<Measures> {
        #[expect(clippy::cast_precision_loss, reason = "windows are far below 2⁵³")]
        let count = self.values as f64;
        (self.values > 0).then(|| Measures {
            loss: self.loss / count,
            mae: self.absolute_errors / count,
        })
    }
}

fn measures(loss: Loss, forecasts: &[f32], actual: &[f32]) -> Measures {
    #[expect(clippy::cast_precision_loss, reason = "windows are far below 2⁵³")]
    let count = actual.len() as f64;
    Measures {
        loss: loss.sum(forecasts, actual) / count,
        mae: absolute_errors(forecasts, actual) / count,
    }
}

/// [`evaluate`] for a stateful network, in batches of `batch_size` windows that go on from the states which it carries. It carries the same ones afterwards.
pub(crate) fn evaluate_carrying(
    network: &mut dyn Network,
    samples: &dyn Samples,
    loss: Loss,
    batch_size: usize,
) -> Result<Measures, TrainingError> {
    let states = network.states();
    let (steps, outputs) = (samples.steps(), samples.outputs());
    let indices: Vec<usize> = (0..samples.len()).collect();
    let mut inputs = vec![0.0; batch_size * steps * samples.columns()];
    let mut forecasts = Vec::with_capacity(samples.len() * outputs);
    let mut actual = vec![0.0; samples.len() * outputs];
    let outcome = indices
        .chunks(batch_size)
        .zip(actual.chunks_mut(batch_size * outputs))
        .try_for_each(|(batch, actual)| {
            samples.gather(batch, &mut inputs, actual);
            forecasts.extend(network.predict_next(&inputs, steps)?);
            Ok::<_, TrainingError>(())
        });
    network.set_states(states)?;
    outcome?;
    Ok(measures(loss, &forecasts, &actual))
}

/// Refuses data whose columns or outputs are not the network's.
pub(crate) fn check_shapes(
    which: &'static str,
    network: &dyn Network,
    samples: &dyn Samples,
) -> Result<(), TrainingError> {
    let sizes = [
        ("columns", samples.columns(), network.columns()),
        ("outputs", samples.outputs(), network.outputs()),
    ];
    for (what, found, expected) in sizes {
        if found != expected {
            return Err(TrainingError::ShapeMismatch {
                which,
                what,
                found,
                expected,
            });
        }
    }
    Ok(())
}
