//! Files that Keras saved, made by `xtask/fixtures/keras_files.py`, and what becomes of them when they are changed.

#![allow(clippy::unwrap_used, clippy::print_stderr, missing_docs)]

mod archive;

use std::path::PathBuf;

use archive::{entry, with_config, with_entries};
use recurra_interchange::{ImportError, ImportOptions, from_bytes, read, weights_h5};
use recurra_zoo::Registry;
use safetensors::tensor::{SafeTensors, TensorView};

const MODELS: [&str; 5] = ["rnn-2x8", "lstm-1x8", "bilstm-2x8", "gru-1x8", "bigru-1x8"];

fn folder() -> PathBuf {
    PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../xtask/fixtures/data/keras-files"
    ))
}

fn file(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(name)).unwrap()
}

fn values(view: &TensorView<'_>) -> Vec<f64> {
    match view.dtype() {
        safetensors::Dtype::F32 => view
            .data()
            .as_chunks()
            .0
            .iter()
            .map(|&b| f32::from_le_bytes(b).into())
            .collect(),
        _ => view
            .data()
            .as_chunks()
            .0
            .iter()
            .map(|&b| f64::from_le_bytes(b))
            .collect(),
    }
}

/// The bound: 1e-5 of the forecast's magnitude, or twice Keras' own distance from f64.
fn assert_forecasts(model: &str, forecasts: &[f32]) {
    let bytes = file("forecasts.safetensors");
    let all = SafeTensors::deserialize(&bytes).unwrap();
    let keras = values(&all.tensor(&format!("{model}/y/float32")).unwrap());
    let exact = values(&all.tensor(&format!("{model}/y/float64")).unwrap());
    assert_eq!(forecasts.len(), exact.len());
    let largest = exact.iter().fold(1.0_f64, |largest, v| largest.max(v.abs()));
    let of_keras = exact
        .iter()
        .zip(&keras)
        .fold(0.0_f64, |worst, (e, k)| worst.max((e - k).abs()));
    let of_ours = exact
        .iter()
        .zip(forecasts)
        .fold(0.0_f64, |worst, (e, o)| worst.max((e - f64::from(*o)).abs()));
    let bound = (1e-5 * largest).max(2.0 * of_keras);
    eprintln!("{model}: {:.3} of the bound", of_ours / bound);
    assert!(
        of_ours <= bound,
        "{model}: {of_ours:e} from float64, Keras {of_keras:e}"
    );
}

fn windows(model: &str) -> (Vec<f32>, usize) {
    let bytes = file("forecasts.safetensors");
    let all = SafeTensors::deserialize(&bytes).unwrap();
    let x = all.tensor(&format!("{model}/x")).unwrap();
    #[expect(clippy::cast_possible_truncation, reason = "they were f32")]
    let values = values(&x).into_iter().map(|v| v as f32).collect();
    (values, x.shape()[1])
}

fn refusal(bytes: &[u8], options: &ImportOptions) -> ImportError {
    from_bytes(bytes, options, &Registry::builtin()).unwrap_err()
}

#[test]
fn models_forecast_as_keras_does() {
    let zoo = Registry::builtin();
    for model in MODELS {
        let imported = read(
            &folder().join(format!("{model}.keras")),
            &ImportOptions::default(),
            &zoo,
        )
        .unwrap();
        assert_eq!(imported.model, model);
        let (x, steps) = windows(model);
        assert!(imported.window.is_none_or(|window| window == steps));
        assert_forecasts(model, &imported.network.predict(&x, steps).unwrap());
    }
}

#[test]
fn weights_alone_tell_the_architecture() {
    let zoo = Registry::builtin();
    let imported = read(&folder().join("gru-1x8.weights.h5"), &ImportOptions::default(), &zoo).unwrap();
    let (x, steps) = windows("gru-1x8");
    assert_forecasts("gru-1x8", &imported.network.predict(&x, steps).unwrap());

    // This one has a Rescaling, whose constant is no weight.
    let bytes = file("bilstm-2x8.weights.h5");
    insta::assert_snapshot!(refusal(&bytes, &ImportOptions::default()));
    let imported = from_bytes(
        &bytes,
        &ImportOptions {
            output_scale: Some(100.0),
        },
        &zoo,
    )
    .unwrap();
    assert_eq!(imported.model, "bilstm-2x8");
    let (x, steps) = windows("bilstm-2x8");
    assert_forecasts("bilstm-2x8", &imported.network.predict(&x, steps).unwrap());
}

#[test]
fn what_we_write_we_read() {
    let zoo = Registry::builtin();
    for model in [
        "rnn-1x8",
        "lstm-3x8",
        "gru-2x16",
        "birnn-2x8",
        "bilstm-2x8",
        "bigru-3x8",
    ] {
        let sizes = recurra_zoo::BuildOptions {
            columns: 2,
            outputs: 3,
            output_scale: 10.0,
            seed: 5,
            ..recurra_zoo::BuildOptions::default()
        };
        let network = zoo.find(model).unwrap().build(&sizes).unwrap();
        let bytes = weights_h5(&*network).unwrap();
        let imported = from_bytes(
            &bytes,
            &ImportOptions {
                output_scale: Some(10.0),
            },
            &zoo,
        )
        .unwrap();
        assert_eq!(imported.model, model);
        let x: Vec<f32> = (0..24).map(|i| (i % 7) as f32 / 7.0).collect();
        assert_eq!(
            imported.network.predict(&x, 6).unwrap(),
            network.predict(&x, 6).unwrap(),
            "{model}"
        );
    }
}

