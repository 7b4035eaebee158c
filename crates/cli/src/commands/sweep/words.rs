//! A sweep's result in words, as a table and as a chart.

use std::path::Path;

use recurra_report::candidates::{Row, chart};
use recurra_series::{OutputColumn, OutputTable};
use serde::Serialize;

use super::file::Sweep;
use super::ranking::{OnTable, Ranking, Standing};
use super::search::Search;
use crate::failure::Failure;
use crate::files::seen_from;
use crate::text::{columns, counted, figure, shell};
use crate::write_file;

/// Candidates that are shown in words and in the chart.
const SHOWN: usize = 20;

/// Everything that `sweep.json` holds.
#[derive(Serialize)]
pub(super) struct Results<'a> {
    schema: u32,
    horizon: usize,
    folds: usize,
    step: usize,
    seeds: &'a [u64],
    tried: usize,
    #[serde(flatten)]
    ranking: &'a Ranking,
}

impl<'a> Results<'a> {
    pub(super) fn new(sweep: &'a Sweep, tried: usize, ranking: &'a Ranking) -> Self {
        Self {
            schema: 1,
            horizon: sweep.horizon,
            folds: sweep.folds,
            step: sweep.step,
            seeds: &sweep.seeds,
            tried,
            ranking,
        }
    }

    /// Writes `sweep.json`, `sweep.csv` and `sweep.svg`.
    pub(super) fn write(&self, sweep: &Sweep, out: &Path) -> Result<(), Failure> {
        let json = serde_json::to_string_pretty(self).map_err(Failure::input)?;
        write_file::write(&out.join("sweep.json"), (json + "\n").as_bytes())?;
        let csv = table(&self.ranking.candidates).to_csv("sweep.csv");
        write_file::write(&out.join("sweep.csv"), &csv.map_err(Failure::input)?)?;
        let rows: Vec<Row> = (self.ranking.candidates.iter().take(SHOWN))
            .filter_map(|standing| {
                // A logarithmic axis has no place for 0.
                let interval = standing.interval.filter(|interval| interval.lower > 0.0);
                Some(Row {
                    name: sweep.candidates[standing.candidate].name(),
                    value: standing.of_naive.filter(|error| *error > 0.0)?,
                    interval: interval.map(|interval| (interval.lower, interval.upper)),
                })
            })
            .collect();
        let subtitle = format!(
            "mean absolute error over that of the naive forecast, left of 1 is better; {}; the bars: 95 % of resampled folds",
            self.measured()
        );
        let svg = chart("The best candidates", &subtitle, &rows).map_err(Failure::input)?;
        write_file::write(&out.join("sweep.svg"), svg.as_bytes())
    }

    fn measured(&self) -> String {
        format!(
            "{} of {}, {}",
            counted(self.folds, "fold"),
            counted(self.horizon, "step"),
            counted(self.seeds.len(), "seed")
        )
    }

    /// What people read.
    pub(super) fn text(&self, sweep: &Sweep, folder: &Path) -> String {
        let how = match sweep.search {
            Search::Grid => String::new(),
            Search::Random { draws, seed } => format!(" ({draws} drawn with seed {seed})"),
            Search::Halving { rungs, .. } => format!(" ({} of halving)", counted(rungs as usize, "round")),
        };
        let mut text = format!("{}{how}, {}\n\n", counted(self.tried, "candidate"), self.measured());
        let all = &self.ranking.candidates;
        let one_table = sweep.data.len() == 1;
        let mut rows = vec![header(one_table)];
        rows.extend(all.iter().take(SHOWN).map(|standing| row(sweep, standing, one_table)));
        text += &columns(&rows);
        if all.len() > SHOWN {
            text += &format!("… and {} more, in sweep.csv\n", all.len() - SHOWN);
        }
        let Some(best) = all.first().filter(|best| best.of_naive.is_some()) else {
            return text + "\nno candidate has an error\n";
        };
        text += &format!("\nbest: {}\n", sweep.candidates[best.candidate].name());
        for table in &best.tables {
            text += &format!("  {}\n", on_table(table));
        }
        text += &format!("  {}\n", verdict(best, self.folds));
        if all.len() > 1 {
            let (as_good, tried) = (self.ranking.as_good, self.tried);
            text += &match as_good {
                0 => "  over resampled folds it beats each of the others\n".to_owned(),
                1 => "  1 other is not shown to differ from it\n".to_owned(),
                count => format!("  {count} others are not shown to differ from it\n"),
            };
            text += &format!("  it was chosen as the least of {tried} on these very folds, which flatters it\n");
        }
        let data = &sweep.data[0];
        let words = [&data.words[..], &best.flags[..]].concat();
        let flags: Vec<String> = words.iter().map(|word| shell(word)).collect();
        let space = if flags.is_empty() { "" } else { " " };
        text + &format!(
            "\nnext: recurra fit {} --model {} --horizon {}{space}{} -o model.safetensors\n",
            shell(&seen_from(folder, &data.file).unwrap_or_default().to_string_lossy()),
            best.model,
            self.horizon,
            flags.join(" ")
        )
    }
}

