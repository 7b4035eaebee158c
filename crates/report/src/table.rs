//! The answer: every experiment beside Keras, naive, the best classical method and the noise.

use crate::input::{Experiment, ReportInput};
use crate::records::Source;
use crate::stats::{Spread, share_below};

/// One experiment over its seeds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    /// The experiment's name in the matrix.
    pub id: String,
    /// Whose recipe it is.
    pub source: Source,
    /// What the tutorial says of it.
    pub tutorial: String,
    /// Validation MAE of Keras over its seeds; `None` where there are none.
    pub keras: Option<Spread>,
    /// Validation MAE here over the seeds; `None` where there are none.
    pub ours: Option<Spread>,
    /// The share of our runs whose MAE is below naive's, between 0 and 1.
    pub beats_naive: Option<f64>,
}

/// A line that every experiment is held against.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reference {
    /// Which kind of line.
    pub kind: ReferenceKind,
    /// Its MAE on the validation part.
    pub mae: f64,
}

/// The kinds of reference lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ReferenceKind {
    /// Repeat the last value.
    Naive,
    /// The best of the other classical methods, by its zoo name.
    ClassicalBest(String),
    /// What the noise alone costs.
    NoiseFloor,
}

impl Reference {
    /// The line's name in tables and charts.
    pub(crate) fn name(&self) -> String {
        match &self.kind {
            ReferenceKind::Naive => "naive".to_owned(),
            ReferenceKind::ClassicalBest(method) => format!("classical best ({method})"),
            ReferenceKind::NoiseFloor => "noise floor".to_owned(),
        }
    }

    /// The line's name where room is short.
    pub(crate) fn short_name(&self) -> &'static str {
        match self.kind {
            ReferenceKind::Naive => "naive",
            ReferenceKind::ClassicalBest(_) => "classical best",
            ReferenceKind::NoiseFloor => "noise floor",
        }
    }
}

/// One row per experiment with runs, in the order of the matrix.
pub(crate) fn rows(input: &ReportInput) -> Vec<Row> {
    let naive = input.results.baselines.get("naive").map(|naive| naive.mae);
    input
        .experiments
        .iter()
        .filter(|experiment| !experiment.rate_sweep)
        .map(|experiment| row(input, experiment, naive))
        .collect()
}

fn row(input: &ReportInput, experiment: &Experiment, naive: Option<f64>) -> Row {
    let ours = errors(input, &experiment.id);
    let keras: Vec<Option<f64>> = keras_errors(input, &experiment.id).into_iter().map(Some).collect();
    Row {
        id: experiment.id.clone(),
        source: experiment.source,
        tutorial: experiment.tutorial.clone(),
        keras: Spread::of(&keras),
        ours: Spread::of(&ours),
        beats_naive: naive.and_then(|naive| share_below(&ours, naive)),
    }
}

/// Our validation MAEs of an experiment, seed by seed.
pub(crate) fn errors(input: &ReportInput, experiment: &str) -> Vec<Option<f64>> {
    input
        .results
        .runs
        .iter()
        .filter(|run| run.experiment == experiment)
        .map(|run| run.val_mae)
        .collect()
}

/// Keras' validation MAEs of an experiment, seed by seed.
pub(crate) fn keras_errors(input: &ReportInput, experiment: &str) -> Vec<f64> {
    input
        .keras
        .iter()
        .filter(|row| row.experiment == experiment)
        .map(|row| row.val_mae)
        .collect()
}

/// Naive, the best other classical method and the noise floor, as far as they are known, worst first.
pub(crate) fn references(input: &ReportInput) -> Vec<Reference> {
    let baselines = &input.results.baselines;
    let naive = baselines.get("naive").map(|naive| Reference {
        kind: ReferenceKind::Naive,
        mae: naive.mae,
    });
    let best = baselines
        .iter()
        .filter(|(name, _)| *name != "naive")
        .min_by(|(_, a), (_, b)| a.mae.total_cmp(&b.mae))
        .map(|(name, best)| Reference {
            kind: ReferenceKind::ClassicalBest(name.clone()),
            mae: best.mae,
        });
    let floor = input.series.noise_floor.map(|mae| Reference {
        kind: ReferenceKind::NoiseFloor,
        mae,
    });
    [naive, best, floor].into_iter().flatten().collect()
}

