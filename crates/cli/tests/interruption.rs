//! Ctrl-C, checkpoints and going on.

#![cfg(unix)]
#![allow(clippy::unwrap_used)]

mod support;

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use support::{command, run, succeed};

fn weights(folder: &Path, model: &str) -> String {
    let output = succeed(folder, &format!("summary {model} --json"));
    let summary: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    summary["weights_sha256"].as_str().unwrap().to_owned()
}

#[test]
fn an_interrupted_fit_goes_on_to_the_same_bits() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    succeed(at, "generate --preset daily --length 300 -o d.csv");
    let fit = "fit d.csv --model lstm-1x16 --epochs 150 --quiet";
    succeed(at, &format!("{fit} -o whole.model"));

    let kept = format!("{fit} --checkpoint kept --every 5 -o resumed.model");
    let child = command(at, &kept)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let begin = Instant::now();
    while !at.join("kept/measured.checkpoint").exists() {
        assert!(
            begin.elapsed() < Duration::from_secs(120),
            "no checkpoint in two minutes"
        );
        std::thread::sleep(Duration::from_millis(2));
    }
    assert!(
        Command::new("kill")
            .args(["-INT", &child.id().to_string()])
            .status()
            .unwrap()
            .success()
    );
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(130), "{said}");
    assert!(said.contains("--resume"), "{said}");
    assert!(!at.join("resumed.model").exists(), "an interrupted fit writes no model");

    let output = run(at, &format!("{kept} --resume"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(weights(at, "resumed.model"), weights(at, "whole.model"));
    let first = std::fs::read(at.join("resumed.model")).unwrap();
    // A finished run that is resumed writes the same model.
    succeed(at, &format!("{kept} --resume"));
    assert_eq!(std::fs::read(at.join("resumed.model")).unwrap(), first);

    // Nothing to resume: it starts afresh.
    let afresh = kept.replace("kept", "other").replace("resumed.model", "afresh.model");
    succeed(at, &format!("{afresh} --resume"));
    assert_eq!(std::fs::read(at.join("afresh.model")).unwrap(), first);

    // Another training in the same folder is refused, by the field that differs.
    let output = run(at, &format!("{} --resume", kept.replace("lstm-1x16", "lstm-1x8")));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("units"), "{said}");
}

#[test]
fn an_interrupted_backtest_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    succeed(at, "generate --preset daily --length 400 -o d.csv");
    let backtest = "backtest d.csv --model lstm-2x64 --epochs 5000 --horizon 7 --folds 20 --refit -o forecasts.csv";
    let mut child = command(at, backtest)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It says what it read right before the long part begins.
    let mut said = String::new();
    let mut stderr = std::io::BufReader::new(child.stderr.take().unwrap());
    std::io::BufRead::read_line(&mut stderr, &mut said).unwrap();
    std::thread::sleep(Duration::from_millis(300));
    let interrupt = ["-INT", &child.id().to_string()];
    assert!(Command::new("kill").args(interrupt).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    std::io::Read::read_to_string(&mut stderr, &mut said).unwrap();
    assert_eq!(output.status.code(), Some(130), "{said}");
    assert!(said.contains("interrupted") && output.stdout.is_empty(), "{said}");
    let names = std::fs::read_dir(at).unwrap().map(|entry| entry.unwrap().file_name());
    assert_eq!(names.collect::<Vec<_>>(), ["d.csv"]);
}
