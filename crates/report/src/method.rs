//! What was done and on what, in the words that both documents share.

use crate::input::ReportInput;
use crate::numbers::{count, rate};
use crate::rate_sweep::findings;
use crate::table;

/// How the numbers came about, one sentence each.
pub(crate) fn sentences(input: &ReportInput) -> Vec<String> {
    let series = &input.series;
    let validation = series.values.len().saturating_sub(series.split);
    let mut lines = vec![
        format!(
            "The series has {} daily values. Networks are trained on the {} before day {} and measured on the {} from there \
             on, each forecast one step ahead from the true values before it.",
            count(series.values.len()),
            count(series.split),
            count(series.split),
            count(validation),
        ),
        "MAE is the mean of |forecast − actual| over the validation part, bias the mean of forecast − actual; both in the units of the series."
            .to_owned(),
        "A seed decides everything about a run. Quartiles are interpolated linearly; a run that diverged counts as an infinite error."
            .to_owned(),
        "Loss and MAE in the training curves are running means over each epoch, as Keras reports them.".to_owned(),
    ];
    if let Some(floor) = series.noise_floor {
        lines.push(format!(
            "The noise floor, {floor:.2}, is the error of someone who knows the series' formula and not its noise: nothing honest goes below it."
        ));
    }
    if let Some(found) = findings(&input.results.rate_sweep) {
        lines.push(format!(
            "The learning-rate sweep is read from the median loss of its seeds, averaged over five epochs: within 10 % of the \
             lowest from {} to {}{}.",
            rate(found.region.0),
            rate(found.region.1),
            found.diverges.map_or_else(String::new, |at| format!(", above the first epoch's past {}", rate(at))),
        ));
    }
    for run in &input.results.runs {
        if let Some(diverged) = run.diverged {
            lines.push(format!(
                "{} with seed {} diverged in epoch {}.",
                run.experiment, run.seed, diverged.epoch
            ));
        }
    }
    if !input.keras.is_empty() {
        lines.push("Keras draws its random numbers differently, so the same seed means nothing across the two: compare distributions, not seeds.".to_owned());
    }
    lines
}

/// The answer in a sentence or two: the best experiment beside naive and the best classical method.
pub(crate) fn verdict(input: &ReportInput) -> Option<String> {
    let rows = table::rows(input);
    let (row, spread) = rows
        .iter()
        .filter_map(|row| Some((row, row.ours.filter(|ours| ours.median.is_finite())?)))
        .min_by(|a, b| a.1.median.total_cmp(&b.1.median))?;
    let mut text = format!("The best network, {}, has a median MAE of {:.2}", row.id, spread.median);
    if let Some(share) = row.beats_naive {
        text.push_str(&format!(" and beats naive in {:.0} % of its seeds", 100.0 * share));
    }
    text.push('.');
    for line in table::references(input) {
        if let table::ReferenceKind::ClassicalBest(name) = &line.kind {
            let verdict = if spread.median < line.mae {
                "which it beats"
            } else {
                "and no network here gets below that"
            };
            text.push_str(&format!(
                " The best classical method, {name}, reaches {:.2}, {verdict}.",
                line.mae
            ));
        }
    }
    Some(text)
}

/// Named facts about the machine and the versions; empty ones are left out.
pub(crate) fn facts(input: &ReportInput) -> Vec<(String, String)> {
    let about = &input.provenance;
    let named = [
        ("version", &about.version),
        ("machine", &about.machine),
        ("Keras' rows", &about.keras),
    ];
    let named = named.into_iter().map(|(name, value)| (name.to_owned(), value.clone()));
    named
        .chain(about.timings.iter().cloned())
        .filter(|(_, value)| !value.is_empty())
        .collect()
}
