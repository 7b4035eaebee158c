//! Optimizers, clipping, losses and schedules against numbers from Keras; `golden/make.py` made them.
#![allow(clippy::unwrap_used)]

mod common;

use common::{Scripted, train};
use recurra_models::{ModelError, NamedLayer, Network, ParameterView, ParameterViewMut};
use recurra_training::{
    Adam, Clipping, EarlyStopping, EarlyStoppingOptions, Lambda, Loss, Optimizer, OptimizerOptions, ReduceLrOnPlateau,
    ReduceLrOnPlateauOptions, RmsProp, Schedule, Sgd,
};
use serde::Deserialize;
use serde_json::{Map, Value};

#[derive(Deserialize)]
struct Golden {
    start: [Vec<f32>; 2],
    gradients: Vec<[Vec<f32>; 2]>,
    optimizers: Vec<OptimizerCase>,
    forecasts: Vec<f32>,
    actual: Vec<f32>,
    sample_weights: Vec<f32>,
    losses: Vec<LossCase>,
    early_stopping: Vec<EarlyStoppingCase>,
    plateaus: Vec<PlateauCase>,
    schedules: Vec<ScheduleCase>,
}

#[derive(Deserialize)]
struct ScheduleCase {
    schedule: String,
    rates: Vec<f64>,
}

#[derive(Deserialize)]
struct EarlyStoppingCase {
    options: Map<String, Value>,
    losses: Vec<f32>,
    epochs: usize,
    weights_of: usize,
    best: f32,
}

#[derive(Deserialize)]
struct PlateauCase {
    options: Map<String, Value>,
    losses: Vec<f32>,
    rates: Vec<f64>,
}

#[derive(Deserialize)]
struct OptimizerCase {
    optimizer: String,
    options: Map<String, Value>,
    rates: Vec<f64>,
    weights: Vec<[Vec<f32>; 2]>,
}

#[derive(Deserialize)]
struct LossCase {
    loss: String,
    value: f64,
    gradient: Vec<f32>,
    weighted: f64,
    weighted_gradient: Vec<f32>,
}

fn golden() -> Golden {
    serde_json::from_str(include_str!("golden/golden.json")).unwrap()
}

/// Two parameters and nothing else.
struct Parameters([Vec<f32>; 2]);

