//! A backtest in pieces that are kept: for several machines, and for going on after a stop.

use std::path::Path;

use recurra_evaluation::backtest::{Backtest, BacktestResult, BlockOutcome, Blocks};
use recurra_runs::{Key, Partition};

use super::Arguments;
use crate::failure::Failure;
use crate::files::make_folder;
use crate::run_folder::{Cell, PROGRAM_DIGEST, Plan, Runs};
use crate::terminal::Terminal;

/// What its folders' plans call it.
pub(crate) const NAME: &str = "backtest";
/// The version of what an outcome means: a part of every key.
const VERSION: u32 = 1;

/// Does this process's share of the pieces, and gathers all of them if they are there; nothing if others still have to do theirs. The
/// digest is that of the data.
pub(super) fn run(
    blocks: &Blocks<'_>,
    arguments: &Arguments,
    plan: &Backtest,
    digest: &str,
    out: &Path,
    terminal: &Terminal,
) -> Result<Option<BacktestResult>, Failure> {
    let settings = Backtest {
        threads: 1,
        ..plan.clone()
    };
    // Whatever flag there will be, it decides the key.
    let shared = format!(
        "{PROGRAM_DIGEST} {:?} {:?} {settings:?}",
        arguments.data_flags, arguments.training
    );
    let cells: Vec<Cell> = (0..blocks.len())
        .map(|index| {
            let (model, folds) = blocks.describe(index);
            Cell {
                cell: format!("{model}, folds {} to {}", folds.start + 1, folds.end),
                stem: format!("{model}-{}", folds.start + 1),
                key: Key::of(&(VERSION, model, folds.start, folds.end, digest, &shared)),
            }
        })
        .collect();
    make_folder(out)?;
    let plan = Plan::new(NAME, cells);
    plan.write(out)?;
    let cells = plan.cells();
    let runs: Runs<'_, BlockOutcome> = Runs::new(out, cells);
    let share = arguments.partition.unwrap_or(Partition::WHOLE);
    let mut mine = runs.missing(terminal)?;
    mine.retain(|index| share.takes(*index, &cells[*index].key));
    runs.complete(&mine, |index| Ok(blocks.run(index)), |_| {})?;
    let outcomes: Vec<BlockOutcome> = runs.finished()?.into_iter().map(|(_, outcome)| outcome).collect();
    let (found, all) = (outcomes.len(), cells.len());
    if found < all {
        terminal.note(&format!("{found} of {all} pieces are in {}", out.display()));
        return Ok(None);
    }
    blocks.gather(outcomes).map(Some).map_err(Failure::input)
}
