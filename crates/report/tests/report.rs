//! The report as files: what is written, and that it is the same every time.
#![allow(clippy::unwrap_used)]

mod support;

use std::path::Path;

#[test]
fn the_sample_report_is_written_for_the_eye() {
    // Kept under target/tmp, to be looked at and for the browser's script.
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sample-report");
    let input = support::sample(10);
    let written = recurra_report::write(&input, &folder).unwrap();
    std::fs::write(
        folder.join("results.json"),
        serde_json::to_vec_pretty(&input.results).unwrap(),
    )
    .unwrap();
    assert_eq!(written.charts.len(), 2 + 1 + 5 + 5 + 1);
}