impl Network for Parameters {
    fn columns(&self) -> usize {
        1
    }
    fn outputs(&self) -> usize {
        1
    }
    fn layers(&self) -> Vec<NamedLayer> {
        Vec::new()
    }
    fn visit_parameters(&self, visitor: &mut dyn FnMut(ParameterView<'_>)) {
        for values in &self.0 {
            visitor(ParameterView {
                name: "parameter",
                shape: &[values.len()],
                values,
            });
        }
    }
    fn visit_parameters_mut(&mut self, visitor: &mut dyn FnMut(ParameterViewMut<'_>)) {
        for values in &mut self.0 {
            visitor(ParameterViewMut {
                name: "parameter",
                shape: &[values.len()],
                values,
            });
        }
    }
    fn predict_into(&self, _: &[f32], _: usize, _: &mut [f32]) -> Result<(), ModelError> {
        Ok(())
    }
    fn gradients(
        &mut self,
        _: &[f32],
        _: usize,
        _: &mut dyn FnMut(&[f32], &mut [f32]) -> f64,
        _: &mut [f32],
    ) -> Result<f64, ModelError> {
        Ok(0.0)
    }
    fn parameter_count(&self) -> usize {
        self.0.iter().map(Vec::len).sum()
    }
}

/// Keras' options as ours: the same names, except for the three kinds of clipping.
fn options(case: &OptimizerCase) -> OptimizerOptions {
    let mut options = case.options.clone();
    let limit =
        |options: &mut Map<String, Value>, name: &str| options.remove(name).map(|limit| limit.as_f64().unwrap());
    let clipping = None
        .or(limit(&mut options, "clipvalue").map(|limit| Clipping::Value { limit }))
        .or(limit(&mut options, "clipnorm").map(|limit| Clipping::Norm { limit }))
        .or(limit(&mut options, "global_clipnorm").map(|limit| Clipping::GlobalNorm { limit }));
    if let Some(clipping) = clipping {
        options.insert("clipping".to_owned(), serde_json::to_value(clipping).unwrap());
    }
    let rest = Value::Object(options);
    match case.optimizer.as_str() {
        "sgd" => OptimizerOptions::Sgd(serde_json::from_value::<Sgd>(rest).unwrap()),
        "adam" => OptimizerOptions::Adam(serde_json::from_value::<Adam>(rest).unwrap()),
        "adamw" => {
            let mut options: Adam = serde_json::from_value(rest).unwrap();
            options.weight_decay = options.weight_decay.or(Adam::adam_w().weight_decay);
            OptimizerOptions::Adam(options)
        }
        "rmsprop" => OptimizerOptions::RmsProp(serde_json::from_value::<RmsProp>(rest).unwrap()),
        other => panic!("no optimizer {other}"),
    }
}

/// One rounding of f32 more or less in each of a handful of operations.
fn close(found: f32, expected: f32) -> bool {
    (found - expected).abs() <= 4e-7 * expected.abs().max(1.0)
}

#[test]
fn optimizers_step_as_keras_does() {
    let golden = golden();
    for case in &golden.optimizers {
        let mut network = Parameters(golden.start.clone());
        let mut optimizer = Optimizer::new(options(case), network.parameter_count());
        for (step, (gradients, (rate, expected))) in golden
            .gradients
            .iter()
            .zip(case.rates.iter().zip(&case.weights))
            .enumerate()
        {
            optimizer.set_learning_rate(*rate);
            optimizer.step(&mut network, &gradients.concat());
            for (found, expected) in network.0.concat().iter().zip(expected.concat()) {
                assert!(
                    close(*found, expected),
                    "{} {:?}, step {step}: {found} is not {expected}",
                    case.optimizer,
                    case.options
                );
            }
        }
        assert_eq!(optimizer.steps(), 6);
    }
}

#[test]
fn losses_are_keras() {
    let golden = golden();
    for case in &golden.losses {
        let loss = match case.loss.as_str() {
            "mean-squared-error" => Loss::MeanSquaredError,
            "mean-absolute-error" => Loss::MeanAbsoluteError,
            "huber" => Loss::Huber { delta: 1.0 },
            "huber-2.5" => Loss::Huber { delta: 2.5 },
            "log-cosh" => Loss::LogCosh,
            "mean-absolute-percentage-error" => Loss::MeanAbsolutePercentageError,
            other => panic!("no loss {other}"),
        };
        let cases = [
            (&[][..], case.value, &case.gradient),
            (&golden.sample_weights, case.weighted, &case.weighted_gradient),
        ];
        for (weights, value, expected) in cases {
            let mut gradient = vec![0.0; golden.actual.len()];
            let found = loss.weighted_mean(&golden.forecasts, &golden.actual, weights, &mut gradient);
            assert!(
                (found - value).abs() < 1e-6 * value.abs(),
                "{}: {found} is not {value}",
                case.loss
            );
            for (index, (found, expected)) in gradient.iter().zip(expected).enumerate() {
                // Keras' sign of an exact hit is 0 as ours, and its tanh is f32's.
                assert!(
                    (found - expected).abs() < 2e-6 * expected.abs().max(1.0),
                    "{} gradient {index}: {found} is not {expected}",
                    case.loss
                );
            }
        }
    }
}

/// Keras' options with the metric that they watch.
fn watching_the_loss(options: &Map<String, Value>) -> Value {
    let mut options = options.clone();
    options.insert("monitor".to_owned(), "loss".into());
    Value::Object(options)
}

#[test]
fn early_stopping_stops_and_restores_as_keras_does() {
    for case in golden().early_stopping {
        let options: EarlyStoppingOptions = serde_json::from_value(watching_the_loss(&case.options)).unwrap();
        let (mut network, mut stopping) = (Scripted::new(&case.losses), EarlyStopping::new(options));
        let trainer = train(&mut network, &mut [&mut stopping]).unwrap();
        assert_eq!(
            trainer.history().epochs.len(),
            case.epochs,
            "{:?} {:?}",
            case.options,
            case.losses
        );
        // The weight counts the steps, one for each epoch.
        assert_eq!(
            network.weight,
            case.weights_of as f32 + 1.0,
            "{:?} {:?}",
            case.options,
            case.losses
        );
        assert_eq!(
            stopping.best().unwrap().1,
            f64::from(case.best),
            "{:?} {:?}",
            case.options,
            case.losses
        );
    }
}

#[test]
fn plateaus_lower_the_rate_as_in_keras() {
    for case in golden().plateaus {
        let options: ReduceLrOnPlateauOptions = serde_json::from_value(watching_the_loss(&case.options)).unwrap();
        let mut rates = Vec::new();
        let mut start = Lambda::new().epoch_begin(|event, control| {
            if event.epoch == 0 {
                control.set_learning_rate(0.1);
            }
            Ok(())
        });
        let mut keep = Lambda::new().epoch_end(|_, control| {
            rates.push(control.learning_rate());
            Ok(())
        });
        let mut reduce = ReduceLrOnPlateau::new(options);
        train(
            &mut Scripted::new(&case.losses),
            &mut [&mut start, &mut reduce, &mut keep],
        )
        .unwrap();
        drop(keep);
        for (epoch, (found, expected)) in rates.iter().zip(&case.rates).enumerate() {
            // Keras holds the rate as f32.
            assert!(
                (found / expected - 1.0).abs() < 1e-6,
                "{:?} {:?}, epoch {epoch}: {found}",
                case.options,
                case.losses
            );
        }
        assert_eq!(rates.len(), case.rates.len());
    }
}

#[test]
fn schedules_are_keras() {
    let cosine = Schedule::Cosine {
        initial: 0.1,
        epochs: 10,
        alpha: 0.05,
    };
    for case in golden().schedules {
        let schedule = match case.schedule.as_str() {
            "exponential" => Schedule::Exponential {
                initial: 0.1,
                decay_rate: 0.5,
                decay_epochs: 5.0,
            },
            "step" => Schedule::Step {
                initial: 0.1,
                factor: 0.5,
                every: 5,
            },
            "cosine" => cosine.clone(),
            "warm-up" => Schedule::WarmUp {
                from: 0.01,
                epochs: 4,
                then: Box::new(cosine.clone()),
            },
            other => panic!("no schedule {other}"),
        };
        for (epoch, rate) in case.rates.into_iter().enumerate() {
            let found = schedule.rate(epoch);
            assert!(
                (found / rate - 1.0).abs() < 1e-6,
                "{} {epoch}: {found} is not {rate}",
                case.schedule
            );
        }
    }
}
