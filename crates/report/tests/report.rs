//! The report as files: what is written, that it is the same every time, and that it says what the records say.
#![allow(clippy::unwrap_used)]

mod support;

use recurra_report::{ReportError, ReportInput, Written, compare, forecast, table, write};
use std::fs;
use std::path::{Path, PathBuf};

fn written(input: &ReportInput) -> (tempfile::TempDir, Written) {
    let folder = tempfile::tempdir().unwrap();
    let written = write(input, folder.path()).unwrap();
    (folder, written)
}

/// Kept under target/tmp, to be looked at and for `xtask/browser`.
fn kept(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn the_sample_report_is_written_for_the_eye_and_the_browser() {
    let folder = kept("sample-report");
    let input = support::sample(10);
    let written = write(&input, &folder).unwrap();
    fs::write(
        folder.join("results.json"),
        serde_json::to_vec_pretty(&input.results).unwrap(),
    )
    .unwrap();
    assert!(fs::metadata(written.report_html).unwrap().len() < 5_000_000);
    forecast::write(&support::tool::report(), &kept("sample-forecast").join("report.html")).unwrap();
    forecast::write(&support::tool::shops(), &kept("sample-shops").join("report.html")).unwrap();
}

#[test]
fn many_seeds_do_not_make_a_page_too_big_to_open() {
    let (_folder, written) = written(&support::sample(60));
    assert!(fs::metadata(written.report_html).unwrap().len() < 5_000_000);
}

#[test]
fn the_same_records_make_the_same_bytes() {
    let input = support::sample(3);
    let (one, other) = (written(&input), written(&input));
    let bytes = |written: &Written| -> Vec<Vec<u8>> {
        let pages = [&written.report_html, &written.report_md];
        pages
            .into_iter()
            .chain(&written.charts)
            .map(|path| fs::read(path).unwrap())
            .collect()
    };
    assert_eq!(bytes(&one.1), bytes(&other.1));
}

#[test]
fn nothing_but_the_reports_files_is_left() {
    let (folder, written) = written(&support::sample(1));
    let mut names: Vec<String> = fs::read_dir(folder.path())
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["REPORT.md", "charts", "report.html"]);
    let charts: Vec<_> = written
        .charts
        .iter()
        .map(|path| path.file_name().unwrap().to_str().unwrap())
        .collect();
    insta::assert_json_snapshot!("charts", charts);
    assert_eq!(
        fs::read_dir(folder.path().join("charts")).unwrap().count(),
        charts.len()
    );
}

#[test]
fn the_markdown_report() {
    let (_folder, written) = written(&support::sample(10));
    insta::assert_snapshot!("markdown", fs::read_to_string(written.report_md).unwrap());
}

#[test]
fn the_terminals_table() {
    insta::assert_snapshot!("summary", table::summary(&support::sample(10)));
    let widths = [100, 70, 30].map(|width| {
        format!(
            "{width} columns:\n{}",
            table::summary_within(&support::sample(10), width)
        )
    });
    insta::assert_snapshot!("summary-narrow", widths.join("\n"));
    // One seed has no quartiles, and without Keras' rows and baselines there is nothing to hold it against.
    let mut bare = support::sample(1);
    bare.keras.clear();
    bare.results.baselines.clear();
    bare.series.noise_floor = None;
    insta::assert_snapshot!("summary-bare", table::summary(&bare));
}

#[test]
fn two_results_side_by_side() {
    let (a, b) = (support::sample(4).results, support::sample(3).results);
    assert!(compare(&a, &a).contains("equal to the last bit"));
    let mut moved = b;
    moved.runs[0].val_mae = moved.runs[0].val_mae.map(|mae| mae - 0.25);
    moved.rate_sweep[7].loss = None;
    insta::assert_snapshot!("compare", compare(&a, &moved));
}

#[test]
fn records_that_contradict_each_other_are_refused_before_anything_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let mut short = support::sample(1);
    short.forecasts[0].values.pop();
    let error = write(&short, folder.path()).unwrap_err();
    let expected = "cannot report on the forecast of rnn-500, seed 51: 460 values for a validation part of 461";
    assert_eq!(error.to_string(), expected);
    let mut named = support::sample(1);
    named.experiments[1].id = "../rnn".to_owned();
    assert!(matches!(write(&named, folder.path()), Err(ReportError::Records { .. })));
    let mut split = support::sample(1);
    split.series.split = 2000;
    assert!(matches!(write(&split, folder.path()), Err(ReportError::Records { .. })));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let error = write(&support::sample(1), &file).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with(&format!("cannot write {}", file.join("charts").display())),
        "{error}"
    );
}

#[test]
fn an_empty_matrix_is_still_a_report() {
    let mut input = support::sample(1);
    input.experiments.clear();
    input.results.runs.clear();
    input.results.rate_sweep.clear();
    input.curves.clear();
    input.forecasts.clear();
    input.keras.clear();
    let (_folder, written) = written(&input);
    assert!(
        fs::read_to_string(written.report_html)
            .unwrap()
            .contains("How it was measured")
    );
}

#[test]
fn text_from_the_records_is_never_markup() {
    let mut input = support::sample(1);
    let evil = "</script><img src=x onerror=alert(1)>|`*[x](y)";
    input.experiments[1].title = evil.to_owned();
    input.experiments[1].description = evil.to_owned();
    input.experiments[1].tutorial = evil.to_owned();
    input.provenance.machine = evil.to_owned();
    input.results.claims[0].claim = evil.to_owned();
    let (_folder, written) = written(&input);
    for path in [&written.report_html, &written.report_md]
        .into_iter()
        .chain(&written.charts)
    {
        let text = fs::read_to_string(path).unwrap();
        assert!(
            !text.contains("<img src=x"),
            "{} holds markup from the records",
            path.display()
        );
    }
}

#[test]
fn the_tools_report_refuses_what_does_not_fit() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.html");
    let mut report = support::tool::report();
    report.series[0].forecasts[0].intervals[1].upper.pop();
    let error = forecast::write(&report, &file).unwrap_err().to_string();
    assert!(
        error.contains("the 50 % interval has 64 lower and 63 upper ends for 64 forecasts"),
        "{error}"
    );
    let mut report = support::tool::report();
    report.scores[1].values.pop();
    assert!(forecast::write(&report, &file).is_err());
    assert!(!file.exists());
}
