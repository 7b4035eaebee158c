//! What people see: transcripts of whole sessions with the real program.

#![allow(clippy::unwrap_used)]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// Runs a pipeline of one or two commands of the tool (`a | b`) and gives what a terminal would show.
fn show(folder: &Path, line: &str) -> String {
    let mut input = Vec::new();
    let mut shown = format!("$ {line}\n");
    for part in line.split(" | ") {
        let words = part.split_whitespace().skip(1);
        let mut child = Command::new(env!("CARGO_BIN_EXE_recurra"))
            .args(words)
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(&input).unwrap();
        let output = child.wait_with_output().unwrap();
        shown += std::str::from_utf8(&output.stderr).unwrap();
        if output.status.code() != Some(0) {
            shown += &format!("(exit code {:?})\n", output.status.code());
        }
        input = output.stdout;
    }
    shown + &String::from_utf8(input).unwrap()
}

fn session(lines: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    lines
        .iter()
        .map(|line| show(folder.path(), line))
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn the_first_minute() {
    insta::assert_snapshot!(session(&[
        "recurra generate --preset reference -o reference.csv",
        "recurra fit reference.csv --time t --value series --model gru-1x16 --difference 1 --epochs 10 -o reference.safetensors",
        "recurra forecast reference.safetensors reference.csv --horizon 14 -o forecast.csv",
        "recurra forecast reference.safetensors reference.csv --horizon 3",
        "recurra plot reference.csv --forecast forecast.csv -o forecast.svg",
        "recurra summary reference.safetensors",
    ]));
}

#[test]
fn a_fit_that_stops_early() {
    insta::assert_snapshot!(session(&[
        "recurra generate --preset daily --length 200 -o daily.csv",
        "recurra fit daily.csv --model lstm-1x16 --epochs 60 --patience 2 --lr 0.05 --horizon 7 -o daily.safetensors",
        "recurra summary daily.safetensors",
    ]));
}

#[test]
fn many_series_and_a_backtest() {
    insta::assert_snapshot!(session(&[
        "recurra generate --preset shops --length 200 -o shops.csv",
        "recurra fit shops.csv --model gru-1x8 --epochs 3 --calendar --strategy direct --horizon 7 -o shops.safetensors",
        "recurra forecast shops.safetensors shops.csv --horizon 2 --interval 80",
        "recurra forecast shops.safetensors shops.csv --horizon 1 --interval 80 --json",
        "recurra backtest shops.csv --model theta,seasonal-naive --horizon 7 --folds 4 --interval 80",
        "recurra backtest shops.csv --model theta --horizon 7 --folds 4 --json --assert mae<=2 --assert mae<naive",
    ]));
}

#[test]
fn pipes_gaps_and_quiet() {
    insta::assert_snapshot!(session(&[
        "recurra generate --preset gaps --length 150 -o gaps.csv",
        "recurra fit gaps.csv --model theta -o gaps.safetensors",
        "recurra fit gaps.csv --model theta --fill linear -o gaps.safetensors",
        "recurra forecast gaps.safetensors gaps.csv --horizon 2",
        "recurra generate --preset monthly --length 60 | recurra fit - --model seasonal-naive -o monthly.safetensors --json",
        "recurra generate --preset hourly --length 100 | recurra fit - --model naive -o hourly.safetensors --quiet",
        "recurra generate --preset business-days --length 60 | recurra backtest - --model drift --horizon 2 --folds 3",
    ]));
}

#[test]
fn help_and_the_zoo() {
    insta::assert_snapshot!(session(&["recurra --help", "recurra fit --help", "recurra models"]));
}
