//! The command line: what `recurra --help` shows.

use clap::{Parser, Subcommand};

use crate::commands::{doctor, generate, models};
use crate::terminal::OutputFlags;

/// Forecast your own time series from a terminal, with recurrent networks and classical methods.
///
/// The same seed gives the same forecast, to the last bit, on every machine.
#[derive(Debug, Parser)]
#[command(
    name = "recurra",
    version,
    about,
    long_about,
    max_term_width = 100,
    args_override_self = true,
    propagate_version = true,
    after_help = FIRST_MINUTE,
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) output: OutputFlags,
}

const FIRST_MINUTE: &str = "\
First minute:
  recurra generate --preset reference -o reference.csv
  recurra fit reference.csv --time t --value series --model bilstm-2x32 -o reference.safetensors
  recurra forecast reference.safetensors reference.csv --horizon 14 -o forecast.csv
  recurra plot reference.csv --forecast forecast.csv -o forecast.svg

`recurra COMMAND --help` shows a command's options and examples.";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Generate(generate::Arguments),
    Models(models::Arguments),
    Doctor(doctor::Arguments),
}
