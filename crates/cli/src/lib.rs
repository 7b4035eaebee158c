#![doc = include_str!("../README.md")]
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod arguments;
mod calendar;
mod columns;
mod command_line;
mod commands;
mod config;
mod data_flags;
mod dataset;
mod epochs_trained;
mod failure;
mod files;
mod folder;
mod forecast_table;
mod held_out_intervals;
mod interrupt;
mod loss_flag;
mod model_flags;
mod model_path;
mod page;
mod panel_preset;
mod parts_of_series;
mod plainly;
mod presets;
mod progress;
mod rate_sweep;
mod run_folder;
mod season;
mod terminal;
mod text;
mod write_file;

use std::process::ExitCode;

use recurra_kernels::{Isa, threads_from_env};
use recurra_zoo::Registry;

use crate::arguments::Command;
use crate::commands::{
    backtest, completions, convert, doctor, fit, forecast, generate, lr_find, man, merge, models, plot, summary, sweep,
};
use crate::failure::Failure;
use crate::terminal::{OutputFlags, Terminal};

/// Runs the command that the process was started with, on the models of `registry`, and gives the exit code: 0 done, 1 an
/// assertion failed, 2 bad input, 130 interrupted. Results go to standard output, all else to standard error.
#[must_use]
pub fn main(registry: &Registry) -> ExitCode {
    let arguments = match command_line::parse(std::env::args_os().collect()) {
        Ok(arguments) => arguments,
        Err(failure) => return end(failure, &Terminal::new(&OutputFlags::default())),
    };
    let terminal = Terminal::new(&arguments.output);
    match checked_environment().and_then(|()| run(arguments.command, registry, &terminal)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => end(failure, &terminal),
    }
}

fn run(command: Command, registry: &Registry, terminal: &Terminal) -> Result<(), Failure> {
    match command {
        Command::Generate(arguments) => generate::run(&arguments, terminal),
        Command::Fit(arguments) => fit::run(&arguments, registry, terminal),
        Command::Forecast(arguments) => forecast::run(&arguments, registry, terminal),
        Command::Plot(arguments) => plot::run(&arguments, terminal),
        Command::Backtest(arguments) => backtest::run(&arguments, registry, terminal),
        Command::Sweep(arguments) => sweep::run(&arguments, registry, terminal),
        Command::Merge(arguments) => merge::run(&arguments, terminal),
        Command::LrFind(arguments) => lr_find::run(&arguments, registry, terminal),
        Command::Models(arguments) => models::run(&arguments, registry, terminal),
        Command::Summary(arguments) => summary::run(&arguments, registry, terminal),
        Command::Convert(arguments) => convert::run(&arguments, registry, terminal),
        Command::Doctor(arguments) => doctor::run(&arguments, terminal),
        Command::Completions(arguments) => completions::run(&arguments, command_line::command(), terminal),
        Command::Man(arguments) => man::run(&arguments, command_line::command(), terminal),
    }
}

/// Refuses a kernel path that this machine does not have, and a number of threads that is none, before anything is computed otherwise.
fn checked_environment() -> Result<(), Failure> {
    Isa::from_env().map_err(Failure::input)?;
    threads_from_env().map_err(Failure::input)?;
    Ok(())
}

/// Says what went wrong, and gives the exit code.
fn end(failure: Failure, terminal: &Terminal) -> ExitCode {
    let interrupted = matches!(failure, Failure::Interrupted(_));
    let (code, message) = failure.into_parts();
    match message {
        // Whoever pressed Ctrl-C knows that it is no error.
        Some(message) if interrupted => terminal.plain(&message),
        Some(message) => terminal.error(&message),
        None => {}
    }
    code
}
