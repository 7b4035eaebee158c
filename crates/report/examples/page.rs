//! A loss curve in a line of text and a page to open in a browser: `cargo run -p recurra-report --example page`.
#![expect(clippy::print_stdout, reason = "an example that prints")]

use recurra_report::forecast::{ForecastReport, MethodScore, Segment, SeriesReport, write};
use recurra_report::sparkline;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let loss: Vec<Option<f64>> = (0..60).map(|epoch| Some(1.0 / f64::from(1 + epoch))).collect();
    println!("loss {}", sparkline(&loss, 30));

    let wave = |day: i32| f64::from(day % 7) + 0.1 * f64::from(day);
    let days = 0..60;
    let report = ForecastReport {
        title: "the value a week ago".to_owned(),
        command: "cargo run -p recurra-report --example page".to_owned(),
        facts: vec![("model".to_owned(), "seasonal-naive".to_owned())],
        value_name: "sales".to_owned(),
        series: vec![SeriesReport {
            unique_id: "sales".to_owned(),
            times: days.clone().map(|day| format!("day {day}")).collect(),
            values: days.map(|day| (day < 53).then(|| wave(day))).collect(),
            split: None,
            forecasts: vec![Segment {
                start: 53,
                first_step: 1,
                mean: (53..60).map(|day| wave(day - 7)).collect(),
                intervals: vec![],
            }],
            errors: vec![],
        }],
        curves: vec![("training loss".to_owned(), loss)],
        metrics: vec!["MAE".to_owned()],
        scores: vec![MethodScore {
            method: "seasonal-naive".to_owned(),
            values: vec![Some(0.7)],
        }],
        earlier: None,
    };
    let file = std::env::temp_dir().join("recurra-page.html");
    write(&report, &file)?;
    println!("page {}", file.display());
    Ok(())
}
