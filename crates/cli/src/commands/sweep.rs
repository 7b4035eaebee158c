//! `recurra sweep`: many candidates, measured by backtest, here or on a cluster.

mod candidate;
mod file;
mod flags;
mod folder;
mod ranking;
mod run;
mod search;
mod slurm;
mod words;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use clap::ValueEnum;
use recurra_kernels::with_threads;
use recurra_runs::Partition;
use recurra_zoo::Registry;

use crate::failure::Failure;
use crate::files::{make_folder, on_a_disk};
use crate::interrupt;
use crate::run_folder::Runs;
use crate::terminal::Terminal;
use file::Sweep;
pub(crate) use run::Outcome;
use run::{Run, Table};
use search::{Search, Share, drawn};

/// What its folders' plans call it.
pub(crate) const NAME: &str = "sweep";

/// Who runs what a sweep needs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Engine {
    /// This process, on all its cores
    #[default]
    Local,
    /// An array job of Slurm
    Slurm,
}

/// Try many models and settings, measure each by backtest, and name the best
///
/// SWEEP.toml names tables, candidates and seeds. What is finished stays in the output folder: the same command again goes on from
/// there.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  recurra sweep SWEEP.toml --out sweep
  recurra sweep SWEEP.toml --out share-2 --partition slice:2/8
  recurra sweep SWEEP.toml --out sweep --engine slurm --sbatch=--time=1:00:00")]
pub(crate) struct Arguments {
    /// What to try, on which data
    file: PathBuf,
    /// The folder for results
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    /// Who runs it
    #[arg(long, value_name = "ENGINE", default_value = "local")]
    engine: Engine,
    /// Run a share of it: slice:2/8 (the second of eight), hash:2/8, or slice:auto in an array job
    #[arg(long, value_name = "SHARE", conflicts_with_all = ["engine", "collect"])]
    partition: Option<Partition>,
    /// Run nothing: rank what others have finished. A missing run is an error
    #[arg(long, conflicts_with = "engine")]
    collect: bool,
    /// Elements of Slurm's array job, each with many runs [default: one for every run, 64 at most]
    #[arg(long, value_name = "N")]
    tasks: Option<usize>,
    /// A flag for sbatch, such as --sbatch=--time=1:00:00; may be given several times
    #[arg(long, value_name = "FLAG", allow_hyphen_values = true)]
    sbatch: Vec<String>,
    /// Take Slurm's jobs of this folder back
    #[arg(long, conflicts_with_all = ["partition", "collect"])]
    cancel: bool,
}

/// What a round of a sweep came to.
enum Round {
    Done(Vec<(Run, Outcome)>),
    /// So many of all its runs are finished.
    Open {
        finished: usize,
        of: usize,
    },
}

pub(crate) fn run(arguments: &Arguments, registry: &Registry, terminal: &Terminal) -> Result<(), Failure> {
    if arguments.cancel || matches!(arguments.engine, Engine::Slurm) {
        // Where the scripts of the jobs are.
        on_a_disk("--out", &arguments.out)?;
        on_a_disk("with Slurm,", &arguments.file)?;
    }
    if arguments.cancel {
        return slurm::cancel(&arguments.out, terminal);
    }
    let sweep = Sweep::read(&arguments.file, registry)?;
    let folder = arguments.file.parent().unwrap_or(Path::new(""));
    let tables = (0..sweep.data.len())
        .map(|at| Table::read(&sweep, at, folder, terminal))
        .collect::<Result<Vec<_>, _>>()?;
    folder::check(&sweep, &tables)?;
    if !arguments.collect {
        make_folder(&arguments.out)?;
    }
    let engine = arguments.engine;
    interrupt::end_at_once_saying(*terminal, move || match engine {
        Engine::Local => "interrupted; finished runs are kept, the same command goes on from there",
        Engine::Slurm => {
            "Slurm goes on without this command; the same command watches again, with --cancel it takes the jobs back"
        }
    })?;
    let work = Work {
        arguments,
        sweep: &sweep,
        tables: &tables,
        registry,
        terminal,
    };
    let mut standing: Vec<usize> = match sweep.search {
        Search::Random { draws, seed } => drawn(sweep.candidates.len(), draws, seed),
        _ => (0..sweep.candidates.len()).collect(),
    };
    let tried = standing.len();
    let rounds = Share::rounds(sweep.search);
    let mut planned = Vec::new();
    for (number, share) in rounds.iter().enumerate() {
        let runs: Vec<Run> = (standing.iter())
            .map(|candidate| Run::of(&sweep, &tables, *candidate, *share))
            .collect::<Result<Vec<_>, _>>()?
            .concat();
        planned.extend(runs.iter().cloned());
        // Who runs nothing leaves nothing behind where something is missing.
        if !arguments.collect {
            folder::write_plan(&arguments.out, &planned, number + 1 < rounds.len())?;
        }
        let finished = match work.round(&runs)? {
            Round::Done(finished) => finished,
            Round::Open { finished, of } => {
                terminal.note(&format!(
                    "{finished} of {of} runs are in {}{}",
                    arguments.out.display(),
                    match rounds.len() {
                        1 => String::new(),
                        count => format!(", round {} of {count}", number + 1),
                    }
                ));
                return Ok(());
            }
        };
        let ranking = ranking::rank(&sweep, &tables, &finished)?;
        if number + 1 < rounds.len() {
            let factor = match sweep.search {
                Search::Halving { factor, .. } => factor as usize,
                _ => 1,
            };
            standing = (ranking.candidates.iter())
                .filter(|standing| standing.of_naive.is_some())
                .take(standing.len().div_ceil(factor))
                .map(|standing| standing.candidate)
                .collect();
            standing.sort_unstable();
            if standing.is_empty() {
                return Err(Failure::Input(
                    "every candidate failed; the first because: ".to_owned()
                        + ranking.candidates[0].failed.as_deref().unwrap_or_default(),
                ));
            }
            continue;
        }
        let results = words::Results::new(&sweep, tried, &ranking);
        results.write(&sweep, &arguments.out)?;
        return if terminal.json {
            terminal.json(&results)
        } else {
            terminal.words(&results.text(&sweep, folder))
        };
    }
    Ok(())
}

