//! `recurra man`: the manual pages.

use std::path::PathBuf;

use crate::failure::Failure;
use crate::terminal::Terminal;
use crate::write_file;

/// Print the manual page, or write one page a command into a folder
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  recurra man | man -l -
  recurra man --output ~/.local/share/man/man1")]
pub(crate) struct Arguments {
    /// A folder for the pages: recurra.1, recurra-fit.1, …
    #[arg(long, short, value_name = "FOLDER")]
    output: Option<PathBuf>,
}

/// Prints or writes the pages of `program`, the commands with all their flags.
pub(crate) fn run(arguments: &Arguments, mut program: clap::Command, terminal: &Terminal) -> Result<(), Failure> {
    program.build();
    let Some(folder) = &arguments.output else {
        return terminal.result(&page(program)?);
    };
    let commands: Vec<clap::Command> = program
        .get_subcommands()
        .filter(|command| command.get_name() != "help")
        .cloned()
        .collect();
    for command in commands {
        let name = format!("recurra-{}", command.get_name());
        let path = folder.join(format!("{name}.1"));
        write_file::write(&path, page(command)?.as_bytes())?;
    }
    write_file::write(&folder.join("recurra.1"), page(program)?.as_bytes())
}

fn page(command: clap::Command) -> Result<String, Failure> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command)
        .render(&mut page)
        .map_err(Failure::input)?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}
