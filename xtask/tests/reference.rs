//! The exact metrics of the tutorial's seed, for the whole matrix. `cargo xtask reproduce --check` compares with the same file;
//! `cargo xtask reproduce --accept` makes it anew.

#![allow(clippy::unwrap_used)]

use recurra_runs::{Manifest, Matrix, Options, Silent, TUTORIAL_SEED, assemble, plan, run, snapshot_json};
use std::{num::NonZeroUsize, path::Path, sync::atomic::AtomicBool};

#[test]
fn the_tutorials_seed_gives_these_very_bits() {
    let matrix = Matrix::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("matrix.toml")).unwrap();
    let data = matrix.data.load();
    let plan = plan(&matrix, &[], &[TUTORIAL_SEED], &data).unwrap();
    let options = Options {
        jobs: NonZeroUsize::new(2).unwrap(),
        cache: None,
        resume: false,
    };
    let finished = run(&plan, &data, &options, &Silent, &AtomicBool::new(false)).unwrap();
    let results = assemble(&Manifest::new(&matrix, &plan, &data), &finished).unwrap();
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("reference", snapshot_json(&results).unwrap()));
}
