//! What the shipped data sets hold: `cargo run -p recurra-series --example first_look`.
//!
//! For each: how many series and points, the frequency and the season that were found, and the autocorrelation at that season.
#![expect(clippy::print_stdout, reason = "an example that prints")]

use recurra_series::datasets::{self, DatasetError};
use recurra_series::{autocorrelation, season_length};

fn main() -> Result<(), DatasetError> {
    println!(
        "{:24} {:>6} {:>7}  {:10} {:>6} {:>15}",
        "data set", "series", "points", "frequency", "season", "autocorrelation"
    );
    for name in datasets::names() {
        let panel = datasets::load(name)?.panel;
        let Some(first) = panel.series.first() else { continue };
        let points = panel.points();
        let frequency = panel
            .frequency
            .map_or_else(|| "-".to_owned(), |found| found.to_string());
        let season = season_length(first.values(), panel.frequency);
        let (length, correlation) = season.map_or_else(
            || ("none".to_owned(), String::new()),
            |season| {
                let correlation = autocorrelation(first.values(), season).unwrap_or_default();
                (season.to_string(), format!("{correlation:.2}"))
            },
        );
        println!(
            "{name:24} {:>6} {points:>7}  {frequency:10} {length:>6} {correlation:>15}",
            panel.series.len()
        );
    }
    Ok(())
}
