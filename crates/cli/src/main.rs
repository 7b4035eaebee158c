//! `recurra`: forecasting one's own data from a terminal. A dispatcher, one file per command.

#![allow(clippy::print_stdout, clippy::print_stderr)]

mod arguments;
mod calendar;
mod commands;
mod config;
mod dataset;
mod failure;
mod forecast_table;
mod interrupt;
mod model_flags;
mod model_path;
mod presets;
mod progress;
mod rate_sweep;
mod svg;
mod terminal;
mod text;
mod write_file;

use std::process::ExitCode;

use clap::{CommandFactory, Parser};
use recurra_kernels::{Isa, threads_from_env};

use crate::arguments::{Arguments, Command};
use crate::commands::{
    backtest, completions, convert, doctor, fit, forecast, generate, lr_find, man, models, plot, summary,
};
use crate::failure::Failure;
use crate::terminal::{OutputFlags, Terminal};

fn main() -> ExitCode {
    let arguments = match parse() {
        Ok(arguments) => arguments,
        Err(failure) => return end(failure, &Terminal::new(&OutputFlags::default())),
    };
    let terminal = Terminal::new(&arguments.output);
    match checked_environment().and_then(|()| run(arguments.command, &terminal)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => end(failure, &terminal),
    }
}

/// The command line and `recurra.toml` as one.
fn parse() -> Result<Arguments, Failure> {
    let (words, added) = config::with_flags(std::env::args_os().collect(), &Arguments::command())?;
    Ok(Arguments::try_parse_from(words).unwrap_or_else(|error| {
        if error.exit_code() != 0 && !added.is_empty() {
            eprintln!("note: recurra.toml adds {}", added.join(" "));
        }
        error.exit()
    }))
}

fn run(command: Command, terminal: &Terminal) -> Result<(), Failure> {
    match command {
        Command::Generate(arguments) => generate::run(&arguments, terminal),
        Command::Fit(arguments) => fit::run(&arguments, terminal),
        Command::Forecast(arguments) => forecast::run(&arguments, terminal),
        Command::Plot(arguments) => plot::run(&arguments, terminal),
        Command::Backtest(arguments) => backtest::run(&arguments, terminal),
        Command::LrFind(arguments) => lr_find::run(&arguments, terminal),
        Command::Models(arguments) => models::run(&arguments, terminal),
        Command::Summary(arguments) => summary::run(&arguments, terminal),
        Command::Convert(arguments) => convert::run(&arguments, terminal),
        Command::Doctor(arguments) => doctor::run(&arguments, terminal),
        Command::Completions(arguments) => completions::run(&arguments, terminal),
        Command::Man(arguments) => man::run(&arguments, terminal),
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
