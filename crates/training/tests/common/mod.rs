//! A training whose losses are written down beforehand, and whether a callback survives its interruption.
#![allow(dead_code, clippy::unwrap_used)]

use recurra_models::{ModelError, NamedLayer, Network, ParameterView, ParameterViewMut};
use recurra_series::Samples;
use recurra_training::{
    Callback, Checkpoints, FitData, FitOptions, Lambda, Loss, OptimizerOptions, Resume, SaveEvery, Sgd, Trainer,
    TrainingError,
};

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

/// So many windows, whose actual values are 0.
pub(crate) struct Zeros(pub(crate) usize);

impl Samples for Zeros {
    fn len(&self) -> usize {
        self.0
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
    train_on(network, FitData::new(&Zeros(1)), callbacks)
}

pub(crate) fn train_on(
    network: &mut Scripted,
    data: FitData<'_>,
    callbacks: &mut [&mut dyn Callback],
) -> Result<Trainer, TrainingError> {
    let mut trainer = Trainer::new(options(network.losses.len()), network)?;
    trainer.fit(network, data, callbacks)?;
    Ok(trainer)
}

/// The options of such a training.
pub(crate) fn options(epochs: usize) -> FitOptions {
    FitOptions {
        epochs,
        loss: Loss::MeanAbsoluteError,
        optimizer: OptimizerOptions::Sgd(Sgd {
            learning_rate: 1.0,
            ..Sgd::default()
        }),
        ..FitOptions::default()
    }
}

/// The end of a training: its history and the network's weight.
fn end(trainer: &Trainer, network: &Scripted) -> String {
    format!("{:?} {}", trainer.history(), network.weight)
}

/// Asserts that a training with the callback that `make` makes ends the same if it goes on in another process after any of its epochs.
pub(crate) fn assert_survives<C: Callback>(losses: &[f32], make: impl Fn() -> C) {
    let mut network = Scripted::new(losses);
    let whole = train(&mut network, &mut [&mut make()]).unwrap();
    let expected = end(&whole, &network);
    for done in 1..whole.history().epochs.len() {
        let folder = tempfile::tempdir().unwrap();
        let checkpoints = || Checkpoints {
            path: folder.path().join("run.checkpoint"),
            every: Some(SaveEvery::Epochs(1)),
            code: "one".to_owned(),
        };
        // The power fails when the next epoch begins.
        let mut fail = Lambda::new().epoch_begin(|event, _| match event.epoch == done {
            true => Err(TrainingError::Callback("power cut".into())),
            false => Ok(()),
        });
        let mut first = Scripted::new(losses);
        let mut trainer = Trainer::new(options(losses.len()), &first)
            .unwrap()
            .with_checkpoints(checkpoints());
        let data = FitData::new(&Zeros(1));
        trainer
            .fit(&mut first, data, &mut [&mut make(), &mut fail])
            .unwrap_err();

        let (mut second, mut callback) = (Scripted::new(losses), make());
        second.steps = done;
        let list: &mut [&mut dyn Callback] = &mut [&mut callback];
        let (resume, options) = (Resume::default(), options(losses.len()));
        let mut trainer = Trainer::resume(checkpoints(), resume, options, &mut second, data, list).unwrap();
        trainer.fit(&mut second, data, list).unwrap();
        assert_eq!(end(&trainer, &second), expected, "gone on after epoch {done}");
    }
}

/// The learning rate of every epoch.
pub(crate) fn learning_rates(trainer: &Trainer) -> Vec<f64> {
    let epochs = &trainer.history().epochs;
    epochs.iter().map(|epoch| epoch.learning_rate).collect()
}
