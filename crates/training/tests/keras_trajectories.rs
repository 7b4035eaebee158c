//! The reference models step by step against Keras: Keras' initial weights, a fixed order of windows, three epochs.
//!
//! The numbers are made by `xtask/fixtures/trajectories.py`.

#![allow(clippy::unwrap_used, clippy::print_stderr, missing_docs)]

use std::path::Path;

use recurra_models::{
    Bidirectional, Concat, Const, FirstLayer, Head, InnerLayer, LastState, LstmCell, NamedTensor, NamedTensors,
    Network, Recurrent, Scale, Sequences, Sequential, SimpleRnnCell, set_parameters,
};
use recurra_series::Samples;
use recurra_training::{
    BatchEnd, Callback, Control, EpochBegin, FitData, FitOptions, Loss, OptimizerOptions, Sgd, Trainer, TrainingError,
};
use safetensors::tensor::SafeTensors;

/// How far the loss of a step may lie from Keras', as a share of it.
const BOUND: f64 = 1e-4;

struct Trajectory {
    bytes: Vec<u8>,
}

impl Trajectory {
    fn read(experiment: &str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../xtask/fixtures/data");
        let path = folder.join(format!("trajectory-{experiment}.safetensors"));
        let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Self { bytes }
    }

    fn file(&self) -> SafeTensors<'_> {
        SafeTensors::deserialize(&self.bytes).unwrap()
    }

    fn option<T: serde::de::DeserializeOwned>(&self, key: &str) -> T {
        let (_, metadata) = SafeTensors::read_metadata(&self.bytes).unwrap();
        let options = &metadata.metadata().as_ref().unwrap()["options"];
        let options: serde_json::Value = serde_json::from_str(options).unwrap();
        serde_json::from_value(options[key].clone()).unwrap()
    }

    fn f32(&self, name: &str) -> Vec<f32> {
        let file = self.file();
        let view = file.tensor(name).unwrap();
        view.data()
            .as_chunks()
            .0
            .iter()
            .map(|&bytes| f32::from_le_bytes(bytes))
            .collect()
    }

    fn f64(&self, name: &str) -> Vec<f64> {
        let file = self.file();
        let view = file.tensor(name).unwrap();
        view.data()
            .as_chunks()
            .0
            .iter()
            .map(|&bytes| f64::from_le_bytes(bytes))
            .collect()
    }

    /// The order of the windows, an epoch a row.
    fn orders(&self) -> Vec<Vec<usize>> {
        let file = self.file();
        let view = file.tensor("order").unwrap();
        let all: Vec<usize> = view
            .data()
            .as_chunks()
            .0
            .iter()
            .map(|&b| u16::from_le_bytes(b).into())
            .collect();
        all.chunks(view.shape()[1]).map(<[usize]>::to_vec).collect()
    }

    fn weights(&self) -> NamedTensors {
        let file = self.file();
        let names = file.names();
        let weights = names.into_iter().filter_map(|name| name.strip_prefix("weights/"));
        weights
            .map(|name| {
                let path = format!("weights/{name}");
                let shape = file.tensor(&path).unwrap().shape().to_vec();
                (
                    name.to_owned(),
                    NamedTensor {
                        shape,
                        values: self.f32(&path),
                    },
                )
            })
            .collect()
    }
}

/// The windows of the series in the order of one epoch.
struct Ordered {
    series: Vec<f32>,
    window: usize,
    order: Vec<usize>,
}

impl Samples for Ordered {
    fn len(&self) -> usize {
        self.order.len()
    }

    fn steps(&self) -> usize {
        self.window
    }

    fn columns(&self) -> usize {
        1
    }

    fn outputs(&self) -> usize {
        1
    }

    fn gather(&self, indices: &[usize], inputs: &mut [f32], targets: &mut [f32]) {
        let windows = inputs.chunks_mut(self.window).zip(targets);
        for (&index, (input, target)) in indices.iter().zip(windows) {
            let first = self.order[index];
            input.copy_from_slice(&self.series[first..first + self.window]);
            *target = self.series[first + self.window];
        }
    }
}

/// Sets the learning rate of the epoch and keeps the loss of every step.
struct Recorder {
    rates: Vec<f64>,
    losses: Vec<f64>,
}

impl Callback for Recorder {
    fn epoch_begin(&mut self, event: &EpochBegin, control: &mut Control<'_>) -> Result<(), TrainingError> {
        control.set_learning_rate(self.rates[event.epoch]);
        Ok(())
    }

    fn batch_end(&mut self, event: &BatchEnd, _: &mut Control<'_>) -> Result<(), TrainingError> {
        self.losses.push(event.loss);
        Ok(())
    }
}

