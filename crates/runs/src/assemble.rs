//! From the outcomes of cells to the records of `results.json`.

use crate::{
    baselines::baselines, cell::Cell, engine::Finished, error::RunError, experiment::ExperimentKind, judge::judge,
    manifest::Manifest,
};
use recurra_report::records::{Divergence, RateSweepPoint, Results, Run};
use std::path::Path;

/// The records of a finished reproduction: every cell's, in the order of the plan, the classical references, and what the
/// runs say of the matrix's claims. `finished` stands in the order of the plan.
///
/// # Errors
/// If a classical reference cannot be computed, or Keras' rows do not read.
pub fn assemble(manifest: &Manifest, finished: &[Finished]) -> Result<Results, RunError> {
    let Manifest { matrix, plan, .. } = manifest;
    let data = matrix.data.load();
    let baselines = baselines(&data)?;
    let judged = judge(&matrix.claims, plan, finished, &baselines, data.validation())?;
    let cells = || plan.cells.iter().zip(finished);
    Ok(Results {
        schema: 1,
        runs: cells()
            .filter(|(cell, _)| cell.kind == ExperimentKind::Forecast)
            .map(|(cell, done)| run(cell, done))
            .collect(),
        rate_sweep: cells()
            .filter(|(cell, _)| cell.kind == ExperimentKind::RateSweep)
            .flat_map(|(cell, done)| rate_sweep(cell, done))
            .collect(),
        claims: judged.claims,
        distributions: judged.distributions,
        baselines,
    })
}

/// `results.json`: indented, one line end at the end.
///
/// # Errors
/// Never for the records of [`assemble`]; the signature says what serialization says.
pub fn results_json(results: &Results) -> Result<String, RunError> {
    let text = serde_json::to_string_pretty(results);
    let text = text.map_err(|error| RunError::io("write", Path::new("results.json"), error.into()))?;
    Ok(text + "\n")
}

fn run(cell: &Cell, finished: &Finished) -> Run {
    let outcome = &finished.outcome;
    let validation = outcome.validation.as_ref();
    // A run that diverged has whole epochs behind it, but no last one that means anything.
    let last = outcome.history.last().filter(|_| outcome.diverged.is_none());
    Run {
        experiment: cell.experiment.clone(),
        seed: cell.seed,
        epochs: outcome.history.len(),
        parameters: outcome.parameters,
        val_mae: validation.map(|errors| errors.mae),
        val_mse: validation.map(|errors| errors.mse),
        val_bias: validation.map(|errors| errors.bias),
        train_mae: last.map(|epoch| epoch.mae),
        final_loss: last.map(|epoch| epoch.loss),
        diverged: outcome.diverged.map(|epoch| Divergence { epoch }),
    }
}

/// One point per epoch of the recipe: an epoch that a divergence left out has no loss.
fn rate_sweep(cell: &Cell, finished: &Finished) -> Vec<RateSweepPoint> {
    let loss = |epoch: usize| finished.outcome.history.get(epoch).map(|record| record.loss);
    let point = |epoch: usize| RateSweepPoint {
        seed: cell.seed,
        epoch,
        lr: cell.recipe.learning_rate(epoch),
        loss: loss(epoch),
    };
    (0..cell.recipe.epochs).map(point).collect()
}
