//! Charts in pixels (`cargo test -p recurra-report --features png`; the whole workspace has the feature on).
#![cfg(feature = "png")]
#![allow(clippy::unwrap_used)]

mod support;

use recurra_report::forecast::{ForecastReport, picture};
use recurra_report::{png, write};

#[test]
fn words_are_in_the_picture() {
    let report = support::tool::report();
    let named = png::png(&picture(&report).unwrap()).unwrap();
    let other = ForecastReport {
        title: "another title".to_owned(),
        ..report
    };
    assert_ne!(named, png::png(&picture(&other).unwrap()).unwrap());
}

#[test]
fn every_chart_has_a_twin_of_twice_its_size() {
    let folder = tempfile::tempdir().unwrap();
    let written = write(&support::sample(2), folder.path()).unwrap();
    for chart in &written.charts {
        let bytes = std::fs::read(png::twin(chart).unwrap()).unwrap();
        let side = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
        let svg = std::fs::read_to_string(chart).unwrap();
        let height: f64 = svg
            .split("height=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap()
            .parse()
            .unwrap();
        assert_eq!(
            (side(16), f64::from(side(20))),
            (1800, 2.0 * height),
            "{}",
            chart.display()
        );
    }
}

#[test]
fn what_is_no_svg_is_an_error() {
    let error = png::png("no svg").unwrap_err().to_string();
    assert!(error.starts_with("cannot draw the chart"), "{error}");
}
