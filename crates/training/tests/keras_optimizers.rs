//! Optimizers against Keras, step by step, learning rates that change between steps included.
//!
//! The numbers are made by `xtask/fixtures/optimizers.py`.

#![allow(clippy::unwrap_used, clippy::print_stderr, missing_docs)]

use recurra_models::{ModelError, NamedLayer, Network, ParameterView, ParameterViewMut};
use recurra_training::{Optimizer, OptimizerOptions};
use serde::Deserialize;
use serde_json::{Map, Value};

/// Tensors by step or alone.
type Tensors = Vec<Vec<f32>>;

#[derive(Deserialize)]
struct Fixture {
    weights: Tensors,
    gradients: Vec<Tensors>,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    optimizer: String,
    options: Map<String, Value>,
    weights: Vec<Tensors>,
}

/// Parameters and nothing else.
struct Parameters(Tensors);

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
                name: "",
                shape: &[values.len()],
                values,
            });
        }
    }

    fn visit_parameters_mut(&mut self, visitor: &mut dyn FnMut(ParameterViewMut<'_>)) {
        for values in &mut self.0 {
            visitor(ParameterViewMut {
                name: "",
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
}

fn optimizer(case: &Case, parameters: usize) -> Optimizer {
    let mut options = case.options.clone();
    options.remove("learning_rates");
    let name = match case.optimizer.as_str() {
        "SGD" => "sgd",
        "Adam" => "adam",
        "AdamW" => {
            // Keras' AdamW is Adam with this decay by default.
            options.entry("weight_decay").or_insert(0.004.into());
            "adam"
        }
        "RMSprop" => "rms-prop",
        other => panic!("no optimizer is called {other}"),
    };
    for (keras, by) in [
        ("clipvalue", "value"),
        ("clipnorm", "norm"),
        ("global_clipnorm", "global-norm"),
    ] {
        if let Some(limit) = options.remove(keras) {
            options.insert("clipping".to_owned(), serde_json::json!({"by": by, "limit": limit}));
        }
    }
    options.insert("name".to_owned(), name.into());
    let options: OptimizerOptions = serde_json::from_value(options.into()).unwrap();
    Optimizer::new(options, parameters)
}

#[test]
fn every_step_is_keras() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../xtask/fixtures/data/optimizers.json");
    let fixture: Fixture = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let (mut worst, mut compared) = (0.0_f32, 0);
    for case in &fixture.cases {
        let parameters = fixture.weights.iter().map(Vec::len).sum();
        let mut optimizer = optimizer(case, parameters);
        let mut network = Parameters(fixture.weights.clone());
        assert_eq!(case.weights.len(), fixture.gradients.len(), "one state after each step");
        for (step, (gradients, expected)) in fixture.gradients.iter().zip(&case.weights).enumerate() {
            if let Some(rates) = case.options.get("learning_rates") {
                optimizer.set_learning_rate(rates[step].as_f64().unwrap());
            }
            optimizer.step(&mut network, &gradients.concat());
            let largest = expected
                .concat()
                .iter()
                .fold(0.0_f32, |largest, v| largest.max(v.abs()));
            assert_eq!(expected.concat().len(), parameters);
            for (ours, keras) in network.0.concat().iter().zip(expected.concat()) {
                let share = (ours - keras).abs() / largest;
                worst = worst.max(share);
                let what = format!("{} {:?} after step {step}", case.optimizer, case.options);
                assert!(share <= 2e-6, "{what}: {ours} is not {keras}");
                compared += 1;
            }
        }
    }
    let values: usize = fixture.weights.iter().map(Vec::len).sum();
    assert_eq!(compared, fixture.cases.len() * fixture.gradients.len() * values);
    assert!(compared > 0);
    eprintln!(
        "{} optimizers within {worst:.1e} of the largest weight",
        fixture.cases.len()
    );
}
