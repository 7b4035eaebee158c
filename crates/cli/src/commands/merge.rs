//! `recurra merge`: the folders of several machines as one.

use std::path::PathBuf;

use recurra_evaluation::backtest::BlockOutcome;
use recurra_runs::Store;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::commands::{backtest, sweep};
use crate::failure::Failure;
use crate::files::{Anywhere, make_folder};
use crate::run_folder::Plan;
use crate::terminal::Terminal;
use crate::text::{counted, shell};

/// Put the shares of several machines together
///
/// Every run must be in one of the folders, whole, and the same wherever it is twice; all that are not are listed.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  recurra sweep SWEEP.toml --out share-1 --partition slice:1/2
  recurra sweep SWEEP.toml --out share-2 --partition slice:2/2
  recurra merge share-1 share-2 --out whole
  recurra sweep SWEEP.toml --out whole --collect")]
pub(crate) struct Arguments {
    /// The folders, all of one command's --partition
    #[arg(required = true, value_name = "FOLDER")]
    folders: Vec<PathBuf>,
    /// The folder for the whole
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
}

pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> Result<(), Failure> {
    let plans = arguments
        .folders
        .iter()
        .map(|folder| Plan::read(folder))
        .collect::<Result<Vec<_>, _>>()?;
    let Some((plan, others)) = plans.split_first() else {
        return Err(Failure::input("no folder to merge"));
    };
    if let Some(other) = others.iter().position(|other| other != plan) {
        return Err(Failure::Input(format!(
            "{}: its plan is not that of {}; all shares come from one command on the same data",
            arguments.folders[other + 1].display(),
            arguments.folders[0].display()
        )));
    }
    let (runs, next) = match plan.command.as_str() {
        sweep::NAME => (
            joined::<sweep::Outcome>(plan, arguments)?,
            "recurra sweep SWEEP.toml --collect",
        ),
        backtest::shares::NAME => (
            joined::<BlockOutcome>(plan, arguments)?,
            "the same recurra backtest without --partition",
        ),
        other => {
            return Err(Failure::Input(format!(
                "{}: its plan is of `{other}`, which this version does not know",
                arguments.folders[0].display()
            )));
        }
    };
    plan.write(&arguments.out)?;
    terminal.note(&format!(
        "{} from {} are in {}\nnext: {next} --out {}",
        counted(runs, "run"),
        counted(arguments.folders.len(), "folder"),
        arguments.out.display(),
        shell(&arguments.out.to_string_lossy())
    ));
    Ok(())
}

/// Puts the runs of all folders into one, and says how many they are.
fn joined<T: Serialize + DeserializeOwned + PartialEq>(plan: &Plan, arguments: &Arguments) -> Result<usize, Failure> {
    let runs = plan.gather::<T>(&arguments.folders)?;
    make_folder(&arguments.out)?;
    let store = Store::among(&Anywhere, &arguments.out);
    for (cell, outcome) in &runs {
        store
            .keep(&cell.cell, &cell.stem, &cell.key, outcome)
            .map_err(Failure::input)?;
    }
    Ok(runs.len())
}