fn compare(experiment: &str, weights: &NamedTensors, mut network: impl Network) {
    let trajectory = Trajectory::read(experiment);
    set_parameters(&mut network, weights).unwrap();
    let orders = trajectory.orders();
    let mut recorder = Recorder {
        rates: trajectory.f64("learning_rate"),
        losses: Vec::new(),
    };
    let options = FitOptions {
        epochs: 0,
        batch_size: trajectory.option("batch"),
        shuffle_buffer: Some(1),
        loss: match trajectory.option::<String>("loss").as_str() {
            "huber" => Loss::Huber { delta: 1.0 },
            "mse" => Loss::MeanSquaredError,
            other => panic!("no loss is called {other}"),
        },
        optimizer: OptimizerOptions::Sgd(Sgd {
            learning_rate: recorder.rates[0],
            momentum: trajectory.option("momentum"),
            ..Sgd::default()
        }),
        ..FitOptions::default()
    };
    let mut trainer = Trainer::new(options, &network).unwrap();
    for (epoch, order) in orders.into_iter().enumerate() {
        let windows = Ordered {
            series: trajectory.f32("series"),
            window: trajectory.option("window"),
            order,
        };
        trainer.set_epochs(epoch + 1);
        trainer
            .fit(&mut network, FitData::new(&windows), &mut [&mut recorder])
            .unwrap();
    }

    let keras = trajectory.f32("loss/float32");
    let exact = trajectory.f64("loss/float64");
    assert_eq!(recorder.losses.len(), keras.len());
    let distance = |other: &mut dyn Iterator<Item = f64>| {
        let pairs = recorder.losses.iter().zip(other);
        pairs
            .map(|(ours, other)| (ours / other - 1.0).abs())
            .fold(0.0, f64::max)
    };
    let of_keras = distance(&mut keras.iter().map(|&loss| f64::from(loss)));
    let of_exact = distance(&mut exact.iter().copied());
    let steps = keras.len();
    eprintln!("{experiment}: {steps} steps within {of_keras:.1e} of Keras, {of_exact:.1e} of float64");
    assert!(of_keras <= BOUND, "{experiment}: {of_keras:e} from Keras");
    assert!(of_exact <= BOUND, "{experiment}: {of_exact:e} from float64");
}

fn rnn() -> impl Network {
    type First = Recurrent<SimpleRnnCell, usize, 40, Sequences>;
    type Second = Recurrent<SimpleRnnCell, Const<40>, 40, LastState>;
    Sequential::<(First, Second, Head<40>, Scale)>::new(1, 1, 0, |device| {
        Ok((
            First::first(device, 1)?,
            Second::inner(device)?,
            Head::zeros(device, 1)?,
            Scale::new(100.0),
        ))
    })
    .unwrap()
}

type FirstLstm<R> = Bidirectional<LstmCell, usize, 32, 64, R, Concat>;
type InnerLstm<R> = Bidirectional<LstmCell, Const<64>, 32, 64, R, Concat>;

#[test]
fn rnn_takes_keras_steps() {
    compare("rnn", &Trajectory::read("rnn").weights(), rnn());
}

#[test]
fn rnn_under_a_schedule_keeps_the_rate_in_the_velocity() {
    compare("rnn-schedule", &Trajectory::read("rnn").weights(), rnn());
}

#[test]
fn bilstm_1_takes_keras_steps() {
    let network = Sequential::<(FirstLstm<LastState>, Head<64>, Scale)>::new(1, 1, 0, |device| {
        Ok((FirstLstm::first(device, 1)?, Head::zeros(device, 1)?, Scale::new(100.0)))
    });
    compare("bilstm-1", &Trajectory::read("bilstm-1").weights(), network.unwrap());
}

#[test]
fn bilstm_2_takes_keras_steps() {
    type Stack = (FirstLstm<Sequences>, InnerLstm<LastState>, Head<64>, Scale);
    let network = Sequential::<Stack>::new(1, 1, 0, |device| {
        Ok((
            FirstLstm::first(device, 1)?,
            InnerLstm::inner(device)?,
            Head::zeros(device, 1)?,
            Scale::new(100.0),
        ))
    });
    compare("bilstm-2", &Trajectory::read("bilstm-2").weights(), network.unwrap());
}

#[test]
fn bilstm_3_takes_keras_steps() {
    type Stack = (
        FirstLstm<Sequences>,
        InnerLstm<Sequences>,
        InnerLstm<LastState>,
        Head<64>,
        Scale,
    );
    let network = Sequential::<Stack>::new(1, 1, 0, |device| {
        Ok((
            FirstLstm::first(device, 1)?,
            InnerLstm::inner(device)?,
            InnerLstm::inner(device)?,
            Head::zeros(device, 1)?,
            Scale::new(100.0),
        ))
    });
    compare("bilstm-3", &Trajectory::read("bilstm-3").weights(), network.unwrap());
}
