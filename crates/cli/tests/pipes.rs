//! The tool among other programs: readers that go away, results apart from notes, JSON that parses, colours.

#![allow(clippy::unwrap_used)]

mod support;

use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

use support::{command, succeed};

/// A folder with a table, a model fitted on it, and a forecast.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    succeed(at, "generate --preset daily --length 120 -o d.csv");
    succeed(at, "fit d.csv --model gru-1x8 --epochs 1 --horizon 5 -o d.model");
    succeed(at, "forecast d.model d.csv -o f.csv");
    folder
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let folder = tempfile::tempdir().unwrap();
    for words in [
        "generate --length 200000",
        "models",
        "models --json",
        "generate --length 100000 --json",
    ] {
        let mut child = command(folder.path(), words)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), said.as_str()), (Some(0), ""), "{words}");
        assert!(!line.is_empty());
    }
}

#[test]
fn every_result_is_there_as_json() {
    let folder = folder();
    let at = folder.path();
    for words in [
        "generate --preset shops --length 3 --json",
        "generate -o g.csv --json",
        "fit d.csv --model naive -o n.model --json",
        "forecast d.model d.csv --json",
        "forecast d.model d.csv -o f.parquet --json",
        "backtest d.csv --model theta --horizon 5 --folds 3 --json",
        "lr-find d.csv --model gru-1x8 --steps 40 --json",
        "models --json",
        "summary d.model --json",
        "plot d.csv --forecast f.csv -o p.svg --json",
        "convert d.model d.onnx --json",
        "doctor --json",
    ] {
        let output = succeed(at, words);
        let parsed: Result<serde_json::Value, _> = serde_json::from_slice(&output.stdout);
        assert!(parsed.is_ok(), "{words}: {}", String::from_utf8_lossy(&output.stdout));
    }
    let rows = succeed(at, "generate --preset shops --length 1 --json").stdout;
    let rows: Vec<serde_json::Value> = serde_json::from_slice(&rows).unwrap();
    assert_eq!(rows[0]["unique_id"], "harbour");
    assert!(rows[0]["y"].is_f64());
}

#[test]
fn quiet_says_nothing_but_results() {
    let folder = folder();
    let at = folder.path();
    for words in [
        "generate -o g.csv --quiet",
        "fit d.csv --model naive -o n.model --quiet",
        "forecast d.model d.csv -o f.csv --quiet",
        "plot d.csv -o p.svg --quiet",
        "convert d.model d.onnx --quiet",
    ] {
        let output = succeed(at, words);
        assert!(output.stdout.is_empty() && output.stderr.is_empty(), "{words}");
    }
    let output = succeed(at, "backtest d.csv --model theta --horizon 5 --folds 3 --quiet");
    assert!(output.stderr.is_empty() && !output.stdout.is_empty());
}

#[test]
fn colour_is_for_terminals_alone() {
    let folder = tempfile::tempdir().unwrap();
    let wrong = |words: &str| command(folder.path(), words).output().unwrap().stderr;
    let escape = |text: &[u8]| text.contains(&0x1b);
    assert!(!escape(&wrong("summary none.model")));
    assert!(!escape(&wrong("fit --nonsense")));
    assert!(escape(&wrong("summary none.model --color always")));
    assert!(!escape(&wrong("summary none.model --color never")));
}

#[test]
fn data_comes_and_goes_through_pipes() {
    let folder = folder();
    let at = folder.path();
    let table = std::fs::read(at.join("d.csv")).unwrap();
    let from_file = succeed(at, "forecast d.model d.csv --horizon 3").stdout;
    let mut child = command(at, "forecast d.model - --horizon 3 -o -")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(&table).unwrap();
    assert_eq!(child.wait_with_output().unwrap().stdout, from_file);
}

#[test]
fn a_backtest_gives_its_forecasts_to_a_pipe_and_its_scores_to_people() {
    let folder = folder();
    let at = folder.path();
    let backtest = "backtest d.csv --model theta --horizon 5 --folds 2 -o";
    succeed(at, &format!("{backtest} b.csv"));
    let output = succeed(at, &format!("{backtest} -"));
    assert_eq!(output.stdout, std::fs::read(at.join("b.csv")).unwrap());
    assert!(String::from_utf8_lossy(&output.stderr).contains("theta"));
    assert!(!at.join("-").exists());
}

/// A page says which command made it, whatever bytes its arguments have.
#[cfg(unix)]
#[test]
fn file_names_may_be_any_bytes() {
    use std::os::unix::ffi::OsStrExt;
    let folder = folder();
    let at = folder.path();
    let page = at.join(std::ffi::OsStr::from_bytes(b"\xff.html"));
    let output = command(at, "plot d.csv -o").arg(&page).output().unwrap();
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(std::fs::read_to_string(page).unwrap().contains("recurra plot"));
}

/// Values that a half more or less does not change.
#[test]
fn huge_and_tiny_values_are_drawn() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    for (name, values) in [
        ("constant", [9.1e15; 2]),
        ("close", [1.0, 1.0 + f64::EPSILON]),
        ("huge", [1e300, -1e300]),
        ("far", [1e308, -1e308]),
        ("tiny", [5e-324, 0.0]),
    ] {
        let rows = (0..40).map(|row| format!("{row},{:e}\n", values[row % 2]));
        std::fs::write(
            at.join(format!("{name}.csv")),
            "ds,y\n".to_owned() + &rows.collect::<String>(),
        )
        .unwrap();
        for ending in ["svg", "html"] {
            succeed(at, &format!("plot {name}.csv -o {name}.{ending}"));
        }
    }
}

#[test]
fn a_folder_has_its_own_flags() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    succeed(at, "generate --preset reference --length 120 -o d.csv");
    let toml = "time = \"t\"\nvalue = \"series\"\nquiet = true\n[fit]\nmodel = \"drift\"\nhorizon = 4\n";
    std::fs::write(at.join("recurra.toml"), toml).unwrap();
    succeed(at, "fit d.csv -o a.model");
    let summary = succeed(at, "summary a.model --json").stdout;
    let summary: serde_json::Value = serde_json::from_slice(&summary).unwrap();
    assert_eq!(
        (&summary["model"], &summary["hold_out"]["horizon"]),
        (&"drift".into(), &4.into())
    );
    // The command line counts for more.
    succeed(at, "fit d.csv --model naive --horizon 2 -o a.model");
    let summary = succeed(at, "summary a.model --json").stdout;
    let summary: serde_json::Value = serde_json::from_slice(&summary).unwrap();
    assert_eq!(
        (&summary["model"], &summary["hold_out"]["horizon"]),
        (&"naive".into(), &2.into())
    );
}
