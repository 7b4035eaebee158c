//! A backtest in pieces that are kept: for several machines, and for going on after a stop.

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use recurra_evaluation::backtest::{BacktestResult, BlockOutcome, Blocks};
use recurra_kernels::{share_out, threads};
use recurra_runs::{Key, Lookup, Partition, Store, digest_bytes};

use super::Arguments;
use crate::failure::Failure;
use crate::run_folder::{Cell, PROGRAM_DIGEST, Plan, make};
use crate::terminal::Terminal;

/// What its folders' plans call it.
pub(crate) const NAME: &str = "backtest";
/// The version of what an outcome means: a part of every key.
const VERSION: u32 = 1;

/// Does this process's share of the pieces, and gathers all of them if they are there; nothing if others still have to do theirs.
pub(super) fn run(
    blocks: &Blocks<'_>,
    arguments: &Arguments,
    plan: &recurra_evaluation::backtest::Backtest,
    out: &Path,
    terminal: &Terminal,
) -> Result<Option<BacktestResult>, Failure> {
    let data = Path::new(&arguments.data);
    let bytes = std::fs::read(data).map_err(|error| Failure::file("read", data, &error))?;
    let settings = recurra_evaluation::backtest::Backtest {
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
                key: Key::of(&(VERSION, model, folds.start, folds.end, digest_bytes(&bytes), &shared)),
            }
        })
        .collect();
    make(out)?;
    let plan = Plan::new(NAME, cells);
    plan.write(out)?;
    let cells = plan.cells();
    let store: Store<BlockOutcome> = Store::new(out);
    let share = arguments.partition.unwrap_or(Partition::WHOLE);
    let find = |cell: &Cell| store.find(&cell.cell, &cell.stem, &cell.key);
    let missing: Vec<usize> = (0..cells.len())
        .filter(|index| match find(&cells[*index]) {
            Lookup::Found(_) => false,
            Lookup::Missing => true,
            Lookup::Unusable { file, reason } => {
                terminal.note(&format!("{} is not used: {reason}", file.display()));
                true
            }
        })
        .filter(|index| share.takes(*index, &cells[*index].key))
        .collect();
    let (error, failed) = (Mutex::new(None), AtomicBool::new(false));
    let mut workers = vec![(); threads().min(missing.len()).max(1)];
    share_out(&mut workers, missing.iter(), |(), index| {
        // What could not be kept would be trained for nothing.
        if failed.load(Ordering::Relaxed) {
            return;
        }
        let cell = &cells[*index];
        let kept = store.keep(&cell.cell, &cell.stem, &cell.key, &blocks.run(*index));
        if let Err(failure) = kept {
            failed.store(true, Ordering::Relaxed);
            let mut first = error.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            first.get_or_insert(Failure::input(failure));
        }
    });
    if let Some(failure) = error.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner) {
        return Err(failure);
    }
    let mut outcomes = Vec::with_capacity(cells.len());
    for cell in cells {
        if let Lookup::Found(outcome) = find(cell) {
            outcomes.push(outcome);
        }
    }
    let (found, all) = (outcomes.len(), cells.len());
    if found < all {
        terminal.note(&format!("{found} of {all} pieces are in {}", out.display()));
        return Ok(None);
    }
    blocks.gather(outcomes).map(Some).map_err(Failure::input)
}
