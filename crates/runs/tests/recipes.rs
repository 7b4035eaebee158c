//! Recipes of our own: averaged weights and scaled values.
#![allow(clippy::unwrap_used)]

use recurra_runs::{Matrix, Outcome, RunOptions, Silent, plan, run};
use recurra_series::{StandardScaler, reference};
use std::{num::NonZeroUsize, sync::atomic::AtomicBool};

/// One training per entry: its epochs, and how much of the average is kept at every step. A batch is an epoch.
fn outcomes(trainings: &[(usize, Option<f64>)]) -> Vec<Outcome> {
    let mut text = String::from("schema = 1\ndata = { series = \"reference\", split = 200, end = 260 }\n");
    for (number, (epochs, averaging)) in trainings.iter().enumerate() {
        let averaging = averaging.map_or(String::new(), |kept| format!("averaging = {kept:?}\n"));
        text += &format!(
            "[[experiment]]\nid = \"x-{number}\"\ntitle = \"\"\ntutorial = \"\"\ndescription = \"\"\n[experiment.recipe]\n\
             model = \"rnn-1x8\"\nwindow = 8\nbatch = 1000\nshuffle_buffer = 1\nepochs = {epochs}\noutput_scale = 1.0\n\
             scale = \"standard\"\nloss = {{ name = \"mean-absolute-error\" }}\noptimizer = {{ name = \"adam\" }}\n{averaging}"
        );
    }
    let matrix = Matrix::parse(&text).unwrap();
    let data = matrix.data.load();
    let plan = plan(&matrix, &[], &[51], &data).unwrap();
    let options = RunOptions {
        jobs: NonZeroUsize::new(2).unwrap(),
        cache: None,
        resume: false,
    };
    let finished = run(&plan, &data, &options, &Silent, &AtomicBool::new(false)).unwrap();
    finished.into_iter().map(|finished| finished.outcome).collect()
}

#[test]
fn the_forecast_is_made_with_the_average_of_its_own_training() {
    // An average that keeps nothing is the last weights, one that keeps all is those after the first step.
    let trainings = [
        (3, None),
        (1, None),
        (3, Some(0.0)),
        (3, Some(1.0)),
        (2, Some(1.0)),
        (3, Some(0.5)),
    ];
    let found = outcomes(&trainings);
    assert_ne!(found[0].validation, found[1].validation);
    assert_eq!(found[2], found[0]);
    assert_eq!(found[3].validation, found[1].validation);
    assert_eq!(found[4].validation, found[1].validation);
    assert!(found[5].validation != found[0].validation && found[5].validation != found[1].validation);
    assert_eq!(
        found.iter().map(|outcome| outcome.history.len()).collect::<Vec<_>>(),
        [3, 1, 3, 3, 2, 3]
    );
}

/// The loss is the mean absolute error, too, but of scaled values.
#[test]
fn errors_of_scaled_recipes_have_the_unit_of_the_series() {
    let record = outcomes(&[(1, None)])[0].history[0];
    let deviation = StandardScaler::fit(&reference::values()[..200]).unwrap().deviation;
    assert!(deviation > 10.0 && (record.mae / (record.loss * deviation) - 1.0).abs() < 1e-12);
}
