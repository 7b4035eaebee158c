//! ONNX models against onnxruntime, by `scripts/run_onnx.py`, where Python with onnxruntime is there.

#![allow(clippy::unwrap_used, clippy::print_stderr, missing_docs)]

use std::process::Command;

use recurra_interchange::{ExportError, OnnxOptions, OnnxScaling, onnx};
use recurra_models::{
    Activation, ActivationKind, Average, Bidirectional, Const, Dense, Dropout, FirstLayer, GruCell, GruResetBeforeCell,
    Head, InnerLayer, LastState, LstmCell, Mul, Network, Recurrent, Sequences, Sequential, SimpleRnnCell, Sum,
};
use recurra_zoo::{BuildOptions, Registry};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/run_onnx.py");
const STEPS: usize = 7;

/// `RECURRA_PYTHON` or `python3`, if onnxruntime is there. With `RECURRA_PYTHON` set it must be.
fn python() -> Option<String> {
    let named = std::env::var("RECURRA_PYTHON").ok();
    let python = named.clone().unwrap_or_else(|| "python3".to_owned());
    let output = Command::new(&python).args(["-c", "import onnxruntime"]).output();
    let found = output.is_ok_and(|output| output.status.success());
    assert!(
        found || named.is_none(),
        "RECURRA_PYTHON is {python}, which has no onnxruntime"
    );
    found.then_some(python)
}

