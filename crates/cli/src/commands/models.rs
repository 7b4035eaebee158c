//! `recurra models`: the zoo.

use crate::failure::Failure;
use crate::terminal::Terminal;

/// List the models that --model accepts, with their recipes
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  recurra models
  recurra models --json | jq -r '.[].name'")]
pub(crate) struct Arguments {}

pub(crate) fn run(_: &Arguments, terminal: &Terminal) -> Result<(), Failure> {
    terminal.result("")
}
