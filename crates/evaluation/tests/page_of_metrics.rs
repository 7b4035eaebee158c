//! `docs/metrics.md` has every metric with the formula and the source that the code gives.
#![allow(clippy::unwrap_used)]

use recurra_evaluation::metrics::{Level, Metric};

#[test]
fn every_metric_stands_on_the_page_as_in_the_code() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/metrics.md");
    let page = std::fs::read_to_string(path).unwrap();
    let others = [
        Metric::Pinball,
        Metric::Crps,
        Metric::Coverage(Level::EIGHTY),
        Metric::Width(Level::EIGHTY),
    ];
    let metrics: Vec<Metric> = Metric::OF_POINTS.into_iter().chain(others).collect();
    for metric in &metrics {
        let row = format!("| `{metric}` | {} |", metric.formula().replace('|', "\\|"));
        assert!(page.contains(&row), "docs/metrics.md lacks the row: {row}");
        let source = format!(": {}", metric.source());
        let named =
            |line: &str| line.starts_with("- ") && line.contains(&format!("`{metric}`")) && line.ends_with(&source);
        assert!(
            page.lines().any(named),
            "docs/metrics.md lacks the source of {metric}{source}"
        );
    }
    let rows = page.lines().filter(|line| line.starts_with("| `")).count();
    assert_eq!(rows, metrics.len(), "a row of docs/metrics.md is of no metric");
}
