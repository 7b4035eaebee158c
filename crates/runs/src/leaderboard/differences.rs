//! What moved between two leaderboards.

use recurra_report::leaderboard::{Board, Score};

/// One line for every score of `actual` that is not, bit for bit, that of `expected`, and for every score of the data sets of
/// `actual` that one of them lacks.
#[must_use]
pub fn differences(expected: &Board, actual: &Board) -> Vec<String> {
    let name = |score: &Score| {
        let seed = score.seed.map_or_else(String::new, |seed| format!(", seed {seed}"));
        format!("{} on {}{seed}", score.model, score.set)
    };
    let same = |one: &Score, other: &Score| (&one.set, &one.model, one.seed) == (&other.set, &other.model, other.seed);
    let mut lines = Vec::new();
    for set in &actual.sets {
        match expected.sets.iter().find(|other| other.name == set.name) {
            Some(other) if other != set => lines.push(format!("{}: it is measured in another way", set.name)),
            _ => {}
        }
    }
    for score in &actual.scores {
        match expected.scores.iter().find(|other| same(other, score)) {
            None => lines.push(format!("{}: new", name(score))),
            Some(other) if other == score => {}
            Some(other) => lines.push(format!(
                "{}: MASE {} -> {}{}",
                name(score),
                figure(other.mase),
                figure(score.mase),
                if other.mase == score.mase {
                    " (something else moved)"
                } else {
                    ""
                }
            )),
        }
    }
    let here = |score: &&Score| actual.sets.iter().any(|set| set.name == score.set);
    for score in expected.scores.iter().filter(here) {
        if !actual.scores.iter().any(|other| same(other, score)) {
            lines.push(format!("{}: gone", name(score)));
        }
    }
    lines
}

/// The shortest text that reads back as the same bits.
fn figure(value: Option<f64>) -> String {
    value.map_or_else(|| "undefined".to_owned(), |value| value.to_string())
}
