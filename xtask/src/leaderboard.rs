//! `cargo xtask leaderboard`: networks of the zoo and all classical methods on the data sets of `datasets/`.

use crate::{failure::Failure, interrupt, jobs, json_file, workspace};
use indicatif::{ProgressBar, ProgressStyle};
use recurra_report::leaderboard::{Board, charts, page};
use recurra_runs::leaderboard::{Config, Options, Step, differences, ranking, run as measure};
use recurra_runs::write_file;
use std::{
    io::IsTerminal,
    num::NonZeroUsize,
    path::{Path, PathBuf},
};

/// Measure the networks of xtask/leaderboard.toml and all classical methods on the data sets of datasets/ by backtests, and print
/// the ranking.
///
/// Scores that were finished before are taken up, if settings, data and code are the same.
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    /// These data sets alone
    #[arg(long, value_name = "NAME[,NAME]", value_delimiter = ',')]
    set: Vec<String>,
    /// Compare with the committed scores: exit code 1 and a list if any figure moved in any bit. Takes up no finished score
    #[arg(long, conflicts_with = "accept")]
    check: bool,
    /// Make the committed scores, the page of the book and its charts anew
    #[arg(long, conflicts_with = "set")]
    accept: bool,
    /// Take up no finished score
    #[arg(long)]
    force: bool,
    /// Models at one time [default: one per core]
    #[arg(long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
    /// No progress and no table
    #[arg(long, short)]
    quiet: bool,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let root = workspace::root();
    let config = Config::read(&root.join("xtask/leaderboard.toml"))?.only(&arguments.set)?;
    let options = Options {
        jobs: jobs(arguments.jobs),
        kept: (!arguments.check && !arguments.force).then(|| root.join("target/leaderboard")),
    };
    let progress = Progress::new(arguments.quiet);
    let board = measure(&config, &options, &|step| progress.step(&step), interrupt::flag()?)?;
    progress.end();
    if arguments.check {
        return check(&board, &root, arguments.quiet);
    }
    if arguments.accept {
        let mut scores = serde_json::to_string_pretty(&board).map_err(|error| Failure::Failed(error.to_string()))?;
        scores.push('\n');
        write_file(&scores_file(&root), scores.as_bytes())?;
        for (file, text) in documents(&board)? {
            write_file(&root.join("docs").join(file), text.as_bytes())?;
        }
    }
    if !arguments.quiet {
        print!("{}", table(&board));
    }
    Ok(())
}

/// The committed scores.
fn scores_file(root: &Path) -> PathBuf {
    root.join("xtask/leaderboard.json")
}

fn check(board: &Board, root: &Path, quiet: bool) -> Result<(), Failure> {
    let expected: Board = json_file::read(&scores_file(root))?;
    let moved = differences(&expected, board);
    if !moved.is_empty() {
        return Err(Failure::Found(format!(
            "{}\n{} of {} scores are not those of xtask/leaderboard.json. If they ought to move, say why in the commit and run `cargo \
             xtask leaderboard --accept`.",
            moved.join("\n"),
            moved.len(),
            board.scores.len()
        )));
    }
    if !quiet {
        println!(
            "{} scores are what xtask/leaderboard.json holds, bit for bit",
            board.scores.len()
        );
    }
    Ok(())
}

/// The page and its charts, by their place in `docs`.
fn documents(board: &Board) -> Result<Vec<(String, String)>, Failure> {
    let ranking = ranking(board)?;
    let charts = charts(board, &ranking).map_err(|error| Failure::Failed(error.to_string()))?;
    let text = page(board, &ranking, &charts);
    let mut documents = vec![("leaderboard.md".to_owned(), text)];
    for chart in charts {
        documents.push((format!("images/{}.svg", chart.name), chart.svg));
    }
    Ok(documents)
}

/// The MASE of every model on every data set, naive first, then in the order of the configuration.
fn table(board: &Board) -> String {
    let mut lines = String::new();
    for set in &board.sets {
        lines += &format!(
            "\n{}: MASE {} steps ahead, {} cutoffs\n",
            set.name, set.horizon, set.folds
        );
        for score in board.scores.iter().filter(|score| score.set == set.name) {
            let seed = score.seed.map_or_else(String::new, |seed| format!("seed {seed}"));
            let value = match (score.mase, &score.undefined) {
                (Some(mase), _) => format!("{mase:.4}"),
                (None, reason) => format!("-  {}", reason.as_deref().unwrap_or_default()),
            };
            lines += &format!("  {:<24}{seed:<10}{value}\n", score.model);
        }
    }
    lines
}

/// A bar on a terminal, one line a model elsewhere.
struct Progress {
    bar: ProgressBar,
    lines: bool,
}

impl Progress {
    fn new(quiet: bool) -> Self {
        let terminal = std::io::stderr().is_terminal();
        let bar = if quiet || !terminal {
            ProgressBar::hidden()
        } else {
            ProgressBar::new(0)
        };
        // The template is constant; a slip in it shows the default bar.
        let style = ProgressStyle::with_template("{bar:32} {pos}/{len} {msg}, {eta} left");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self {
            bar,
            lines: !quiet && !terminal,
        }
    }

    fn step(&self, step: &Step<'_>) {
        self.bar.set_length(step.cells as u64);
        self.bar.set_position(step.done as u64);
        self.bar.set_message(step.cell.label());
        if self.lines {
            let result = step
                .score
                .mase
                .map_or_else(|| "no MASE".to_owned(), |mase| format!("MASE {mase:.4}"));
            let took = step
                .seconds
                .map_or_else(|| "taken up".to_owned(), |seconds| format!("{seconds:.1} s"));
            eprintln!(
                "[{}/{}] {}: {result} ({took})",
                step.done,
                step.cells,
                step.cell.label()
            );
        }
    }

    fn end(&self) {
        self.bar.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_page_and_its_charts_are_those_of_the_committed_scores() {
        let root = workspace::root();
        let board: Board = json_file::read(&scores_file(&root)).unwrap();
        for (file, text) in documents(&board).unwrap() {
            let committed = std::fs::read_to_string(root.join("docs").join(&file))
                .unwrap()
                .replace("\r\n", "\n");
            assert!(
                committed == text,
                "docs/{file} is out of date: run `cargo xtask leaderboard --accept`"
            );
        }
    }

    #[test]
    fn naive_stands_on_every_data_set_and_the_scores_are_of_the_configuration() {
        let root = workspace::root();
        let board: Board = json_file::read(&scores_file(&root)).unwrap();
        let config = Config::read(&root.join("xtask/leaderboard.toml")).unwrap();
        assert_eq!(board.sets.len(), config.sets.len());
        for (set, committed) in config.sets.iter().zip(&board.sets) {
            assert_eq!(
                (&set.name, set.horizon, set.folds),
                (&committed.name, committed.horizon, committed.folds)
            );
            assert!(
                board.of(&set.name, "naive").next().unwrap().mase.is_some(),
                "{}",
                set.name
            );
        }
        assert_eq!(
            board.scores.len(),
            config.sets.len() * (9 + config.networks.len() * config.seeds.len())
        );
        // What moved is found, in the last bit too.
        let mut other = board.clone();
        other.scores[3].mase = other.scores[3].mase.map(f64::next_up);
        other.scores.remove(0);
        let lines = differences(&board, &other);
        assert_eq!(lines.len(), 2, "{lines:?}");
        assert!(lines[0].contains(" -> ") && lines[1].ends_with("gone"), "{lines:?}");
    }
}