/// What all rounds share.
struct Work<'a> {
    arguments: &'a Arguments,
    sweep: &'a Sweep,
    tables: &'a [Table],
    registry: &'a Registry,
    terminal: &'a Terminal,
}

impl Work<'_> {
    /// Sees to it that the runs are finished, as far as this process is to.
    fn round(&self, runs: &[Run]) -> Result<Round, Failure> {
        let kept = Runs::new(&self.arguments.out, runs.iter().map(|run| &run.cell));
        let missing = kept.missing(self.terminal)?;
        if self.arguments.collect && !missing.is_empty() {
            return Err(Failure::Input(format!(
                "{}: {} of {} runs are missing, the first is {}",
                self.arguments.out.display(),
                missing.len(),
                runs.len(),
                runs[missing[0]].cell.cell
            )));
        }
        match self.arguments.engine {
            Engine::Slurm if !missing.is_empty() => {
                let flags = slurm::Flags {
                    tasks: self.arguments.tasks,
                    sbatch: &self.arguments.sbatch,
                };
                let (file, out) = (&self.arguments.file, &self.arguments.out);
                // What has been finished stays so: each look is at the others alone.
                let mut left = missing.clone();
                slurm::run(file, out, runs, &missing, &flags, self.terminal, || {
                    left.retain(|number| !kept.is_finished(*number));
                    left.len()
                })?;
            }
            _ => {
                let share = self.arguments.partition.unwrap_or(Partition::WHOLE);
                let mut mine = missing.clone();
                mine.retain(|number| share.takes(*number, &runs[*number].cell.key));
                self.here(&kept, runs, &mine, runs.len() - missing.len())?;
            }
        }
        let finished = kept.finished()?;
        Ok(if finished.len() == runs.len() {
            let with_run = |(number, outcome): (usize, Outcome)| (runs[number].clone(), outcome);
            Round::Done(finished.into_iter().map(with_run).collect())
        } else {
            Round::Open {
                finished: finished.len(),
                of: runs.len(),
            }
        })
    }

    /// Runs `mine` in this process.
    fn here(&self, kept: &Runs<'_, Outcome>, runs: &[Run], mine: &[usize], before: usize) -> Result<(), Failure> {
        if mine.is_empty() {
            return Ok(());
        }
        if before > 0 {
            self.terminal.note(&format!("{before} runs are finished already"));
        }
        let bar = folder::Bar::new(self.terminal, mine.len());
        let done = AtomicUsize::new(0);
        let execute = |number: usize| {
            let run = &runs[number];
            with_threads(1, || run.execute(self.sweep, &self.tables[run.table], self.registry))
        };
        kept.complete(mine, execute, |number| {
            bar.show(done.fetch_add(1, Ordering::Relaxed) + 1, &runs[number].cell.cell);
        })
    }
}