fn header(one_table: bool) -> Vec<String> {
    let names: &[&str] = if one_table {
        &["", "MAE", "of naive's", "95 %"]
    } else {
        &["", "of naive's", "95 %"]
    };
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn row(sweep: &Sweep, standing: &Standing, one_table: bool) -> Vec<String> {
    let mut row = vec![sweep.candidates[standing.candidate].name()];
    let Some(of_naive) = standing.of_naive else {
        row.push(format!("failed: {}", standing.failed.as_deref().unwrap_or_default()));
        return row;
    };
    if let (true, Some(table)) = (one_table, standing.tables.first()) {
        row.push(figure(table.mae));
    }
    row.push(format!("{of_naive:.3}"));
    row.push(standing.interval.map_or_else(
        || "–".to_owned(),
        |interval| format!("{:.3} to {:.3}", interval.lower, interval.upper),
    ));
    row
}

fn on_table(table: &OnTable) -> String {
    let least = table.by_seed.iter().copied().fold(f64::INFINITY, f64::min);
    let most = table.by_seed.iter().copied().fold(0.0, f64::max);
    let seeds = if table.by_seed.len() > 1 {
        format!(" (seeds from {} to {})", figure(least), figure(most))
    } else {
        String::new()
    };
    format!(
        "{}: MAE {}{seeds}, naive {}",
        table.file,
        figure(table.mae),
        figure(table.naive)
    )
}

/// "Better" only where the interval says so.
fn verdict(best: &Standing, folds: usize) -> &'static str {
    match best.interval {
        Some(interval) if interval.upper < 1.0 => "better than naive",
        Some(interval) if interval.lower > 1.0 => "worse than naive",
        Some(_) => "not shown to differ from naive",
        None if folds > 1 => "where naive makes no error in some folds, there is no interval of the ratio to it",
        None => "one fold says nothing of how it compares with naive; use more",
    }
}

/// A candidate's rank, the candidate, and one of its tables.
type TableRow<'a> = (usize, &'a Standing, Option<&'a OnTable>);

/// A row for every candidate and table.
fn table(candidates: &[Standing]) -> OutputTable {
    let rows: Vec<TableRow<'_>> = (candidates.iter().enumerate())
        .flat_map(|(place, standing)| {
            let tables: Vec<Option<&OnTable>> = match standing.tables.is_empty() {
                true => vec![None],
                false => standing.tables.iter().map(Some).collect(),
            };
            tables.into_iter().map(move |table| (place + 1, standing, table))
        })
        .collect();
    let text = |of: &dyn Fn(&TableRow<'_>) -> String| OutputColumn::Text(rows.iter().map(of).collect());
    let numbers = |of: &dyn Fn(&TableRow<'_>) -> Option<f64>| OutputColumn::Numbers(rows.iter().map(of).collect());
    OutputTable::new()
        .with("rank", text(&|row| row.0.to_string()))
        .with("model", text(&|row| row.1.model.clone()))
        .with("flags", text(&|row| row.1.flags.join(" ")))
        .with("of_naive", numbers(&|row| row.1.of_naive))
        .with("lower", numbers(&|row| row.1.interval.map(|interval| interval.lower)))
        .with("upper", numbers(&|row| row.1.interval.map(|interval| interval.upper)))
        .with(
            "data",
            text(&|row| row.2.map_or_else(String::new, |table| table.file.clone())),
        )
        .with("mae", numbers(&|row| row.2.map(|table| table.mae)))
        .with("naive", numbers(&|row| row.2.map(|table| table.naive)))
        .with("failed", text(&|row| row.1.failed.clone().unwrap_or_default()))
}