/// The table for the terminal: aligned text, MAE on the validation part with two decimals, a line break at the end.
///
/// Columns: the experiment, what the tutorial says, Keras' median and quartiles with its number of seeds, ours, and the
/// share of our runs that beat naive. Below stand naive, the best classical method and the noise floor.
pub fn summary(input: &ReportInput) -> String {
    summary_within(input, usize::MAX)
}

/// The same for a terminal of `width` columns: where the table is too wide, medians without quartiles, and where that
/// is still too wide, one line per figure.
pub fn summary_within(input: &ReportInput, width: usize) -> String {
    let rows = rows(input);
    let table = |cells: &dyn Fn(&Row) -> [String; 5]| {
        let mut lines = vec![HEADINGS.map(str::to_owned).to_vec()];
        lines.extend(rows.iter().map(|row| cells(row).to_vec()));
        align(&lines)
    };
    let mut text = [table(&cells), table(&short_cells)]
        .into_iter()
        .find(|text| text.lines().all(|line| line.chars().count() <= width))
        .unwrap_or_else(|| rows.iter().map(stacked).collect::<Vec<_>>().join("\n"));
    let references: Vec<Vec<String>> = references(input)
        .iter()
        .map(|line| vec![line.name(), format!("{:.2}", line.mae)])
        .collect();
    if !references.is_empty() {
        text.push('\n');
        text.push_str(&align(&references));
    }
    text
}

/// A row's cells without quartiles and sample sizes.
fn short_cells(row: &Row) -> [String; 5] {
    let median = |spread: Option<Spread>| spread.map_or_else(|| "–".to_owned(), |spread| number(spread.median));
    let [id, tutorial, _, _, share] = cells(row);
    [id, tutorial, median(row.keras), median(row.ours), share]
}

/// A row as lines of its own.
fn stacked(row: &Row) -> String {
    let lines: Vec<Vec<String>> = HEADINGS[1..]
        .iter()
        .zip(&cells(row)[1..])
        .map(|(name, cell)| vec![format!("  {name}"), cell.clone()])
        .collect();
    format!("{}\n{}", row.id, align(&lines))
}

/// The headings of the table's columns.
pub(crate) const HEADINGS: [&str; 5] = ["experiment", "tutorial", "Keras", "ours", "beats naive"];

/// A row's cells, in the order of [`HEADINGS`].
pub(crate) fn cells(row: &Row) -> [String; 5] {
    [
        row.id.clone(),
        or_dash(row.tutorial.clone()),
        spread_cell(row.keras),
        spread_cell(row.ours),
        share_cell(row.beats_naive),
    ]
}

fn or_dash(text: String) -> String {
    if text.is_empty() { "–".to_owned() } else { text }
}

/// Median, quartiles and sample size: `6.07 [5.77, 6.65] n=39`; a single run has no quartiles.
pub(crate) fn spread_cell(spread: Option<Spread>) -> String {
    match spread {
        None => "–".to_owned(),
        Some(Spread { median, n: 1, .. }) => format!("{} n=1", number(median)),
        Some(Spread {
            lower,
            median,
            upper,
            n,
        }) => format!("{} [{}, {}] n={n}", number(median), number(lower), number(upper)),
    }
}

fn share_cell(share: Option<f64>) -> String {
    share.map_or_else(|| "–".to_owned(), |share| format!("{:.0} %", 100.0 * share))
}

/// Two decimals, or the word for what is not a number any more.
pub(crate) fn number(value: f64) -> String {
    if value.is_finite() {
        format!("{value:.2}")
    } else {
        "diverged".to_owned()
    }
}

/// Lines of cells as text: every column as wide as its widest cell, two spaces between columns.
pub(crate) fn align(lines: &[Vec<String>]) -> String {
    let columns = lines.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns)
        .map(|column| {
            lines
                .iter()
                .filter_map(|line| line.get(column))
                .map(|cell| cell.chars().count())
                .max()
                .unwrap_or(0)
        })
        .collect();
    let mut text = String::new();
    for line in lines {
        let padded: Vec<String> = line
            .iter()
            .zip(&widths)
            .map(|(cell, &width)| format!("{cell:width$}"))
            .collect();
        text.push_str(padded.join("  ").trim_end());
        text.push('\n');
    }
    text
}
