//! Which intervals a forecast has.

use recurra_evaluation::FittedForecaster;
use recurra_evaluation::metrics::Level;
use recurra_zoo::forecaster::HoldOut;
use recurra_zoo::model_file::{ModelFile, SavedModel};

use crate::failure::Failure;
use crate::held_out_intervals::{calibrated, has_quantiles, margin};
use crate::terminal::Terminal;
use crate::text::counted;

/// The levels that were asked for, or those that the model can give.
pub(super) fn levels(
    asked: &[Level],
    file: &ModelFile,
    horizon: usize,
    terminal: &Terminal,
) -> Result<Vec<Level>, Failure> {
    let own = match &file.model {
        SavedModel::Network(fitted) => Level::within(&fitted.quantile_probabilities()),
        SavedModel::Classical { .. } => Vec::new(),
    };
    if has_quantiles(file) {
        check_quantile_levels(asked, &own)?;
        if !calibrated(file) {
            terminal.note("the intervals are the quantiles that the model forecasts, as they are: its file keeps no held-out values to widen them by");
            return Ok(if asked.is_empty() { own } else { asked.to_vec() });
        }
    }
    let Some(hold_out) = &file.hold_out else {
        if asked.is_empty() {
            return Ok(Vec::new());
        }
        return Err(Failure::input(
            "--interval: the model was fitted without validation, so it has no errors to make intervals from; fit it again \
             without --validation 0",
        ));
    };
    let missing = |level: Level| (1..=horizon).find(|step| margin(file, *step, level).is_none());
    if asked.is_empty() {
        let usual = match own.len() {
            0 => vec![Level::EIGHTY, Level::NINETY_FIVE],
            _ => own,
        };
        let (have, lack): (Vec<Level>, Vec<Level>) = usual.into_iter().partition(|level| missing(*level).is_none());
        if let Some(level) = lack.first() {
            terminal.note(&format!(
                "no {level} % intervals: {}",
                why(hold_out, missing(*level).unwrap_or(horizon), horizon)
            ));
        }
        return Ok(have);
    }
    match asked.iter().find_map(|level| Some((level, missing(*level)?))) {
        Some((level, step)) => Err(Failure::Input(format!(
            "--interval {level}: {}",
            why(hold_out, step, horizon)
        ))),
        None => Ok(asked.to_vec()),
    }
}

/// Refuses a level whose quantiles the model does not forecast.
fn check_quantile_levels(asked: &[Level], all: &[Level]) -> Result<(), Failure> {
    match asked.iter().find(|level| !all.contains(level)) {
        Some(level) => {
            let known: Vec<String> = all.iter().map(ToString::to_string).collect();
            Err(Failure::Input(format!(
                "--interval {level}: the model forecasts the quantiles of {} % intervals only; fit it again with --loss \
                 quantile:{level}",
                known.join(" % and ")
            )))
        }
        None => Ok(()),
    }
}

fn why(hold_out: &HoldOut, step: usize, horizon: usize) -> String {
    if step > hold_out.horizon {
        return format!(
            "the model was measured up to {} steps ahead; fit it again with --horizon {horizon}",
            hold_out.horizon
        );
    }
    let count = hold_out.residuals.get(step - 1).map_or(0, Vec::len);
    format!(
        "the held-out part has {count} errors {} ahead, which are too few for that level; hold out more (--validation)",
        counted(step, "step")
    )
}
