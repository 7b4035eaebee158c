//! `--check` and `--accept`: the committed snapshot.

use super::{
    Arguments,
    explanation::{explanation, provenance, seeds_file},
    manifest, reproduction, train,
};
use crate::{
    failure::Failure,
    publish::{Reproduction, publish},
};
use recurra_report::records::{Results, Source};
use recurra_runs::{
    Experiment, ExperimentKind, Moved, RunError, TUTORIAL_SEED, assemble, default_seeds, moved,
    snapshot::{self, RateSweep, part},
};
use std::{
    num::NonZeroUsize,
    path::{Path, PathBuf},
    time::Instant,
};

/// Rows that are shown of one experiment and seed; a learning-rate sweep that moved has hundreds.
const ROWS: usize = 8;
/// Seeds of the distribution that a moved figure is held against.
const MANY_SEEDS: usize = 40;

/// Runs what the snapshot holds and compares. Nothing is taken from a cache.
pub(super) fn check(arguments: &Arguments, file: &Path) -> Result<(), Failure> {
    let mut committed = snapshot::read(file)?;
    // Our own recipes may be named one by one, too.
    if arguments.with.is_some() || (!arguments.only.is_empty() && ours(file).is_file()) {
        committed.runs.extend(snapshot::read(&ours(file))?.runs);
    }
    let seeds = wanted_seeds(arguments, &committed)?;
    let done = reproduce(arguments, &seeds)?;
    let actual = results(&done)?;
    // Without --only an experiment that left the matrix is a move, too.
    let all = arguments.only.is_empty();
    let cells = &done.manifest.plan.cells;
    let planned = |id: &str| all || cells.iter().any(|cell| cell.experiment == id);
    let rate_sweep = match all || cells.iter().any(|cell| cell.kind == ExperimentKind::RateSweep) {
        true => RateSweep::Kept,
        false => RateSweep::LeftOut,
    };
    let expected = part(&committed, &seeds, planned, rate_sweep);
    if let Some(out) = &arguments.out {
        publish(&done, out, arguments.quiet)?;
    }
    let moved = moved(&expected, &actual);
    if moved.is_empty() {
        if !arguments.quiet {
            println!(
                "{} runs are what the snapshot holds, bit for bit",
                done.manifest.plan.cells.len()
            );
        }
        return Ok(());
    }
    Err(Failure::Found(format!(
        "{}\n{} of the figures are not those of {}.\n{}If they ought to move, say why in the commit and run `cargo xtask reproduce \
         --accept`.",
        table(&moved),
        moved.len(),
        provenance(file),
        explanation(&moved, file, &expected)
    )))
}

/// Makes the snapshot anew.
pub(super) fn accept(arguments: &Arguments, file: &Path) -> Result<(), Failure> {
    let seeds = match (arguments.seed, arguments.seeds) {
        (Some(seed), _) => vec![seed],
        (None, Some(count)) => default_seeds(count.get()),
        (None, None) => vec![TUTORIAL_SEED],
    };
    let done = reproduce(arguments, &seeds)?;
    let results = results(&done)?;
    let experiments = &done.manifest.matrix.experiments;
    let is_ours = |id: &str| {
        let named = |experiment: &&Experiment| experiment.id == id;
        experiments
            .iter()
            .find(named)
            .is_some_and(|experiment| experiment.source == Source::Ours)
    };
    accepted(file, &part(&results, &seeds, |id| !is_ours(id), RateSweep::Kept))?;
    if arguments.with.is_some() {
        accepted(&ours(file), &part(&results, &seeds, is_ours, RateSweep::LeftOut))?;
    }
    Ok(())
}

/// Makes the results of many seeds anew, of the tutorial's recipes and of our own: their runs alone, as a learning-rate sweep has no seeds to compare.
pub(super) fn accept_seeds(arguments: &Arguments, file: &Path) -> Result<(), Failure> {
    let seeds = match arguments.seed {
        Some(seed) => vec![seed],
        None => default_seeds(arguments.seeds.map_or(MANY_SEEDS, NonZeroUsize::get)),
    };
    let done = reproduce(arguments, &seeds)?;
    let mut results = part(&results(&done)?, &seeds, |_| true, RateSweep::LeftOut);
    results.baselines.clear();
    accepted(&seeds_file(file), &results)
}

fn accepted(file: &Path, results: &Results) -> Result<(), Failure> {
    snapshot::write(file, "xtask/tests/reference.rs", results)?;
    println!("{} holds {} runs now", file.display(), results.runs.len());
    Ok(())
}

/// Where the results of this project's own recipes are kept: beside those of the tutorial's, so that these stand alone.
fn ours(reference: &Path) -> PathBuf {
    reference.with_file_name("ours.snap")
}

/// Plans and runs everything, without a cache.
fn reproduce(arguments: &Arguments, seeds: &[u64]) -> Result<Reproduction, Failure> {
    let manifest = manifest(arguments, seeds)?;
    let begin = Instant::now();
    let finished = train(arguments, &manifest.plan, &manifest.matrix, None)?;
    Ok(reproduction(arguments, manifest, finished, begin))
}

fn results(done: &Reproduction) -> Result<Results, Failure> {
    Ok(assemble(&done.manifest, &done.finished)?)
}

/// The seeds that were asked for, as far as the snapshot has them; all that it has if none was asked for.
fn wanted_seeds(arguments: &Arguments, results: &Results) -> Result<Vec<u64>, Failure> {
    let known = snapshot::seeds(results);
    if let Some(seed) = arguments.seed {
        return if known.contains(&seed) {
            Ok(vec![seed])
        } else {
            Err(RunError::UnknownSeed { seed, known }.into())
        };
    }
    let limit = arguments.seeds.map_or(usize::MAX, NonZeroUsize::get);
    let asked = |seed: &u64| limit == usize::MAX || default_seeds(limit).contains(seed);
    let wanted: Vec<u64> = known.iter().copied().filter(asked).collect();
    if wanted.is_empty() {
        return Err(RunError::NothingToCompare { known }.into());
    }
    Ok(wanted)
}

/// What moved: experiment, seed, metric, from, to.
fn table(moved: &[Moved]) -> String {
    let mut lines = vec![["experiment", "seed", "metric", "from", "to"].map(String::from)];
    let mut rest = moved;
    while let Some(first) = rest.first() {
        let count = rest
            .iter()
            .take_while(|row| row.subject == first.subject && row.seed == first.seed)
            .count();
        let (block, others) = rest.split_at(count);
        let seed = first.seed.map_or_else(String::new, |seed| seed.to_string());
        for row in block.iter().take(ROWS) {
            lines.push([
                row.subject.clone(),
                seed.clone(),
                row.metric.clone(),
                row.from.to_string(),
                row.to.to_string(),
            ]);
        }
        if count > ROWS {
            let more = format!("and {} more", count - ROWS);
            lines.push([first.subject.clone(), seed, more, String::new(), String::new()]);
        }
        rest = others;
    }
    aligned(&lines)
}

/// Lines of cells, every column as wide as its widest cell.
fn aligned(lines: &[[String; 5]]) -> String {
    let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..5).map(width).collect();
    let line = |cells: &[String; 5]| {
        let padded: Vec<String> = cells
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell:width$}"))
            .collect();
        padded.join("  ").trim_end().to_string() + "\n"
    };
    lines.iter().map(line).collect()
}
