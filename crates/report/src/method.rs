//! What was done and on what, in the words that both documents share.

use crate::input::ReportInput;
use crate::table;

/// How the numbers came about, one sentence each.
pub(crate) fn sentences(input: &ReportInput) -> Vec<String> {
    let series = &input.series;
    let validation = series.values.len().saturating_sub(series.split);
    let mut lines = vec![
        format!(
            "The series has {} daily values. Networks are trained on the {} before day {} and measured on the {validation} from there on, \
             each forecast one step ahead from the true values before it.",
            series.values.len(),
            series.split,
            series.split
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
    let best = table::references(input)
        .into_iter()
        .find(|line| matches!(line.kind, table::ReferenceKind::ClassicalBest(_)));
    if let Some(best) = best {
        let beaten = table::rows(input)
            .iter()
            .filter(|row| row.ours.is_some_and(|ours| ours.median < best.mae))
            .count();
        let verdict = match beaten {
            0 => "no network here gets below it in the median".to_owned(),
            1 => "one experiment gets below it in the median".to_owned(),
            n => format!("{n} experiments get below it in the median"),
        };
        lines.push(format!("The classical best is {:.2}: {verdict}.", best.mae));
    }
    if !input.keras.is_empty() {
        lines.push("Keras draws its random numbers differently, so the same seed means nothing across the two: compare distributions, not seeds.".to_owned());
    }
    lines
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
