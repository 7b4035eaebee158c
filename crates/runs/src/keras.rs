//! Keras' results for the experiments of the reference, shipped as data.

use crate::error::RunError;
use recurra_report::input::KerasRow;
use serde::Deserialize;

/// The rows, and where they come from: see `data/README.md`.
const ROWS: &str = include_str!("../data/keras-distribution.jsonl");
const FILE: &str = "keras-distribution.jsonl";

/// A line of the file: Keras trained `experiment` for `epochs` from `seed`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    experiment: String,
    epochs: usize,
    seed: u64,
    val_mae: f64,
    val_mse: f64,
    bias: f64,
    train_mae: f64,
}

/// Keras' results, in the order of the file.
///
/// # Errors
/// If a line is not a row, or holds a number that is not finite.
pub fn keras_rows() -> Result<Vec<KerasRow>, RunError> {
    parse(ROWS)
}

fn parse(text: &str) -> Result<Vec<KerasRow>, RunError> {
    let row = |(index, line): (usize, &str)| {
        let wrong = |message: String| RunError::Shipped {
            file: FILE,
            line: index + 1,
            message,
        };
        let line: Line = serde_json::from_str(line).map_err(|error| wrong(error.to_string()))?;
        if [line.val_mae, line.val_mse, line.bias, line.train_mae]
            .iter()
            .any(|value| !value.is_finite())
        {
            return Err(wrong("a number is not finite".into()));
        }
        // One training of the SimpleRNN is observed at two epochs, which are two experiments of the matrix.
        let experiment = match line.experiment.as_str() {
            "rnn" => format!("rnn-{}", line.epochs),
            name => name.to_string(),
        };
        Ok(KerasRow {
            experiment,
            seed: line.seed,
            val_mae: line.val_mae,
            val_bias: line.bias,
        })
    };
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
        .map(row)
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn nineteen_seeds_of_every_experiment_ship() {
        let rows = keras_rows().unwrap();
        for experiment in ["rnn-400", "rnn-500", "bilstm-1", "bilstm-2", "bilstm-3"] {
            let mut seeds: Vec<u64> = rows
                .iter()
                .filter(|row| row.experiment == experiment)
                .map(|row| row.seed)
                .collect();
            seeds.sort_unstable();
            seeds.dedup();
            assert_eq!(seeds.len(), 19, "{experiment}");
        }
        assert_eq!(rows.len(), 5 * 19);
    }

    #[test]
    fn a_broken_line_is_named() {
        let error = parse("\n{\"experiment\": 1}\n").unwrap_err().to_string();
        assert!(error.contains("line 2"), "{error}");
    }
}
