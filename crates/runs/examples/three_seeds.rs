//! A matrix of two experiments over three seeds, watched while it runs: `cargo run -p recurra-runs --example three_seeds`.
#![expect(clippy::print_stdout, reason = "an example that prints")]

use std::num::NonZeroUsize;
use std::sync::atomic::AtomicBool;

use recurra_runs::{Manifest, Matrix, RunOptions, Silent, assemble, plan, run};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let experiment = |id: &str, hidden: usize| {
        format!(
            r#"
            [[experiment]]
            id = "{id}"
            title = "{hidden} units"
            tutorial = "nothing"
            description = "One GRU layer of {hidden} units, twenty epochs."
            [experiment.recipe]
            model = "gru-1x{hidden}"
            window = 20
            batch = 32
            shuffle_buffer = 1000
            epochs = 20
            output_scale = 100.0
            loss = {{ name = "huber", delta = 1.0 }}
            optimizer = {{ name = "sgd", learning_rate = 1e-6, momentum = 0.9 }}
            "#
        )
    };
    let head = "schema = 1\ndata = { series = \"reference\", split = 1000 }\n";
    let matrix = Matrix::parse(&format!("{head}{}{}", experiment("narrow", 8), experiment("wide", 32)))?;

    let data = matrix.data.load();
    let plan = plan(&matrix, &[], &[51, 1, 2], &data)?;
    let options = RunOptions {
        jobs: NonZeroUsize::MIN,
        cache: None,
        resume: false,
    };
    let finished = run(&plan, &data, &options, &Silent, &AtomicBool::new(false))?;
    let results = assemble(&Manifest::new(&matrix, &plan, &data), &finished)?;

    println!("validation MAE; naive has {:.3}", results.baselines["naive"].mae);
    for run in &results.runs {
        let mae = run
            .val_mae
            .map_or_else(|| "diverged".to_owned(), |mae| format!("{mae:.3}"));
        println!("  {:7} seed {:2}  {mae}", run.experiment, run.seed);
    }
    Ok(())
}
