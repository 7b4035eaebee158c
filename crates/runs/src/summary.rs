//! From a finished plan to what a report is made from.

use crate::{
    cell::Cell,
    engine::Finished,
    error::RunError,
    experiment::{Experiment, ExperimentKind},
    keras::keras_rows,
    manifest::Manifest,
    split_series::SplitSeries,
};
use recurra_report::{
    ReportInput,
    input::{Curve, ForecastTrace, Provenance, ReferenceSeries},
    records::Results,
};
use recurra_series::reference;

/// What the report of a finished reproduction is made from; `results` are its records.
///
/// # Errors
/// If Keras' rows do not read.
pub fn report_input(
    manifest: &Manifest,
    finished: &[Finished],
    results: Results,
    provenance: Provenance,
) -> Result<ReportInput, RunError> {
    let Manifest { matrix, plan, .. } = manifest;
    let data = &matrix.data.load();
    let planned = |experiment: &&Experiment| plan.cells.iter().any(|cell| cell.experiment == experiment.id);
    let cells = || {
        plan.cells
            .iter()
            .zip(finished)
            .filter(|(cell, _)| cell.kind == ExperimentKind::Forecast)
    };
    Ok(ReportInput {
        results,
        experiments: matrix.experiments.iter().filter(planned).map(described).collect(),
        curves: cells().map(|(cell, done)| curve(cell, done)).collect(),
        forecasts: cells().filter_map(|(cell, done)| forecast(cell, done)).collect(),
        series: ReferenceSeries {
            values: data.values.iter().map(|value| f64::from(*value)).collect(),
            split: data.split,
            noise_floor: Some(noise_floor(data)),
        },
        keras: keras_rows()?,
        provenance,
    })
}

fn described(experiment: &Experiment) -> recurra_report::input::Experiment {
    recurra_report::input::Experiment {
        id: experiment.id.clone(),
        title: experiment.title.clone(),
        tutorial: experiment.tutorial.clone(),
        description: experiment.description.trim().to_string(),
        rate_sweep: experiment.kind == ExperimentKind::RateSweep,
        zoom_last: experiment.zoom_last,
        source: experiment.source,
    }
}

fn curve(cell: &Cell, finished: &Finished) -> Curve {
    let history = &finished.outcome.history;
    Curve {
        experiment: cell.experiment.clone(),
        seed: cell.seed,
        loss: history.iter().map(|epoch| Some(epoch.loss)).collect(),
        mae: history.iter().map(|epoch| Some(epoch.mae)).collect(),
    }
}

fn forecast(cell: &Cell, finished: &Finished) -> Option<ForecastTrace> {
    let validation = finished.outcome.validation.as_ref()?;
    Some(ForecastTrace {
        experiment: cell.experiment.clone(),
        seed: cell.seed,
        values: validation.forecast.iter().map(|value| f64::from(*value)).collect(),
    })
}

/// What the noise alone costs on the validation part: the mean distance of the values from trend and season.
fn noise_floor(data: &SplitSeries) -> f64 {
    let validation = data.validation();
    let distance =
        |(step, value): (usize, &f32)| (f64::from(*value) - f64::from(reference::clean(data.split + step))).abs();
    validation.iter().enumerate().map(distance).sum::<f64>() / validation.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_noise_floor_is_the_known_one() {
        let floor = noise_floor(&SplitSeries::new(reference::values(), reference::TRAIN_LENGTH));
        assert!((floor - 4.007).abs() < 5e-4, "{floor}");
    }
}
