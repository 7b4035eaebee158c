//! Our errors over seeds against Keras' as rows of a table.

use crate::numbers::short;
use crate::records::{Distribution, Median, PValue};
use crate::table::number;

/// The headings of the distributions' table.
pub(crate) const HEADINGS: [&str; 6] = [
    "experiment",
    "ours, median [95 %]",
    "Keras, median [95 %]",
    "difference [95 %]",
    "Kolmogorov–Smirnov p (adjusted)",
    "Mann–Whitney p (adjusted)",
];

/// What the table says, in a sentence.
pub(crate) const ABOUT: &str = "Two-sample tests of the validation MAEs over seeds; p-values adjusted by Holm's method \
                                for all tests of the table together. A small one speaks against our errors being \
                                distributed as Keras' are.";

/// A distribution's cells, in the order of [`HEADINGS`].
pub(crate) fn cells(distribution: &Distribution) -> [String; 6] {
    [
        distribution.experiment.clone(),
        median(&distribution.ours),
        median(&distribution.keras),
        with_interval(distribution.difference.map(short), distribution.interval),
        p_value(distribution.kolmogorov_smirnov),
        p_value(distribution.mann_whitney),
    ]
}

fn median(sample: &Median) -> String {
    let diverged = match sample.diverged {
        0 => String::new(),
        diverged => format!(", {diverged} diverged"),
    };
    let median = with_interval(sample.median.map(number), sample.interval);
    format!("{median} n={}{diverged}", sample.n)
}

fn with_interval(value: Option<String>, interval: Option<[f64; 2]>) -> String {
    let value = value.unwrap_or_else(|| "–".to_owned());
    match interval {
        Some([low, high]) => format!("{value} [{}, {}]", short(low), short(high)),
        None => value,
    }
}

fn p_value(test: PValue) -> String {
    format!("{} ({})", brief(test.p), brief(test.adjusted))
}

/// Two decimals, or the power of ten of what is smaller.
fn brief(p: f64) -> String {
    if p >= 0.005 { format!("{p:.2}") } else { short(p) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn diverged_runs_and_tiny_p_values_are_told() {
        let sample = |diverged, median| Median {
            n: 40,
            diverged,
            median,
            interval: median.map(|median| [median - 0.25, median + 0.25]),
        };
        let test = |p: f64| PValue {
            p,
            adjusted: (2.0 * p).min(1.0),
        };
        let row = cells(&Distribution {
            experiment: "rnn-500".to_owned(),
            ours: sample(40, None),
            keras: sample(0, Some(6.0)),
            difference: None,
            interval: None,
            kolmogorov_smirnov: test(3.4e-11),
            mann_whitney: test(0.7),
        });
        assert_eq!(
            row,
            [
                "rnn-500",
                "– n=40, 40 diverged",
                "6.00 [5.75, 6.25] n=40",
                "–",
                "3.4·10⁻¹¹ (6.8·10⁻¹¹)",
                "0.70 (1.00)"
            ]
        );
    }
}
