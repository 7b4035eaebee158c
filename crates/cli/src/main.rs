//! `recurra`: forecasting one's own data from a terminal. A dispatcher, one file per command.

#![allow(clippy::print_stdout, clippy::print_stderr)]

mod arguments;
mod commands;
mod failure;
mod presets;
mod terminal;
mod write_file;

use std::process::ExitCode;

use clap::Parser;

use crate::arguments::{Arguments, Command};
use crate::commands::{doctor, generate, models};
use crate::terminal::Terminal;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let terminal = Terminal::new(&arguments.output);
    let result = match arguments.command {
        Command::Generate(arguments) => generate::run(&arguments, &terminal),
        Command::Models(arguments) => models::run(&arguments, &terminal),
        Command::Doctor(arguments) => doctor::run(&arguments, &terminal),
    };
    let Err(failure) = result else { return ExitCode::SUCCESS };
    let (code, message) = failure.into_parts();
    if let Some(message) = message {
        terminal.error(&message);
    }
    code
}
