//! `cargo xtask`: the reproduction of the reference, and the chores of this workspace. A dispatcher, one file per subcommand.

#![allow(clippy::print_stdout, clippy::print_stderr)]

mod bench;
mod ci;
mod compare;
mod failure;
mod fixtures;
mod interrupt;
mod json_file;
mod leaderboard;
mod merge;
mod progress;
mod publish;
mod reproduce;
mod tidy;
mod workspace;

use clap::{Parser, Subcommand};
use failure::Failure;
use recurra_kernels::{Isa, threads_from_env};
use recurra_runs::Machine;
use std::{num::NonZeroUsize, process::ExitCode};

/// The reproduction of the reference, and the chores of this workspace.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", after_help = AFTER_HELP)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

const AFTER_HELP: &str = "\
Exit codes: 0 it worked; 1 a difference or a fault was found, or a file or a program failed; 2 an argument, \
or a file or a variable of the environment that it goes by, does not serve; 130 interrupted.";

#[derive(Subcommand)]
enum Command {
    Reproduce(reproduce::Arguments),
    Merge(merge::Arguments),
    Compare(compare::Arguments),
    Leaderboard(leaderboard::Arguments),
    Bench(bench::Arguments),
    Fixtures(fixtures::Arguments),
    Tidy(tidy::Arguments),
    Ci(ci::Arguments),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match checked_environment().and_then(|()| run(&arguments.command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

fn run(command: &Command) -> Result<(), Failure> {
    match command {
        Command::Reproduce(arguments) => reproduce::run(arguments),
        Command::Merge(arguments) => merge::run(arguments),
        Command::Compare(arguments) => compare::run(arguments),
        Command::Leaderboard(arguments) => leaderboard::run(arguments),
        Command::Bench(arguments) => bench::run(arguments),
        Command::Fixtures(arguments) => fixtures::run(arguments),
        Command::Tidy(arguments) => tidy::run(arguments),
        Command::Ci(arguments) => ci::run(arguments),
    }
}

/// Refuses a kernel path that this machine does not have, before anything is computed by another one, and a number of threads that is none.
fn checked_environment() -> Result<(), Failure> {
    Isa::from_env().map_err(|error| Failure::Usage(error.to_string()))?;
    threads_from_env().map_err(|error| Failure::Usage(error.to_string()))?;
    Ok(())
}

/// Trainings at one time: as many as cores unless told otherwise.
fn jobs(asked: Option<NonZeroUsize>) -> NonZeroUsize {
    asked
        .or_else(|| NonZeroUsize::new(Machine::this().threads))
        .unwrap_or(NonZeroUsize::MIN)
}

/// The kernel path that is used, such as `avx512`.
fn isa() -> String {
    Isa::active().to_string()
}
