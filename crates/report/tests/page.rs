//! The page's structure and the data that its charts draw, as snapshots short enough to be read.
#![allow(clippy::unwrap_used)]

mod support;

use recurra_report::{forecast, write};
use serde_json::{Value, json};
use std::fs;

/// The text between two marks, which must be there.
fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let from = text.find(start).unwrap_or_else(|| panic!("{start:?} is missing")) + start.len();
    &text[from..from + text[from..].find(end).unwrap()]
}

fn page() -> String {
    let folder = tempfile::tempdir().unwrap();
    fs::read_to_string(write(&support::sample(10), folder.path()).unwrap().report_html).unwrap()
}

fn tools_page(report: &forecast::ForecastReport) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.html");
    forecast::write(report, &file).unwrap();
    fs::read_to_string(&file).unwrap()
}

/// The report of one series, and that of more than fit on a page one below the other.
fn tools_pages() -> [String; 2] {
    [support::tool::report(), support::tool::shops()].map(|report| tools_page(&report))
}

/// The views with every long list of numbers as its length, first and last value.
fn views(page: &str) -> Value {
    let data = between(
        page,
        "<script id=\"report-data\" type=\"application/json\">",
        "</script>",
    );
    shorten(serde_json::from_str(data).unwrap())
}

fn shorten(value: Value) -> Value {
    match value {
        Value::Array(items) if items.len() > 8 && !items[0].is_object() => json!(format!(
            "{} values: {} … {}",
            items.len(),
            items[0],
            items[items.len() - 1]
        )),
        // Of the seeds in the background, the first stands for all.
        Value::Array(items) if items.iter().any(|item| item.get("group").is_some()) => {
            let grouped = items.iter().filter(|item| item.get("group").is_some()).count();
            let shown: Vec<Value> = items
                .into_iter()
                .take(2)
                .map(shorten)
                .chain([json!(format!("{grouped} in the group"))])
                .collect();
            json!(shown)
        }
        Value::Array(items) => items.into_iter().map(shorten).collect(),
        Value::Object(fields) => fields.into_iter().map(|(name, value)| (name, shorten(value))).collect(),
        other => other,
    }
}

/// The page without style, scripts and static pictures, one tag a line.
fn structure(page: &str) -> String {
    let mut text = between(page, "<body>", "<script").to_owned();
    while let Some(start) = text.find("<svg") {
        let end = start + text[start..].find("</svg>").unwrap() + "</svg>".len();
        text.replace_range(start..end, "[picture]");
    }
    text.replace("><", ">\n<")
}

#[test]
fn the_pages_data() {
    insta::assert_json_snapshot!("page-data", views(&page()));
    let [one, many] = tools_pages();
    insta::assert_json_snapshot!("tool-data", views(&one));
    let many = views(&many);
    insta::assert_json_snapshot!("shops-picks", json!([many["labels"], many["picks"]]));
    // Of the charts, those over all series and those of one of them.
    let own = |view: &&Value| !view["id"].as_str().unwrap().contains(['1', '2', '3', '4', '5']);
    let shown: Vec<&Value> = many["views"].as_array().unwrap().iter().filter(own).collect();
    insta::assert_json_snapshot!("shops-data", shown);
}

#[test]
fn the_pages_structure() {
    insta::assert_snapshot!("page-structure", structure(&page()));
    let [one, many] = tools_pages();
    insta::assert_snapshot!("tool-structure", structure(&one));
    insta::assert_snapshot!("shops-structure", structure(&many));
}

#[test]
fn what_the_static_charts_say() {
    let folder = tempfile::tempdir().unwrap();
    let written = write(&support::sample(10), folder.path()).unwrap();
    let mut words = String::new();
    for path in written.charts {
        let svg = fs::read_to_string(&path).unwrap();
        let texts: Vec<&str> = svg
            .split("<text ")
            .skip(1)
            .map(|text| between(text, ">", "</text>").trim())
            .collect();
        let count = |element: &str| svg.matches(&format!("<{element} ")).count();
        words.push_str(&format!(
            "{}\n  {} polylines, {} circles, {} rectangles, {} triangles\n  {}\n",
            path.file_name().unwrap().display(),
            count("polyline"),
            count("circle"),
            count("rect"),
            count("polygon"),
            texts.join(" | ")
        ));
    }
    insta::assert_snapshot!("chart-words", words);
}

#[test]
fn the_page_asks_for_nothing_from_outside() {
    for page in [page()].into_iter().chain(tools_pages()) {
        let policy = between(&page, "http-equiv=\"Content-Security-Policy\" content=\"", "\"");
        assert!(
            policy.starts_with("default-src 'none'") && !policy.contains("http"),
            "{policy}"
        );
        let head = between(&page, "<head>", "</head>");
        assert!(!head.contains("<link") && !head.contains("src="));
    }
}

#[test]
fn pages_stay_below_five_megabytes_however_much_there_is() {
    let shops = support::tool::shops();
    let series = (0..900).map(|shop| {
        let mut series = shops.series[shop % 6].clone();
        series.unique_id = format!("shop-{shop}");
        let days = 700 - shop % 50;
        let start = days - 7;
        series.values = (0..days).map(|day| Some(100.123_456 + day as f64)).collect();
        series.times = (0..days).map(|day| format!("2020-{day:03}T00:00")).collect();
        series.forecasts.truncate(1);
        series.forecasts[0].start = start;
        series
    });
    let report = forecast::ForecastReport {
        series: series.collect(),
        ..shops
    };
    let page = tools_page(&report);
    assert!((1_500_000..5_000_000).contains(&page.len()), "{} bytes", page.len());
    assert!(page.contains("of every series, from the worst to the best"));
}

#[test]
fn the_charting_library_is_the_one_that_its_readme_names() {
    use sha2::{Digest, Sha256};
    let digest = Sha256::digest(include_bytes!("../assets/echarts.common.min.js"));
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    assert!(
        include_str!("../assets/README.md").contains(&hex),
        "the digest is {hex}"
    );
}
