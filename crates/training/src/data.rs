//! The windows that a training reads.

use recurra_models::Network;
use recurra_series::Samples;
use serde::{Deserialize, Serialize};

use crate::crc32c::Crc32c;
use crate::error::TrainingError;
use crate::evaluate::check_shapes;
use crate::history::Measures;
use crate::loss::Loss;

/// Measures a network when an epoch is over; `None` for an epoch without validation.
pub type Validate<'a> = dyn Fn(&dyn Network) -> Result<Option<Measures>, TrainingError> + 'a;

/// The windows that a training reads.
#[derive(Clone, Copy)]
pub struct FitData<'a> {
    pub(crate) training: &'a dyn Samples,
    pub(crate) validation: Option<&'a dyn Samples>,
    pub(crate) validate: Option<&'a Validate<'a>>,
    pub(crate) sample_weights: &'a [f32],
}

impl<'a> FitData<'a> {
    /// Windows to train on.
    #[must_use]
    pub fn new(training: &'a dyn Samples) -> Self {
        Self {
            training,
            validation: None,
            validate: None,
            sample_weights: &[],
        }
    }

    /// Windows that are measured after every epoch besides.
    #[must_use]
    pub fn with_validation(mut self, validation: &'a dyn Samples) -> Self {
        self.validation = Some(validation);
        self
    }

    /// Measures the network by `validate` at the end of every epoch, instead of on windows that are given: for windows that are not all
    /// in memory at once (see [`Evaluation`](crate::Evaluation)), or not after every epoch. What it measures on is not part of what a
    /// checkpoint knows its training by.
    #[must_use]
    pub fn with_validation_by(mut self, validate: &'a Validate<'a>) -> Self {
        self.validate = Some(validate);
        self
    }

    /// A weight for each training window (Keras' `sample_weight`): its loss counts so many times. The validation is not weighted.
    #[must_use]
    pub fn with_sample_weights(mut self, weights: &'a [f32]) -> Self {
        self.sample_weights = weights;
        self
    }

    pub(crate) fn check(&self, network: &dyn Network, loss: Loss) -> Result<(), TrainingError> {
        loss.check_outputs(network.outputs())?;
        let windows = self.training.len();
        let found = self
            .sample_weights
            .iter()
            .filter(|weight| weight.is_finite() && **weight >= 0.0)
            .count();
        if !self.sample_weights.is_empty() && (self.sample_weights.len() != windows || found != windows) {
            return Err(TrainingError::SampleWeights { found, windows });
        }
        let sources = [("training", Some(self.training)), ("validation", self.validation)];
        for (which, samples) in sources {
            let Some(samples) = samples else { continue };
            if samples.is_empty() {
                return Err(TrainingError::NoSamples { which });
            }
            check_shapes(which, network, samples)?;
            loss.check_actual(which, samples)?;
        }
        Ok(())
    }

    pub(crate) fn identity(&self) -> DataIdentity {
        let mut weights = Crc32c::new();
        self.sample_weights
            .iter()
            .for_each(|weight| weights.add(&weight.to_le_bytes()));
        DataIdentity {
            training: SamplesIdentity::of(self.training),
            validation: self.validation.map(SamplesIdentity::of),
            weights: weights.value(),
        }
    }
}

/// By what a checkpoint knows its data again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct DataIdentity {
    training: SamplesIdentity,
    validation: Option<SamplesIdentity>,
    weights: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct SamplesIdentity {
    windows: usize,
    steps: usize,
    columns: usize,
    outputs: usize,
    /// CRC-32C of all windows and targets.
    checksum: u32,
}

impl SamplesIdentity {
    fn of(samples: &dyn Samples) -> Self {
        let (windows, steps, columns, outputs) = (samples.len(), samples.steps(), samples.columns(), samples.outputs());
        let mut checksum = Crc32c::new();
        let (mut inputs, mut targets) = (vec![0.0; steps * columns], vec![0.0; outputs]);
        for window in 0..windows {
            samples.gather(&[window], &mut inputs, &mut targets);
            inputs
                .iter()
                .chain(&targets)
                .for_each(|value| checksum.add(&value.to_le_bytes()));
        }
        Self {
            windows,
            steps,
            columns,
            outputs,
            checksum: checksum.value(),
        }
    }
}