#[test]
fn a_lambda_is_refused_and_the_output_scale_replaces_it() {
    let bytes = file("lambda.keras");
    insta::assert_snapshot!(refusal(&bytes, &ImportOptions::default()));
    let zoo = Registry::builtin();
    let forecast = |scale| {
        let imported = from_bytes(
            &bytes,
            &ImportOptions {
                output_scale: Some(scale),
            },
            &zoo,
        )
        .unwrap();
        assert_eq!((imported.model.as_str(), imported.window), ("rnn-1x8", Some(20)));
        imported.network.predict(&[0.5; 20], 20).unwrap()[0]
    };
    assert_eq!(forecast(100.0), 100.0 * forecast(1.0));
    assert!(matches!(
        refusal(
            &bytes,
            &ImportOptions {
                output_scale: Some(0.0)
            }
        ),
        ImportError::OutputScale(_)
    ));
}

/// Every message that a model which does not fit gives. The list of all models is long, so it is cut.
#[test]
fn what_does_not_fit_is_said_by_layer() {
    let plain = ImportOptions::default();
    let rnn = file("rnn-2x8.keras");
    let lstm = file("lstm-1x8.keras");
    let both = file("bilstm-2x8.keras");
    let gru = file("gru-1x8.keras");
    let edited = |bytes: &[u8], from: &str, to: &str| refusal(&with_config(bytes, from, to), &plain).to_string();
    let mut messages = vec![
        (
            "scaled twice",
            refusal(
                &rnn,
                &ImportOptions {
                    output_scale: Some(2.0),
                },
            )
            .to_string(),
        ),
        (
            "activation",
            edited(&rnn, r#""activation": "tanh""#, r#""activation": "relu""#),
        ),
        ("size not in the zoo", edited(&lstm, r#""units": 8"#, r#""units": 24"#)),
        (
            "reset before",
            edited(&gru, r#""reset_after": true"#, r#""reset_after": false"#),
        ),
        (
            "merge mode",
            edited(&both, r#""merge_mode": "concat""#, r#""merge_mode": "sum""#),
        ),
        (
            "other class",
            edited(&lstm, r#""class_name": "Dropout""#, r#""class_name": "Conv1D""#),
        ),
        (
            "other model",
            edited(&rnn, r#""class_name": "Sequential""#, r#""class_name": "MyModel""#),
        ),
        ("outputs", edited(&lstm, r#""units": 4"#, r#""units": 5"#)),
        (
            "sequences",
            edited(&gru, r#""return_sequences": false"#, r#""return_sequences": true"#),
        ),
        ("no bias", edited(&lstm, r#""use_bias": true"#, r#""use_bias": false"#)),
        (
            "backwards",
            edited(&gru, r#""go_backwards": false"#, r#""go_backwards": true"#),
        ),
        ("stateful", edited(&lstm, r#""stateful": false"#, r#""stateful": true"#)),
        (
            "scale per column",
            edited(&rnn, r#""scale": 100.0"#, r#""scale": [100.0]"#),
        ),
        (
            "scale beyond f32",
            edited(&rnn, r#""scale": 100.0"#, r#""scale": 1e39"#),
        ),
        (
            "offset beyond f32",
            edited(&rnn, r#""offset": 0.0"#, r#""offset": 1e300"#),
        ),
        (
            "scale that is nothing in f32",
            edited(&rnn, r#""scale": 100.0"#, r#""scale": 1e-50"#),
        ),
        (
            "no chain",
            edited(&lstm, r#""keras_history": ["memory""#, r#""keras_history": ["history""#),
        ),
        ("no json", edited(&lstm, r#"{"module""#, r#"["module""#)),
        ("other weights", {
            let mixed = [
                ("config.json", entry(&lstm, "config.json")),
                ("model.weights.h5", entry(&gru, "model.weights.h5")),
            ];
            refusal(&with_entries(&mixed), &plain).to_string()
        }),
        (
            "no weights",
            refusal(&with_entries(&[("config.json", entry(&lstm, "config.json"))]), &plain).to_string(),
        ),
        ("another file", refusal(b"unique_id,ds,y\n", &plain).to_string()),
        ("nothing", refusal(b"", &plain).to_string()),
    ];
    for (_, message) in &mut messages {
        if let Some((start, _)) = message.split_once("there are: ") {
            *message = format!("{start}there are: …");
        }
    }
    let table: Vec<String> = messages
        .into_iter()
        .map(|(what, message)| format!("{what}: {message}"))
        .collect();
    insta::assert_snapshot!(table.join("\n"));
}
