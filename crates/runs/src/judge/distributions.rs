//! Our errors over seeds against Keras': medians, and the tests of whether both have one distribution.

use super::{interval, measure::Evidence, per_seed::PerSeed};
use crate::{
    claim::{Statistic, ValidationMetric},
    error::RunError,
    experiment::ExperimentKind,
};
use recurra_evaluation::statistics::{
    Bootstrap, Interval, holm_adjusted, kolmogorov_smirnov, mann_whitney, median, six_digits,
};
use recurra_report::{
    input::KerasRow,
    records::{Distribution, Median, PValue},
};

/// One record per experiment of the plan that Keras' rows know: the two-sample Kolmogorov–Smirnov and Mann–Whitney tests of
/// our validation MAEs against Keras', their p-values adjusted together by Holm's method. A run of ours that diverged ranks
/// worst in both tests; medians leave it out.
pub(super) fn distributions(evidence: &Evidence<'_>, keras: &[KerasRow]) -> Result<Vec<Distribution>, RunError> {
    let mut samples: Vec<Sample> = Vec::new();
    for cell in evidence
        .plan
        .cells
        .iter()
        .filter(|cell| cell.kind == ExperimentKind::Forecast)
    {
        if samples.iter().all(|sample| sample.experiment != cell.experiment) {
            samples.extend(Sample::of(evidence, keras, &cell.experiment));
        }
    }
    let p_values: Vec<f64> = samples
        .iter()
        .flat_map(|sample| [sample.distance, sample.ranks])
        .collect();
    let adjusted = holm_adjusted(&p_values).map_err(|error| RunError::Statistic {
        message: error.to_string(),
    })?;
    Ok(samples
        .iter()
        .zip(adjusted.chunks_exact(2))
        .map(|(sample, adjusted)| sample.record(adjusted))
        .collect())
}

/// Both samples of one experiment, and the p-values of its two tests.
struct Sample {
    experiment: String,
    ours: PerSeed,
    keras: PerSeed,
    distance: f64,
    ranks: f64,
}

impl Sample {
    /// `None` where either side has no run.
    fn of(evidence: &Evidence<'_>, keras: &[KerasRow], experiment: &str) -> Option<Self> {
        let metric = Statistic::Metric {
            experiment: experiment.to_string(),
            metric: ValidationMetric::ValMae,
        };
        let ours = metric.per_seed(evidence);
        let keras = PerSeed {
            values: keras
                .iter()
                .filter(|row| row.experiment == experiment)
                .map(|row| row.val_mae)
                .collect(),
            diverged: 0,
        };
        let ranked = ours.diverged_highest();
        let distance = kolmogorov_smirnov(&ranked, &keras.values).ok()?.p_value;
        let ranks = mann_whitney(&ranked, &keras.values).ok()?.p_value;
        Some(Self {
            experiment: experiment.to_string(),
            ours,
            keras,
            distance,
            ranks,
        })
    }

    fn record(&self, adjusted: &[f64]) -> Distribution {
        let difference = |left: &[f64], right: &[f64]| match (median(left), median(right)) {
            (Ok(left), Ok(right)) => left - right,
            _ => f64::NAN,
        };
        let estimate = Bootstrap::default()
            .percentile_of_two(&self.ours.values, &self.keras.values, difference)
            .ok();
        let test = |p: f64, adjusted: f64| PValue {
            p: six_digits(p),
            adjusted: six_digits(adjusted),
        };
        Distribution {
            experiment: self.experiment.clone(),
            ours: sample_median(&self.ours),
            keras: sample_median(&self.keras),
            difference: estimate.map(|estimate| six_digits(estimate.value)),
            interval: estimate
                .filter(|_| self.ours.values.len() > 1)
                .map(|estimate| ends(estimate.interval)),
            kolmogorov_smirnov: test(self.distance, adjusted[0]),
            mann_whitney: test(self.ranks, adjusted[1]),
        }
    }
}

fn sample_median(sample: &PerSeed) -> Median {
    Median {
        n: sample.count(),
        diverged: sample.diverged,
        median: median(&sample.values).ok().map(six_digits),
        interval: interval(&sample.values).map(ends),
    }
}

fn ends(interval: Interval) -> [f64; 2] {
    [six_digits(interval.lower), six_digits(interval.upper)]
}
