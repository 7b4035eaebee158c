//! How far outside the distribution over seeds a figure has moved.

use crate::compare::{Figure, Moved};
use recurra_evaluation::statistics::six_digits;
use recurra_report::records::{Results, Run};

/// Below this number of runs there is no distribution to speak of.
const FEWEST: usize = 5;
/// The figures that seeds differ in, the one that says most first.
const METRICS: [&str; 5] = ["val_mae", "val_mse", "val_bias", "train_mae", "final_loss"];

/// What to make of moved figures, one paragraph for each run that has any: which experiment, from what to what, and where the new
/// value lies among the runs of the same experiment in `seeds`, results of many seeds: its rank, and its distance from their mean in
/// standard deviations (of a sample, with n − 1). A run that diverged ranks highest, and is in neither mean nor deviation.
///
/// Where several figures of a run moved the validation MAE speaks for all; learning-rate sweeps and classical methods have no distribution and are
/// left out.
#[must_use]
pub fn explain(moved: &[Moved], seeds: &Results) -> Vec<String> {
    let mut told: Vec<(&str, u64)> = Vec::new();
    let mut paragraphs = Vec::new();
    for row in moved {
        let Some(seed) = row.seed else { continue };
        let name = (row.subject.as_str(), seed);
        if told.contains(&name) {
            continue;
        }
        let of_metric = |metric: &&str| {
            moved
                .iter()
                .find(|row| (row.subject.as_str(), row.seed) == (name.0, Some(seed)) && row.metric == **metric)
        };
        if let Some(row) = METRICS.iter().find_map(of_metric) {
            told.push(name);
            paragraphs.push(paragraph(row, seed, seeds));
        }
    }
    paragraphs
}

/// The figure of a run by its name in `results.json`, if it is one that seeds differ in.
fn figure(run: &Run, metric: &str) -> Option<f64> {
    match metric {
        "val_mae" => run.val_mae,
        "val_mse" => run.val_mse,
        "val_bias" => run.val_bias,
        "train_mae" => run.train_mae,
        "final_loss" => run.final_loss,
        _ => None,
    }
}

fn paragraph(row: &Moved, seed: u64, seeds: &Results) -> String {
    let mut text = format!(
        "{}, seed {seed}: {} from {} to {}{}.",
        row.subject,
        row.metric,
        words(row.from),
        words(row.to),
        change(row)
    );
    let runs: Vec<&Run> = seeds.runs.iter().filter(|run| run.experiment == row.subject).collect();
    let values: Vec<f64> = runs.iter().filter_map(|run| figure(run, &row.metric)).collect();
    if values.len() < FEWEST {
        return text + " No distribution over seeds is kept for this experiment.";
    }
    text += &match row.to {
        Figure::Number(new) => place(new, &values, runs.len()),
        Figure::Null => format!(" {} of {} seeds diverged, too.", runs.len() - values.len(), runs.len()),
        Figure::Absent => String::new(),
    };
    text
}

/// By how much a figure moved.
fn change(row: &Moved) -> String {
    let (Figure::Number(from), Figure::Number(to)) = (row.from, row.to) else {
        return String::new();
    };
    let share = (to - from) / from.abs() * 100.0;
    if share.abs() >= 0.01 && share.is_finite() {
        format!(" ({share:+.2} %)")
    } else {
        format!(" ({:+.1e})", to - from)
    }
}

/// Where `new` lies among the `values` of those of `runs` that did not diverge.
fn place(new: f64, values: &[f64], runs: usize) -> String {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let variance = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (count - 1.0);
    let deviation = variance.sqrt();
    let lowest = values.iter().copied().fold(f64::INFINITY, f64::min);
    let highest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let below = values.iter().filter(|value| **value < new).count();
    let verdict = if new < lowest {
        "lower than any seed gives"
    } else if new > highest {
        "higher than any seed gives"
    } else {
        "no further than another seed would move it"
    };
    let distance = if deviation > 0.0 {
        format!("{:+.1} standard deviations from their mean", (new - mean) / deviation)
    } else {
        "all of which give the same".to_owned()
    };
    let diverged = match runs - values.len() {
        0 => String::new(),
        diverged => format!(" ({diverged} more diverged)"),
    };
    format!(
        " {} seeds{diverged} give {} to {}, mean {}, standard deviation {}. The new value is above {below} of {runs}, {distance}: \
         {verdict}.",
        values.len(),
        six_digits(lowest),
        six_digits(highest),
        six_digits(mean),
        six_digits(deviation)
    )
}

/// A figure in six digits.
fn words(figure: Figure) -> String {
    match figure {
        Figure::Number(value) => six_digits(value).to_string(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(seed: u64, val_mae: Option<f64>) -> Run {
        Run {
            experiment: "bilstm-1".into(),
            seed,
            epochs: 100,
            parameters: 8769,
            val_mae,
            val_mse: None,
            val_bias: None,
            train_mae: None,
            final_loss: None,
            diverged: None,
        }
    }

    fn moved(subject: &str, seed: u64, metric: &str, from: f64, to: Figure) -> Moved {
        Moved {
            subject: subject.into(),
            seed: Some(seed),
            metric: metric.into(),
            from: Figure::Number(from),
            to,
        }
    }

    #[test]
    fn a_regression_is_told_beside_the_seeds() {
        let mut runs: Vec<Run> = (1..=19_u32)
            .map(|seed| run(seed.into(), Some(6.0 + f64::from(seed) / 10.0)))
            .collect();
        runs.push(run(20, None));
        let seeds = Results {
            schema: 1,
            runs,
            rate_sweep: Vec::new(),
            baselines: Default::default(),
            claims: Vec::new(),
            distributions: Vec::new(),
        };
        let rows = [
            moved("bilstm-1", 51, "epochs", 100.0, Figure::Number(99.0)),
            moved("bilstm-1", 51, "val_mse", 60.0, Figure::Number(70.0)),
            moved("bilstm-1", 51, "val_mae", 6.75, Figure::Number(6.75_f64.next_up())),
            moved("bilstm-1", 1, "val_mae", 6.75, Figure::Number(7.75)),
            moved("bilstm-1", 2, "val_mae", 6.75, Figure::Number(12.5)),
            moved("bilstm-1", 3, "val_mae", 6.75, Figure::Number(5.0)),
            moved("bilstm-1", 4, "val_mae", 6.75, Figure::Null),
            moved("bilstm-1", 5, "val_mae", 6.75, Figure::Absent),
            moved("bilstm-9", 51, "val_mae", 1.0, Figure::Number(2.0)),
            moved("sweep", 51, "loss, epoch 3", 1.0, Figure::Number(2.0)),
            Moved {
                seed: None,
                ..moved("naive", 51, "mae", 5.9, Figure::Number(6.0))
            },
        ];
        insta::assert_snapshot!(explain(&rows, &seeds).join("\n"));
    }
}
