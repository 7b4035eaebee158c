//! Contradictions in the records, found before anything is drawn.

use crate::ReportError;
use crate::input::ReportInput;

/// Refuses names that cannot be file names, a split outside the series and forecasts of the wrong length.
pub(crate) fn check(input: &ReportInput) -> Result<(), ReportError> {
    let points = input.series.values.len();
    if input.series.split > points {
        let problem = format!(
            "the split at {} lies behind the last of {points} values",
            input.series.split
        );
        return Err(contradiction("the series", problem));
    }
    for experiment in &input.experiments {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if experiment.id.is_empty() || !experiment.id.chars().all(plain) {
            let problem = "its name is part of file names: use only a-z, 0-9 and -".to_owned();
            return Err(contradiction(&format!("experiment {:?}", experiment.id), problem));
        }
    }
    let validation = points - input.series.split;
    for trace in &input.forecasts {
        if trace.values.len() != validation {
            let problem = format!("{} values for a validation part of {validation}", trace.values.len());
            return Err(contradiction(
                &format!("the forecast of {}, seed {}", trace.experiment, trace.seed),
                problem,
            ));
        }
    }
    Ok(())
}

fn contradiction(what: &str, problem: String) -> ReportError {
    ReportError::Records {
        what: what.to_owned(),
        problem,
    }
}
