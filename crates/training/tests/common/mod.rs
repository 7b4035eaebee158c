//! A training whose losses are written down beforehand.
#![allow(dead_code, clippy::unwrap_used)]

use recurra_models::{ModelError, NamedLayer, Network, ParameterView, ParameterViewMut};
use recurra_series::Samples;
use recurra_training::{Callback, FitData, FitOptions, Loss, OptimizerOptions, Sgd, Trainer, TrainingError};

/// A network with one weight, which starts at 0 and grows by the learning rate in every step. Its forecasts are written
/// down beforehand: with one window whose actual value is 0 and the absolute error as loss, they are the losses.
pub(crate) struct Scripted {
    pub(crate) losses: Vec<f32>,
    pub(crate) validation: Vec<f32>,
    pub(crate) steps: usize,
    pub(crate) weight: f32,
    pub(crate) columns: usize,
    pub(crate) outputs: usize,
}

impl Scripted {
    pub(crate) fn new(losses: &[f32]) -> Self {
        Self {
            losses: losses.to_vec(),
            validation: losses.to_vec(),
            steps: 0,
            weight: 0.0,
            columns: 1,
            outputs: 1,
        }
    }
}

impl Network for Scripted {
    fn columns(&self) -> usize {
        self.columns
    }
    fn outputs(&self) -> usize {
        self.outputs
    }
    fn layers(&self) -> Vec<NamedLayer> {
        Vec::new()
    }
    fn visit_parameters(&self, visitor: &mut dyn FnMut(ParameterView<'_>)) {
        visitor(ParameterView {
            name: "weight",
            shape: &[1],
            values: &[self.weight],
        });
    }
    fn visit_parameters_mut(&mut self, visitor: &mut dyn FnMut(ParameterViewMut<'_>)) {
        let mut values = [self.weight];
        visitor(ParameterViewMut {
            name: "weight",
            shape: &[1],
            values: &mut values,
        });
        [self.weight] = values;
    }
    fn predict_into(&self, _: &[f32], _: usize, forecasts: &mut [f32]) -> Result<(), ModelError> {
        forecasts.fill(self.validation[self.steps - 1]);
        Ok(())
    }
    fn gradients(
        &mut self,
        _: &[f32],
        _: usize,
        loss: &mut dyn FnMut(&[f32], &mut [f32]) -> f64,
        gradients: &mut [f32],
    ) -> Result<f64, ModelError> {
        gradients[0] = -1.0;
        self.steps += 1;
        Ok(loss(&[self.losses[self.steps - 1]], &mut [0.0]))
    }
    fn parameter_count(&self) -> usize {
        1
    }
}

/// One window, whose actual value is 0.
pub(crate) struct Zero;

impl Samples for Zero {
    fn len(&self) -> usize {
        1
    }
    fn steps(&self) -> usize {
        1
    }
    fn columns(&self) -> usize {
        1
    }
    fn outputs(&self) -> usize {
        1
    }
    fn gather(&self, _: &[usize], inputs: &mut [f32], targets: &mut [f32]) {
        inputs.fill(0.0);
        targets.fill(0.0);
    }
}

/// Trains for as many epochs as there are losses, with the learning rate 1.
pub(crate) fn train(network: &mut Scripted, callbacks: &mut [&mut dyn Callback]) -> Result<Trainer, TrainingError> {
    train_on(network, FitData::new(&Zero), callbacks)
}

pub(crate) fn train_on(
    network: &mut Scripted,
    data: FitData<'_>,
    callbacks: &mut [&mut dyn Callback],
) -> Result<Trainer, TrainingError> {
    let options = FitOptions {
        epochs: network.losses.len(),
        loss: Loss::MeanAbsoluteError,
        optimizer: OptimizerOptions::Sgd(Sgd {
            learning_rate: 1.0,
            ..Sgd::default()
        }),
        ..FitOptions::default()
    };
    let mut trainer = Trainer::new(options, network)?;
    trainer.fit(network, data, callbacks)?;
    Ok(trainer)
}
