//! `recurra sweep`: many candidates, measured by backtest, here or on a cluster.

mod candidate;
mod file;
mod folder;
mod ranking;
mod run;
mod slurm;
mod words;

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use clap::ValueEnum;
use recurra_kernels::{share_out, threads, with_threads};
use recurra_runs::{Lookup, Partition, Store};
use recurra_zoo::Registry;

use crate::failure::Failure;
use crate::interrupt;
use crate::run_folder;
use crate::terminal::Terminal;
use candidate::{Share, drawn};
use file::{Search, Sweep};
pub(crate) use run::Outcome;
use run::{Run, Table};

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
        run_folder::make(&arguments.out)?;
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
        store: Store::new(&arguments.out),
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
            folder::write_plan(&arguments.out, &planned)?;
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
    store: Store<Outcome>,
    terminal: &'a Terminal,
}

impl Work<'_> {
    /// Sees to it that the runs are finished, as far as this process is to.
    fn round(&self, runs: &[Run]) -> Result<Round, Failure> {
        let missing = self.missing(runs);
        if self.arguments.collect && !missing.is_empty() {
            return Err(Failure::Input(format!(
                "{}: {} of {} runs are missing, the first is {}",
                self.arguments.out.display(),
                missing.len(),
                runs.len(),
                runs[missing[0]].label
            )));
        }
        match self.arguments.engine {
            Engine::Slurm if !missing.is_empty() => {
                let flags = slurm::Flags {
                    tasks: self.arguments.tasks,
                    sbatch: &self.arguments.sbatch,
                };
                let (file, out) = (&self.arguments.file, &self.arguments.out);
                slurm::run(file, out, runs, &missing, &flags, self.terminal, || {
                    self.missing(runs).len()
                })?;
            }
            _ => {
                let share = self.arguments.partition.unwrap_or(Partition::WHOLE);
                let mine: Vec<&Run> = (missing.iter())
                    .filter(|at| share.takes(**at, &runs[**at].key))
                    .map(|at| &runs[*at])
                    .collect();
                self.here(&mine, runs.len() - missing.len())?;
            }
        }
        self.gather(runs)
    }

    /// The numbers of the runs that are not finished. A damaged file is one that is not there.
    fn missing(&self, runs: &[Run]) -> Vec<usize> {
        let is_missing = |at: &usize| match runs[*at].finished(&self.store) {
            Lookup::Found(_) => false,
            Lookup::Missing => true,
            Lookup::Unusable { file, reason } => {
                self.terminal.note(&format!("{} is not used: {reason}", file.display()));
                true
            }
        };
        (0..runs.len()).filter(is_missing).collect()
    }

    fn gather(&self, runs: &[Run]) -> Result<Round, Failure> {
        let mut finished = Vec::with_capacity(runs.len());
        for run in runs {
            if let Lookup::Found(outcome) = run.finished(&self.store) {
                finished.push((run.clone(), outcome));
            }
        }
        Ok(match finished.len() {
            count if count == runs.len() => Round::Done(finished),
            count => Round::Open {
                finished: count,
                of: runs.len(),
            },
        })
    }

    /// Runs `mine` in this process, several at a time, and keeps each as soon as it is finished.
    fn here(&self, mine: &[&Run], before: usize) -> Result<(), Failure> {
        if mine.is_empty() {
            return Ok(());
        }
        if before > 0 {
            self.terminal.note(&format!("{before} runs are finished already"));
        }
        let bar = folder::Bar::new(self.terminal, mine.len());
        let (done, failed) = (AtomicUsize::new(0), AtomicBool::new(false));
        let error = Mutex::new(None);
        let mut workers = vec![(); threads().min(mine.len())];
        share_out(&mut workers, mine.iter(), |(), run| {
            if failed.load(Ordering::Relaxed) {
                return;
            }
            let outcome = with_threads(1, || run.execute(self.sweep, &self.tables[run.table], self.registry));
            let kept = outcome.and_then(|outcome| {
                (self.store.keep(&run.label, &run.stem, &run.key, &outcome)).map_err(Failure::input)
            });
            match kept {
                Ok(()) => bar.show(done.fetch_add(1, Ordering::Relaxed) + 1, &run.label),
                Err(failure) => {
                    failed.store(true, Ordering::Relaxed);
                    let mut first = error.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                    first.get_or_insert(failure);
                }
            }
        });
        let failure = error.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        failure.map_or(Ok(()), Err)
    }
}