fn run(python: &str, model: &[u8], x: &[f32], columns: usize) -> Vec<f32> {
    let folder = tempfile::tempdir().unwrap();
    let (path, history) = (folder.path().join("model.onnx"), folder.path().join("history.json"));
    std::fs::write(&path, model).unwrap();
    let windows = x.chunks(STEPS * columns);
    let nested: Vec<Vec<&[f32]>> = windows.map(|window| window.chunks(columns).collect()).collect();
    std::fs::write(&history, serde_json::to_string(&nested).unwrap()).unwrap();
    let output = Command::new(python).arg(SCRIPT).args([path, history]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let forecasts: Vec<Vec<f32>> = serde_json::from_slice(&output.stdout).unwrap();
    forecasts.concat()
}

/// Biases other than the initial ones, so that a wrong place of one is seen.
fn disturb(network: &mut dyn Network) {
    network.visit_parameters_mut(&mut |view| {
        for (index, value) in view.values.iter_mut().enumerate() {
            *value += 0.05 * ((index * 7 % 13) as f32 / 13.0 - 0.5);
        }
    });
}

fn assert_close(what: &str, ours: &[f32], theirs: &[f32]) {
    assert_eq!(ours.len(), theirs.len());
    let largest = ours.iter().fold(1.0_f32, |largest, v| largest.max(v.abs()));
    let worst = ours
        .iter()
        .zip(theirs)
        .fold(0.0_f32, |worst, (a, b)| worst.max((a - b).abs()));
    eprintln!("{what}: {worst:.1e} of {largest:.1}");
    assert!(worst <= 1e-5 * largest, "{what}: {theirs:?} is not {ours:?}");
}

fn history(columns: usize) -> Vec<f32> {
    (0..3 * STEPS * columns)
        .map(|i| ((i * 5) % 11) as f32 / 11.0 - 0.5)
        .collect()
}

#[test]
fn models_of_the_zoo_forecast_the_same() {
    let Some(python) = python() else {
        eprintln!("skipped: no Python with onnxruntime (name one in RECURRA_PYTHON)");
        return;
    };
    let zoo = Registry::builtin();
    for model in ["rnn-2x8", "lstm-1x8", "gru-2x8", "birnn-1x8", "bilstm-3x8", "bigru-2x8"] {
        let options = BuildOptions {
            columns: 2,
            outputs: 3,
            output_scale: 10.0,
            seed: 5,
            ..BuildOptions::default()
        };
        let mut network = zoo.find(model).unwrap().build(&options).unwrap();
        disturb(&mut *network);
        let x = history(2);
        let theirs = run(&python, &onnx(&*network, &OnnxOptions::default()).unwrap(), &x, 2);
        assert_close(model, &network.predict(&x, STEPS).unwrap(), &theirs);

        // With scaling the model takes and gives values in their own unit.
        let scaling = OnnxScaling {
            centre: 50.0,
            width: 20.0,
        };
        let options = OnnxOptions {
            inputs: vec![scaling; 2],
            output: Some(scaling),
        };
        let own_unit: Vec<f32> = x.iter().map(|v| v * 20.0 + 50.0).collect();
        let theirs = run(&python, &onnx(&*network, &options).unwrap(), &own_unit, 2);
        let ours: Vec<f32> = network
            .predict(&x, STEPS)
            .unwrap()
            .iter()
            .map(|v| v * 20.0 + 50.0)
            .collect();
        assert_close(&format!("{model}, scaled"), &ours, &theirs);
    }
}

/// What a registry of one's own may hold besides: the other merge modes, a GRU with the reset before.
#[test]
fn other_layers_forecast_the_same() {
    let Some(python) = python() else { return };
    type First = Bidirectional<LstmCell, usize, 5, 5, Sequences, Sum>;
    type Second = Bidirectional<GruCell, Const<5>, 4, 4, Sequences, Mul>;
    type Third = Bidirectional<SimpleRnnCell, Const<4>, 3, 3, LastState, Average>;
    let mut network = Sequential::<(First, Second, Third, Head<3>)>::new(1, 2, 3, |device| {
        Ok((
            First::first(device, 1)?,
            Second::inner(device)?,
            Third::inner(device)?,
            Head::zeros(device, 2)?,
        ))
    })
    .unwrap();
    disturb(&mut network);
    let x = history(1);
    let theirs = run(&python, &onnx(&network, &OnnxOptions::default()).unwrap(), &x, 1);
    assert_close("merge modes", &network.predict(&x, STEPS).unwrap(), &theirs);

    type Before = Recurrent<GruResetBeforeCell, usize, 5, LastState>;
    let mut network = Sequential::<(Before, Head<5>)>::new(1, 1, 3, |device| {
        Ok((Before::first(device, 1)?, Head::zeros(device, 1)?))
    })
    .unwrap();
    disturb(&mut network);
    let theirs = run(&python, &onnx(&network, &OnnxOptions::default()).unwrap(), &x, 1);
    assert_close("reset before", &network.predict(&x, STEPS).unwrap(), &theirs);
}

/// Read backwards: every step, in the order of reading, and the last state alone.
#[test]
fn layers_that_go_backwards_forecast_the_same() {
    let Some(python) = python() else { return };
    type First = Recurrent<LstmCell, usize, 5, Sequences>;
    type Second = Recurrent<GruCell, Const<5>, 4, Sequences>;
    type Third = Recurrent<SimpleRnnCell, Const<4>, 3, LastState>;
    let mut network = Sequential::<(First, Second, Third, Head<3>)>::new(1, 2, 3, |device| {
        Ok((
            First::first(device, 1)?.go_backwards(),
            Second::inner(device)?,
            Third::inner(device)?.go_backwards(),
            Head::zeros(device, 2)?,
        ))
    })
    .unwrap();
    disturb(&mut network);
    let x = history(1);
    let theirs = run(&python, &onnx(&network, &OnnxOptions::default()).unwrap(), &x, 1);
    assert_close("backwards", &network.predict(&x, STEPS).unwrap(), &theirs);
}

/// Between dense layers, and behind a layer that gives every step.
#[test]
fn activations_forecast_the_same() {
    type First = Recurrent<LstmCell, usize, 5, Sequences>;
    type Second = Recurrent<GruCell, Const<5>, 4, LastState>;
    let python = python();
    let kinds = [
        ActivationKind::Linear,
        ActivationKind::Relu,
        ActivationKind::Elu,
        ActivationKind::Tanh,
        ActivationKind::Sigmoid,
        ActivationKind::Softplus,
        ActivationKind::Silu,
    ];
    for kind in kinds {
        let mut network =
            Sequential::<(First, Activation, Second, Dense<4, 6>, Activation, Head<6>)>::new(1, 2, 3, |device| {
                let (first, second) = (First::first(device, 1)?, Second::inner(device)?);
                let (dense, head) = (Dense::zeros(device, Const)?, Head::zeros(device, 2)?);
                Ok((first, Activation::new(kind), second, dense, Activation::new(kind), head))
            })
            .unwrap();
        disturb(&mut network);
        let (x, model) = (history(1), onnx(&network, &OnnxOptions::default()).unwrap());
        let Some(python) = &python else { continue };
        let theirs = run(python, &model, &x, 1);
        assert_close(&format!("{kind:?}"), &network.predict(&x, STEPS).unwrap(), &theirs);
    }
}

#[test]
fn a_stateful_layer_is_refused_by_name() {
    type First = Recurrent<LstmCell, usize, 5, Sequences>;
    type Second = Bidirectional<LstmCell, Const<5>, 3, 6, LastState>;
    let network = Sequential::<(First, Second, Head<6>)>::new(1, 1, 3, |device| {
        Ok((
            First::first(device, 1)?,
            Second::inner(device)?.stateful(),
            Head::zeros(device, 1)?,
        ))
    })
    .unwrap();
    let error = onnx(&network, &OnnxOptions::default()).unwrap_err();
    insta::assert_snapshot!(error);
}

#[test]
fn one_scaling_a_column_or_none() {
    let network = Registry::builtin()
        .find("rnn-1x8")
        .unwrap()
        .build(&BuildOptions::default())
        .unwrap();
    let scaling = OnnxScaling {
        centre: 0.0,
        width: 1.0,
    };
    let options = OnnxOptions {
        inputs: vec![scaling; 3],
        output: None,
    };
    let error = onnx(&*network, &options).unwrap_err();
    assert!(
        matches!(error, ExportError::Scalings { found: 3, expected: 1 }),
        "{error}"
    );
}

/// A fitted model's scalings stand in its options; what is no plain scaling is refused.
#[test]
fn scalings_of_a_fitted_model() {
    use std::collections::BTreeMap;

    use recurra_zoo::forecaster::{CovariateScaling, FittedNetwork, NetworkSettings, Scaling, Transform};

    let zoo = Registry::builtin();
    let entry = zoo.find("rnn-1x8").unwrap();
    let fitted = |transforms: &[(&str, Scaling, &[f64])]| {
        let network = entry.build(&BuildOptions::default()).unwrap();
        let transforms: BTreeMap<String, Transform> = transforms
            .iter()
            .map(|&(id, scale, values)| (id.to_owned(), Transform::fit(scale, 0, values).unwrap()))
            .collect();
        let settings = NetworkSettings::of(entry.recipe(), 0);
        FittedNetwork::from_parts(
            "rnn-1x8".to_owned(),
            network,
            settings,
            transforms,
            CovariateScaling::default(),
        )
    };
    let one = OnnxOptions::of(&fitted(&[("a", Scaling::MinMax, &[1.0, 3.0, 5.0])])).unwrap();
    let scaling = OnnxScaling {
        centre: 1.0,
        width: 4.0,
    };
    assert_eq!(
        one,
        OnnxOptions {
            inputs: vec![scaling],
            output: Some(scaling)
        }
    );
    let two = OnnxOptions::of(&fitted(&[
        ("a", Scaling::MinMax, &[1.0, 5.0]),
        ("b", Scaling::MinMax, &[1.0, 6.0]),
    ]));
    assert!(matches!(two, Err(ExportError::ManySeries { series: 2 })));
    let log = OnnxOptions::of(&fitted(&[("a", Scaling::Log, &[1.0, 5.0])]));
    assert!(matches!(log, Err(ExportError::NotAffine)));
}

/// Dropout does nothing when a network forecasts: the model is the same without it.
#[test]
fn dropout_leaves_no_trace() {
    type Body = Recurrent<GruResetBeforeCell, usize, 5, LastState>;
    let plain =
        Sequential::<(Body, Head<5>)>::new(1, 1, 3, |device| Ok((Body::first(device, 1)?, Head::zeros(device, 1)?)))
            .unwrap();
    let with_dropout = Sequential::<(Body, Dropout, Head<5>)>::new(1, 1, 3, |device| {
        let body = Body::first(device, 1)?.recurrent_dropout(0.5);
        Ok((body, Dropout::new(0.5), Head::zeros(device, 1)?))
    })
    .unwrap();
    let bytes = |network: &dyn Network| onnx(network, &OnnxOptions::default()).unwrap();
    assert!(bytes(&plain) == bytes(&with_dropout));
}
