//! The exact metrics of the tutorial's seed, for the whole matrix. `cargo xtask reproduce --check` compares with the same file;
//! `cargo xtask reproduce --accept` makes it anew. Our own recipes have a file of their own: add `--with ours`.

#![allow(clippy::unwrap_used)]

use recurra_report::records::Source;
use recurra_runs::{Manifest, Matrix, RunOptions, Silent, TUTORIAL_SEED, assemble, plan, run, snapshot};
use std::{num::NonZeroUsize, path::Path, sync::atomic::AtomicBool};

/// Runs the experiments of `source` with the tutorial's seed and compares with the snapshot `name`.
fn compare(source: Source, name: &str) {
    let matrix = Matrix::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("matrix.toml")).unwrap();
    let data = matrix.data.load();
    let theirs = matrix
        .experiments
        .iter()
        .filter(|experiment| experiment.source == source);
    let ids: Vec<String> = theirs.map(|experiment| experiment.id.clone()).collect();
    let plan = plan(&matrix, &ids, &[TUTORIAL_SEED], &data).unwrap();
    let options = RunOptions {
        jobs: NonZeroUsize::new(2).unwrap(),
        cache: None,
        resume: false,
    };
    let finished = run(&plan, &data, &options, &Silent, &AtomicBool::new(false)).unwrap();
    let results = assemble(&Manifest::new(&matrix, &plan, &data), &finished).unwrap();
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, snapshot::to_json(&results).unwrap()));
}

#[test]
fn the_tutorials_seed_gives_these_very_bits() {
    compare(Source::Tutorial, "reference");
}

#[test]
fn our_own_recipes_give_these_very_bits() {
    compare(Source::Ours, "ours");
}
