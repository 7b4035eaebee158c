//! `cargo xtask reproduce`: trains the matrix of experiments and writes results, charts and a report.

mod check;
mod explanation;

use crate::{
    failure::Failure,
    interrupt, jobs,
    progress::Progress,
    publish::{Reproduction, publish},
    workspace,
};
use recurra_runs::{
    Cache, Finished, Manifest, Matrix, Observer, Partition, Plan, RunError, RunOptions, Silent, default_seeds, plan,
};
use std::{
    num::NonZeroUsize,
    path::{Path, PathBuf},
    time::Instant,
};

/// Train every experiment of the matrix and write results.json, charts, REPORT.md and report.html.
///
/// A run that was finished in the output folder before is taken up, if configuration, data and code are the same.
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    /// How many seeds: 51, then 1, 2, 3 and on [default: 10]
    #[arg(long, value_name = "N", conflicts_with = "seed")]
    seeds: Option<NonZeroUsize>,
    /// This seed alone
    #[arg(long, value_name = "S")]
    seed: Option<u64>,
    /// These experiments alone, whosever recipe they are
    #[arg(long, value_name = "ID[,ID]", value_delimiter = ',')]
    only: Vec<String>,
    /// Beside the tutorial's recipes those of this project
    #[arg(long, value_name = "WHOSE")]
    with: Option<With>,
    /// Trainings at one time [default: one per core]
    #[arg(long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
    /// The output folder [default: target/reproduce]
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// Run one share of the plan, for another machine to merge: slice:2/8 or hash:2/8 (the second of eight), slice:auto in
    /// a Slurm array job, slice:auto/8 in a Kubernetes Indexed Job
    #[arg(long, value_name = "SHARE", conflicts_with_all = ["check", "accept", "accept_seeds"])]
    partition: Option<Partition>,
    /// Compare with the committed snapshot: exit code 1 and a table if anything moved, with its place among many seeds.
    /// Reads no cache, and writes files only with --out
    #[arg(long)]
    check: bool,
    /// Make the committed snapshot anew from these runs (seed 51 unless told otherwise)
    #[arg(long, conflicts_with_all = ["check", "only"])]
    accept: bool,
    /// Make the results of many seeds anew that a moved figure is held against (40 seeds unless told otherwise; minutes)
    #[arg(long, conflicts_with_all = ["check", "accept", "only"])]
    accept_seeds: bool,
    /// Take up no finished run
    #[arg(long)]
    force: bool,
    /// No progress and no table
    #[arg(long, short)]
    quiet: bool,
    /// Another matrix file [default: xtask/matrix.toml]
    #[arg(long, value_name = "FILE")]
    matrix: Option<PathBuf>,
    /// Train on the values before this day and forecast those from it on, instead of the matrix's split
    #[arg(long, value_name = "DAY", conflicts_with_all = ["check", "accept", "accept_seeds"])]
    split: Option<usize>,
    /// Look at no value from this day on
    #[arg(long, value_name = "DAY", conflicts_with_all = ["check", "accept", "accept_seeds"])]
    end: Option<usize>,
    /// Another snapshot file
    #[arg(long, value_name = "FILE", hide = true)]
    snapshot: Option<PathBuf>,
}

/// Whose recipes are run beside the tutorial's.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum With {
    /// This project's.
    Ours,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let snapshot = arguments.snapshot.clone().unwrap_or_else(workspace::snapshot);
    if arguments.check {
        return check::check(arguments, &snapshot);
    }
    if arguments.accept {
        return check::accept(arguments, &snapshot);
    }
    if arguments.accept_seeds {
        return check::accept_seeds(arguments, &snapshot);
    }
    let out = arguments
        .out
        .clone()
        .unwrap_or_else(|| workspace::root().join("target/reproduce"));
    let seeds = match arguments.seed {
        Some(seed) => vec![seed],
        None => default_seeds(arguments.seeds.map_or(10, NonZeroUsize::get)),
    };
    let manifest = manifest(arguments, &seeds)?;
    manifest.write(&out)?;
    let partition = arguments.partition.unwrap_or(Partition::WHOLE);
    let begin = Instant::now();
    let finished = train(arguments, &manifest.plan.share(partition), &manifest.matrix, Some(&out))?;
    if partition.is_whole() {
        return publish(
            &reproduction(arguments, manifest, finished, begin),
            &out,
            arguments.quiet,
        );
    }
    if !arguments.quiet {
        println!(
            "{}: {} of {} runs are in {}; with all shares, `cargo xtask merge FOLDER… --out FOLDER` makes the report",
            partition,
            finished.len(),
            manifest.plan.cells.len(),
            out.display()
        );
    }
    Ok(())
}

/// The plan for `seeds`, and what it was made from.
fn manifest(arguments: &Arguments, seeds: &[u64]) -> Result<Manifest, Failure> {
    let file = arguments.matrix.clone().unwrap_or_else(workspace::matrix);
    let matrix = Matrix::read(&file)?
        .on_part(arguments.split, arguments.end)
        .map_err(|problem| RunError::Matrix { file, problem })?;
    let data = matrix.data.load();
    let all = arguments.only.is_empty() && arguments.with == Some(With::Ours);
    let only = if all { matrix.ids() } else { arguments.only.clone() };
    let plan = plan(&matrix, &only, seeds, &data)?;
    Ok(Manifest::new(&matrix, &plan, &data))
}

/// Runs the cells of `plan`; finished cells are kept below `out` if it is given.
fn train(arguments: &Arguments, plan: &Plan, matrix: &Matrix, out: Option<&Path>) -> Result<Vec<Finished>, Failure> {
    let options = RunOptions {
        jobs: jobs(arguments.jobs),
        cache: out.map(Cache::new),
        resume: !arguments.force,
    };
    let observer: Box<dyn Observer> = if arguments.quiet {
        Box::new(Silent)
    } else {
        eprintln!(
            "{} runs, {} at a time, {} kernels",
            plan.cells.len(),
            options.jobs,
            crate::isa()
        );
        Box::new(Progress::new())
    };
    Ok(recurra_runs::run(
        plan,
        &matrix.data.load(),
        &options,
        observer.as_ref(),
        interrupt::flag()?,
    )?)
}

fn reproduction(arguments: &Arguments, manifest: Manifest, finished: Vec<Finished>, begin: Instant) -> Reproduction {
    Reproduction {
        manifest,
        finished,
        command: command(arguments),
        jobs: jobs(arguments.jobs).get(),
        seconds: begin.elapsed().as_secs_f64(),
    }
}

/// The command that gives the same results: options that change none are left out.
fn command(arguments: &Arguments) -> String {
    let mut words = vec!["cargo xtask reproduce".to_string()];
    words.extend(arguments.seeds.map(|count| format!("--seeds {count}")));
    words.extend(arguments.seed.map(|seed| format!("--seed {seed}")));
    if !arguments.only.is_empty() {
        words.push(format!("--only {}", arguments.only.join(",")));
    }
    words.extend(arguments.with.map(|With::Ours| "--with ours".to_string()));
    words.extend(
        arguments
            .matrix
            .iter()
            .map(|file| format!("--matrix {}", file.display())),
    );
    words.extend(arguments.split.map(|day| format!("--split {day}")));
    words.extend(arguments.end.map(|day| format!("--end {day}")));
    words.join(" ")
}
