//! A checkpoint of another training is refused, and the field that differs is named: each of them.
#![allow(clippy::unwrap_used)]

mod common;

use common::Scripted;
use recurra_series::Samples;
use recurra_training::{
    CheckpointError, Checkpoints, FitData, FitOptions, Loss, OptimizerOptions, Resume, Sgd, Trainer, TrainingError,
};

/// Windows of any size, all of one value.
#[derive(Clone)]
struct Flat {
    windows: usize,
    steps: usize,
    columns: usize,
    outputs: usize,
    input: f32,
    target: f32,
}

impl Samples for Flat {
    fn len(&self) -> usize {
        self.windows
    }
    fn steps(&self) -> usize {
        self.steps
    }
    fn columns(&self) -> usize {
        self.columns
    }
    fn outputs(&self) -> usize {
        self.outputs
    }
    fn gather(&self, _: &[usize], inputs: &mut [f32], targets: &mut [f32]) {
        inputs.fill(self.input);
        targets.fill(self.target);
    }
}

/// All that decides a training.
#[derive(Clone)]
struct Given {
    options: FitOptions,
    columns: usize,
    outputs: usize,
    training: Flat,
    validation: Option<Flat>,
    weights: Vec<f32>,
}

impl Given {
    fn network(&self) -> Scripted {
        let mut network = Scripted::new(&[1.0]);
        (network.columns, network.outputs) = (self.columns, self.outputs);
        network
    }

    fn data(&self) -> FitData<'_> {
        let data = FitData::new(&self.training).with_sample_weights(&self.weights);
        match &self.validation {
            Some(validation) => data.with_validation(validation),
            None => data,
        }
    }
}

fn given() -> Given {
    let training = Flat {
        windows: 6,
        steps: 2,
        columns: 1,
        outputs: 1,
        input: 0.5,
        target: 0.5,
    };
    Given {
        options: FitOptions {
            // Without an epoch the checkpoint is that of a training before its first step.
            epochs: 0,
            loss: Loss::MeanAbsoluteError,
            optimizer: OptimizerOptions::Sgd(Sgd::default()),
            ..FitOptions::default()
        },
        columns: 1,
        outputs: 1,
        validation: Some(training.clone()),
        training,
        weights: vec![1.0; 6],
    }
}

/// What is said when the training is taken up with what `change` makes of it.
fn refusal(change: impl Fn(&mut Given)) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    let checkpoints = Checkpoints {
        path: folder.path().join("run.checkpoint"),
        every: None,
        code: "one".to_owned(),
    };
    let mut here = given();
    let mut network = here.network();
    let mut trainer = Trainer::new(here.options.clone(), &network)
        .unwrap()
        .with_checkpoints(checkpoints.clone());
    trainer.fit(&mut network, here.data(), &mut []).unwrap();
    change(&mut here);
    let mut network = here.network();
    let (options, resume) = (here.options.clone(), Resume::default());
    match Trainer::resume(checkpoints, resume, options, &mut network, here.data(), &mut []) {
        Ok(_) => None,
        Err(TrainingError::Checkpoint(CheckpointError::Differs {
            field,
            checkpoint,
            here,
            ..
        })) => Some(match field.as_str() {
            "data.weights" | "data.training.checksum" | "data.validation.checksum" => field,
            _ => format!("{field}: {checkpoint} → {here}"),
        }),
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn the_same_training_is_taken_up() {
    assert_eq!(refusal(|_| ()), None);
    assert_eq!(
        refusal(|given| given.options.epochs = 9),
        None,
        "more epochs are how one trains on"
    );
}

#[test]
fn every_option_is_held_to_the_checkpoint() {
    let differs = |change: fn(&mut FitOptions)| refusal(|given| change(&mut given.options)).unwrap();
    assert_eq!(differs(|options| options.batch_size = 3), "options.batch_size: 32 → 3");
    assert_eq!(
        differs(|options| options.shuffle_buffer = Some(1)),
        "options.shuffle_buffer: null → 1"
    );
    assert_eq!(differs(|options| options.seed = 1), "options.seed: 0 → 1");
    assert_eq!(
        differs(|options| options.loss = Loss::LogCosh),
        "options.loss.name: \"mean-absolute-error\" → \"log-cosh\""
    );
    assert_eq!(
        differs(|options| options.optimizer = options.optimizer.with_learning_rate(0.5)),
        "options.optimizer.learning_rate: 0.01 → 0.5"
    );
}

#[test]
fn the_network_is_held_to_the_checkpoint() {
    assert_eq!(refusal(|given| given.columns = 2).unwrap(), "network.columns: 1 → 2");
    assert_eq!(refusal(|given| given.outputs = 2).unwrap(), "network.outputs: 1 → 2");
}

#[test]
fn the_data_are_held_to_the_checkpoint() {
    let differs = |change: fn(&mut Flat)| refusal(|given| change(&mut given.training)).unwrap();
    assert_eq!(differs(|data| data.windows = 5), "data.training.windows: 6 → 5");
    assert_eq!(differs(|data| data.steps = 3), "data.training.steps: 2 → 3");
    assert_eq!(differs(|data| data.columns = 2), "data.training.columns: 1 → 2");
    assert_eq!(differs(|data| data.outputs = 2), "data.training.outputs: 1 → 2");
    assert_eq!(differs(|data| data.input = 0.25), "data.training.checksum");
    assert_eq!(differs(|data| data.target = 0.25), "data.training.checksum");
    let of_validation = refusal(|given| given.validation.iter_mut().for_each(|data| data.target = 0.25));
    assert_eq!(of_validation.unwrap(), "data.validation.checksum");
    let without = refusal(|given| given.validation = None).unwrap();
    assert!(
        without.starts_with("data.validation: {") && without.ends_with(" → null"),
        "{without}"
    );
    assert_eq!(refusal(|given| given.weights[3] = 2.0).unwrap(), "data.weights");
}
