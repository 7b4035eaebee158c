//! Two results side by side.

use crate::markdown::table;
use crate::records::{Results, Run};
use crate::stats::Spread;
use crate::table::{number, spread_cell};
use std::fmt::Write as _;

/// Compares two results as Markdown: medians, the seeds that both have, classical references and learning-rate sweeps.
///
/// A difference is b − a, so a negative one means that `b` is better. Values count as equal only if every bit is.
pub fn compare(a: &Results, b: &Results) -> String {
    let mut text = String::from("# Comparison of A and B\n\n");
    if a == b {
        text.push_str("The results are equal to the last bit.\n\n");
    }
    text.push_str("## Validation MAE over seeds\n\n");
    let headings = [
        "experiment",
        "A",
        "B",
        "median B − A",
        "seeds in both",
        "equal",
        "B better",
        "mean B − A by seed",
    ];
    text.push_str(&table(
        &headings,
        experiments(a, b).into_iter().map(|id| experiment(a, b, id)),
    ));
    text.push_str("\n## Classical references, MAE\n\n");
    let names: std::collections::BTreeSet<&String> = a.baselines.keys().chain(b.baselines.keys()).collect();
    let mae = |results: &Results, name: &str| results.baselines.get(name).map(|baseline| baseline.mae);
    let rows = names.into_iter().map(|name| {
        let (a, b) = (mae(a, name), mae(b, name));
        [name.clone(), cell(a), cell(b), difference(a.zip(b).map(|(a, b)| b - a))]
    });
    text.push_str(&table(&["method", "A", "B", "B − A"], rows));
    let _ = write!(text, "\n## Learning-rate sweep\n\n{}\n", rate_sweeps(a, b));
    text
}

/// The experiments of both, a's order first.
fn experiments<'a>(a: &'a Results, b: &'a Results) -> Vec<&'a str> {
    let mut names: Vec<&str> = Vec::new();
    for run in a.runs.iter().chain(&b.runs) {
        if !names.contains(&run.experiment.as_str()) {
            names.push(&run.experiment);
        }
    }
    names
}

fn runs<'a>(results: &'a Results, experiment: &str) -> Vec<&'a Run> {
    results.runs.iter().filter(|run| run.experiment == experiment).collect()
}

fn experiment(a: &Results, b: &Results, id: &str) -> [String; 8] {
    let (a, b) = (runs(a, id), runs(b, id));
    let spread = |runs: &[&Run]| Spread::of(&runs.iter().map(|run| run.val_mae).collect::<Vec<_>>());
    let (spread_a, spread_b) = (spread(&a), spread(&b));
    let pairs: Vec<(&Run, &Run)> = a
        .iter()
        .filter_map(|run| Some((*run, *b.iter().find(|other| other.seed == run.seed)?)))
        .collect();
    let equal = pairs.iter().filter(|(a, b)| a == b).count();
    let finite: Vec<f64> = pairs
        .iter()
        .filter_map(|(a, b)| Some(b.val_mae? - a.val_mae?))
        .collect();
    let better = finite.iter().filter(|difference| **difference < 0.0).count();
    let mean = (!finite.is_empty()).then(|| finite.iter().sum::<f64>() / finite.len() as f64);
    let medians = spread_a.zip(spread_b).map(|(a, b)| b.median - a.median);
    [
        id.to_owned(),
        spread_cell(spread_a),
        spread_cell(spread_b),
        difference(medians),
        pairs.len().to_string(),
        equal.to_string(),
        better.to_string(),
        difference(mean),
    ]
}

fn rate_sweeps(a: &Results, b: &Results) -> String {
    if a.rate_sweep == b.rate_sweep {
        return format!("Equal: {} points.", a.rate_sweep.len());
    }
    let both = a.rate_sweep.iter().filter_map(|point| {
        let other = b
            .rate_sweep
            .iter()
            .find(|other| (other.seed, other.epoch) == (point.seed, point.epoch))?;
        Some(point == other)
    });
    let (shared, equal) = both.fold((0, 0), |(shared, equal), same| (shared + 1, equal + usize::from(same)));
    format!(
        "A has {} points, B has {}; of the {shared} in both, {} differ.",
        a.rate_sweep.len(),
        b.rate_sweep.len(),
        shared - equal
    )
}

fn cell(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), number)
}

/// With a sign; what would be shown as zero without being zero is written by its power of ten.
fn difference(value: Option<f64>) -> String {
    let text = match value {
        None => return "–".to_owned(),
        Some(value) if !value.is_finite() => return "–".to_owned(),
        Some(0.0) => return "0".to_owned(),
        Some(value) if value.abs() < 0.005 => format!("{value:+.0e}"),
        Some(value) => format!("{value:+.2}"),
    };
    text.replace('-', "−")
}

#[cfg(test)]
mod tests {
    use super::difference;

    #[test]
    fn small_differences_are_not_rounded_away() {
        assert_eq!(
            [Some(-0.123), Some(2e-9), Some(0.0), None].map(difference),
            ["−0.12", "+2e−9", "0", "–"]
        );
    }
}
