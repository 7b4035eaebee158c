//! `recurra completions`: what shells read.

use clap_complete::Shell;

use crate::failure::Failure;
use crate::terminal::Terminal;

/// Print the completions of a shell
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  recurra completions bash > ~/.local/share/bash-completion/completions/recurra
  recurra completions zsh > ~/.zfunc/_recurra
  recurra completions fish > ~/.config/fish/completions/recurra.fish")]
pub(crate) struct Arguments {
    /// The shell
    shell: Shell,
}

/// Prints the completions of `program`, the commands with all their flags.
pub(crate) fn run(arguments: &Arguments, mut program: clap::Command, terminal: &Terminal) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut program, "recurra", &mut script);
    terminal.result(&String::from_utf8_lossy(&script))
}
