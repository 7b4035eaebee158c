//! A folder of tables: a panel that is read part by part.

#![allow(clippy::unwrap_used)]

mod support;

use std::path::Path;

use support::{run, succeed};

fn json(folder: &Path, words: &str) -> serde_json::Value {
    serde_json::from_slice(&succeed(folder, words).stdout).unwrap()
}

/// The rows of a Parquet forecast, as CSV would have them.
fn rows(folder: &Path, file: &str) -> usize {
    let bytes = std::fs::read(folder.join(file)).unwrap();
    let source = recurra_series::Source::Bytes {
        name: file.to_owned(),
        bytes,
    };
    let table = recurra_series::Table::read(source, &recurra_series::CsvOptions::default()).unwrap();
    let names: Vec<&str> = table.names().collect();
    assert_eq!(names, ["unique_id", "ds", "yhat", "lo-80", "hi-80"]);
    table.height()
}

#[test]
fn a_panel_goes_from_parts_to_parts() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    succeed(
        at,
        "generate --preset panel --series 60 --length 80 --parts 3 -o panel -q",
    );
    let fitted = json(at, "fit panel --model gru-1x8 --epochs 4 --horizon 7 -o m.model --json");
    assert_eq!(
        (&fitted["parts"], &fitted["series"], &fitted["points"]),
        (&3.into(), &60.into(), &4800.into())
    );
    let (mae, naive) = (
        fitted["hold_out"]["mae"].as_f64().unwrap(),
        fitted["hold_out"]["naive_mae"].as_f64().unwrap(),
    );
    assert!(mae < naive, "{mae} {naive}");

    let written = json(
        at,
        "forecast m.model panel --horizon 7 --interval 80 -o forecasts --json",
    );
    assert_eq!((&written["rows"], &written["series"]), (&420.into(), &60.into()));
    let files: Vec<usize> = (0..3)
        .map(|part| rows(at, &format!("forecasts/part-0000{part}.parquet")))
        .collect();
    assert_eq!(files, [140; 3]);

    // A part forecast by itself gives what it gave among the others.
    succeed(
        at,
        "forecast m.model panel/part-00001.parquet --horizon 7 --interval 80 -o alone.parquet -q",
    );
    let bytes = |file: &str| std::fs::read(at.join(file)).unwrap();
    assert_eq!(bytes("alone.parquet"), bytes("forecasts/part-00001.parquet"));

    let own = run(at, "forecast m.model panel --horizon 7 -o panel");
    assert_eq!(own.status.code(), Some(2), "{}", String::from_utf8_lossy(&own.stderr));
}

#[test]
fn the_same_parts_give_the_same_model_and_a_finished_run_resumes_to_it() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    succeed(
        at,
        "generate --preset panel --series 12 --length 60 --parts 3 -o panel -q",
    );
    let fit = "fit panel --model gru-1x8 --epochs 2 --horizon 3 -q";
    succeed(at, &format!("{fit} -o a.model"));
    succeed(at, &format!("{fit} --checkpoint kept -o b.model"));
    succeed(at, &format!("{fit} --checkpoint kept --resume -o c.model"));
    let bytes = |file: &str| std::fs::read(at.join(file)).unwrap();
    assert_eq!(bytes("a.model"), bytes("b.model"));
    assert_eq!(bytes("a.model"), bytes("c.model"));
}

#[test]
fn names_with_dots_of_their_own_stay_apart() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    succeed(
        at,
        "generate --preset panel --series 20 --length 60 --parts 2 -o panel -q",
    );
    let mut parts: Vec<_> = std::fs::read_dir(at.join("panel"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    parts.sort();
    for (part, year) in parts.iter().zip(["2024", "2025"]) {
        std::fs::rename(part, at.join(format!("panel/sales.{year}.parquet"))).unwrap();
    }
    succeed(
        at,
        "fit panel --model rnn-1x8 --epochs 1 --horizon 3 --validation 0 -o m.model -q",
    );
    succeed(at, "forecast m.model panel --horizon 3 -o forecasts -q");
    let mut names: Vec<_> = (std::fs::read_dir(at.join("forecasts")).unwrap())
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["sales.2024.parquet", "sales.2025.parquet"]);
}
