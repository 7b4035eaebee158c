//! What we write, Keras loads and forecasts with: by `scripts/load_in_keras.py`, where Python with Keras is there.

#![allow(clippy::unwrap_used, clippy::print_stderr, missing_docs)]

use std::process::Command;

use recurra_interchange::{weights_h5, weights_npz};
use recurra_zoo::{BuildOptions, Registry};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/load_in_keras.py");

/// Keras takes TensorFlow if nobody says otherwise, which need not be there.
fn backend() -> String {
    std::env::var("KERAS_BACKEND").unwrap_or_else(|_| "jax".to_owned())
}

/// Runs the script and then a forecast of the same windows.
const CHECK: &str = "
import json, runpy, sys
model = runpy.run_path(sys.argv[0])['model']
import numpy
x = numpy.array(json.load(open(sys.argv[1] + '.json')), 'float32')
print(json.dumps(model.predict(x, verbose=0).ravel().tolist()))
";

/// `RECURRA_PYTHON` or `python3`, if Keras is there. With `RECURRA_PYTHON` set it must be.
fn python() -> Option<String> {
    let named = std::env::var("RECURRA_PYTHON").ok();
    let python = named.clone().unwrap_or_else(|| "python3".to_owned());
    let mut command = Command::new(&python);
    command.args(["-c", "import keras"]).env("KERAS_BACKEND", backend());
    let found = command.output().is_ok_and(|output| output.status.success());
    assert!(
        found || named.is_none(),
        "RECURRA_PYTHON is {python}, which has no Keras"
    );
    found.then_some(python)
}

#[test]
fn keras_loads_what_we_write() {
    let Some(python) = python() else {
        eprintln!("skipped: no Python with Keras (name one in RECURRA_PYTHON)");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let cases = [("rnn-2x8", 10.0), ("gru-1x8", 1.0), ("bilstm-2x8", 100.0)];
    let cases = cases.into_iter().flat_map(|case| [(case, "weights.h5"), (case, "npz")]);
    for ((model, output_scale), ending) in cases {
        let sizes = BuildOptions {
            columns: 2,
            outputs: 3,
            output_scale,
            seed: 5,
            ..BuildOptions::default()
        };
        let network = Registry::builtin().find(model).unwrap().build(&sizes).unwrap();
        let path = folder.path().join(format!("{model}.{ending}"));
        let bytes = match ending {
            "npz" => weights_npz(&*network).unwrap(),
            _ => weights_h5(&*network).unwrap(),
        };
        std::fs::write(&path, bytes).unwrap();
        let x: Vec<f32> = (0..2 * 6 * 2).map(|i| ((i * 5) % 11) as f32 / 11.0 - 0.5).collect();
        let nested: Vec<Vec<&[f32]>> = x.chunks(12).map(|window| window.chunks(2).collect()).collect();
        std::fs::write(
            format!("{}.json", path.display()),
            serde_json::to_string(&nested).unwrap(),
        )
        .unwrap();
        let check = format!("import sys; sys.argv[0] = {SCRIPT:?}{CHECK}");
        let output = Command::new(&python)
            .args(["-c", &check])
            .arg(&path)
            .args([model, "2", "3", &output_scale.to_string()])
            .env("KERAS_BACKEND", backend())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let keras: Vec<f32> = serde_json::from_slice(&output.stdout).unwrap();
        let ours = network.predict(&x, 6).unwrap();
        assert_eq!(keras.len(), ours.len());
        for (keras, ours) in keras.iter().zip(&ours) {
            assert!(
                (keras - ours).abs() <= 1e-5 * ours.abs().max(1.0),
                "{model}.{ending}: {keras} is not {ours}"
            );
        }
    }
}
