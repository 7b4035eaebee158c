//! Files that Keras saved become model files that forecast as Keras does. The files and Keras' own forecasts were made by
//! `xtask/fixtures/keras_files.py`.

#![allow(clippy::unwrap_used)]

mod support;

use std::path::{Path, PathBuf};
use std::process::Output;

use safetensors::tensor::SafeTensors;

use support::{program, succeeded};

fn run(folder: &Path, words: &[&str]) -> Output {
    program(folder, words).output().unwrap()
}

fn succeed(folder: &Path, words: &[&str]) -> String {
    String::from_utf8(succeeded(run(folder, words), &words.join(" ")).stdout).unwrap()
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../xtask/fixtures/data/keras-files")
}

/// A tensor of Keras' forecasts, and its shape.
fn tensor(name: &str) -> (Vec<f64>, Vec<usize>) {
    let bytes = std::fs::read(fixtures().join("forecasts.safetensors")).unwrap();
    let all = SafeTensors::deserialize(&bytes).unwrap();
    let view = all.tensor(name).unwrap();
    let values = match view.dtype() {
        safetensors::Dtype::F32 => {
            let (chunks, _) = view.data().as_chunks();
            chunks.iter().map(|&bytes| f32::from_le_bytes(bytes).into()).collect()
        }
        _ => {
            let (chunks, _) = view.data().as_chunks();
            chunks.iter().map(|&bytes| f64::from_le_bytes(bytes)).collect()
        }
    };
    (values, view.shape().to_vec())
}

/// One window of a fixture as a table: `ds`, `y` and the columns `a`, `b`, … beside it.
fn table(values: &[f64], columns: usize) -> String {
    let names = ["y", "a", "b"];
    let mut text = format!("ds,{}\n", names[..columns].join(","));
    for (step, row) in values.chunks(columns).enumerate() {
        let fields: Vec<String> = row.iter().map(ToString::to_string).collect();
        text += &format!("{step},{}\n", fields.join(","));
    }
    text
}

/// Converts, forecasts from every window of the fixture, and compares: within 1e-5 of the largest magnitude, or twice Keras'
/// own distance from f64.
fn forecasts_as_keras(file: &str, flags: &[&str]) {
    let model = file.split('.').next().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::copy(fixtures().join(file), folder.join(file)).unwrap();
    succeed(folder, &[&["convert", file, "model.safetensors"], flags].concat());
    let (inputs, shape) = tensor(&format!("{model}/x"));
    let ((exact, outputs), (keras, _)) = (
        tensor(&format!("{model}/y/float64")),
        tensor(&format!("{model}/y/float32")),
    );
    let pairs = || exact.iter().zip(&keras);
    let largest = exact.iter().fold(1.0_f64, |largest, value| largest.max(value.abs()));
    let bound = pairs().fold(1e-5 * largest, |bound, (exact, keras)| {
        bound.max(2.0 * (exact - keras).abs())
    });
    let horizon = outputs[1].to_string();
    for (window, exact) in inputs.chunks(shape[1] * shape[2]).zip(exact.chunks(outputs[1])) {
        std::fs::write(folder.join("data.csv"), table(window, shape[2])).unwrap();
        let words = ["forecast", "model.safetensors", "data.csv", "--horizon", &horizon];
        let printed = succeed(folder, &words);
        let forecast: Vec<f64> = (printed.lines().skip(1))
            .map(|line| line.split(',').nth(1).unwrap().parse().unwrap())
            .collect();
        assert_eq!(forecast.len(), exact.len(), "{printed}");
        for (ours, exact) in forecast.iter().zip(exact) {
            assert!((ours - exact).abs() <= bound, "{file}: {ours} where Keras has {exact}");
        }
    }
}

#[test]
fn networks_of_keras_forecast_as_keras_does() {
    forecasts_as_keras("rnn-2x8.keras", &[]);
    forecasts_as_keras("bigru-1x8.keras", &["--window", "20"]);
    forecasts_as_keras("lstm-1x8.keras", &["--past-exog", "a,b"]);
    forecasts_as_keras("gru-1x8.weights.h5", &["--window", "7", "--past-exog", "a"]);
    forecasts_as_keras("bilstm-2x8.weights.h5", &["--window", "20", "--output-scale", "100"]);
}

/// `(y - 3)·0.5` through the network, and back: the forecast of the raw values is that of the scaled ones, unscaled.
#[test]
fn values_that_python_scaled_are_scaled_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::copy(fixtures().join("rnn-2x8.keras"), folder.join("rnn.keras")).unwrap();
    succeed(folder, &["convert", "rnn.keras", "plain.safetensors"]);
    let scaled = ["--subtract", "3", "--divide", "2"];
    succeed(
        folder,
        &[&["convert", "rnn.keras", "scaled.safetensors"][..], &scaled].concat(),
    );
    let raw: Vec<f64> = (0..20).map(|step| f64::from(step % 5)).collect();
    let seen: Vec<f64> = raw.iter().map(|value| (value - 3.0) / 2.0).collect();
    std::fs::write(folder.join("raw.csv"), table(&raw, 1)).unwrap();
    std::fs::write(folder.join("seen.csv"), table(&seen, 1)).unwrap();
    let first = |model: &str, data: &str| -> f64 {
        let printed = succeed(folder, &["forecast", model, data, "--horizon", "1"]);
        printed
            .lines()
            .nth(1)
            .unwrap()
            .split(',')
            .nth(1)
            .unwrap()
            .parse()
            .unwrap()
    };
    let (plain, scaled) = (
        first("plain.safetensors", "seen.csv"),
        first("scaled.safetensors", "raw.csv"),
    );
    assert_eq!(scaled, plain * 2.0 + 3.0);
}

#[test]
fn the_model_of_the_tutorial_needs_its_scale_and_then_forecasts() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::copy(fixtures().join("lambda.keras"), folder.join("tutorial.keras")).unwrap();
    let refused = run(folder, &["convert", "tutorial.keras", "model.safetensors"]);
    let said = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(2), "{said}");
    assert!(said.contains("Lambda") && said.contains("--output-scale"), "{said}");

    let flags = "convert tutorial.keras model.safetensors --output-scale 100 --time t --value series";
    succeed(folder, &flags.split(' ').collect::<Vec<_>>());
    succeed(folder, &["generate", "--length", "60", "-o", "data.csv"]);
    let printed = succeed(folder, &["forecast", "model.safetensors", "data.csv", "--horizon", "3"]);
    let times: Vec<&str> = printed
        .lines()
        .skip(1)
        .filter_map(|line| line.split(',').next())
        .collect();
    assert_eq!(times, ["60", "61", "62"]);
    let summary = succeed(folder, &["summary", "model.safetensors"]);
    assert!(
        summary.contains("window     20") && summary.contains("Keras"),
        "{summary}"
    );
    // The model file holds the same weights as the file that it came from.
    succeed(folder, &["convert", "model.safetensors", "back.weights.h5"]);
    let back = [
        "convert",
        "back.weights.h5",
        "again.safetensors",
        "--output-scale",
        "100",
        "--window",
        "20",
    ];
    succeed(folder, &back);
    let digest = |model: &str| {
        let summary: serde_json::Value = serde_json::from_str(&succeed(folder, &["summary", model, "--json"])).unwrap();
        summary["weights_sha256"].as_str().unwrap().to_owned()
    };
    assert_eq!(digest("again.safetensors"), digest("model.safetensors"));
}
