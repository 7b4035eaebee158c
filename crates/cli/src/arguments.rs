//! The command line: what `recurra --help` shows.

use clap::{Parser, Subcommand};

use crate::commands::{
    backtest, completions, convert, doctor, fit, forecast, generate, lr_find, man, merge, models, plot, summary, sweep,
};
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
    after_help = AFTER_HELP,
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// A file with flags, each key a flag without its dashes [default: recurra.toml, if there is one]
    #[arg(long, global = true, value_name = "FILE", help_heading = "Output")]
    pub(crate) config: Option<std::path::PathBuf>,
    #[command(flatten)]
    pub(crate) output: OutputFlags,
}

const AFTER_HELP: &str = "\
First minute:
  recurra generate --preset reference -o reference.csv
  recurra fit reference.csv --time t --value series --model bilstm-1x32 --difference 1 -o reference.safetensors
  recurra forecast reference.safetensors reference.csv --horizon 14 -o forecast.csv
  recurra plot reference.csv --forecast forecast.csv -o forecast.svg

Exit codes: 0 it worked; 1 an assertion does not hold; 2 an input, a flag or a place for output does not serve; 130 interrupted.

`recurra COMMAND --help` shows a command's options and examples.";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Generate(generate::Arguments),
    Fit(fit::Arguments),
    Forecast(forecast::Arguments),
    Plot(plot::Arguments),
    Backtest(backtest::Arguments),
    Sweep(sweep::Arguments),
    Merge(merge::Arguments),
    LrFind(lr_find::Arguments),
    Models(models::Arguments),
    Summary(summary::Arguments),
    Convert(convert::Arguments),
    Doctor(doctor::Arguments),
    Completions(completions::Arguments),
    Man(man::Arguments),
}
