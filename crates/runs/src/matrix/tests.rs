//! What a matrix may say, and what is said of slips in it.
#![allow(clippy::unwrap_used)]

use super::*;

const TINY: &str = r#"
schema = 1
data = { series = "reference", split = 1000 }

[[experiment]]
id = "tiny"
title = "Tiny"
tutorial = "nothing"
description = "a small case"

[experiment.recipe]
model = "rnn-2x40"
window = 20
batch = 128
shuffle_buffer = 1000
epochs = 2
output_scale = 100.0
loss = { name = "huber", delta = 1.0 }
optimizer = { name = "sgd", learning_rate = 5e-6, momentum = 0.9 }
"#;

#[test]
fn the_plain_case_parses() {
    let matrix = Matrix::parse(TINY).unwrap();
    assert_eq!(matrix.experiments[0].kind, ExperimentKind::Forecast);
    assert_eq!(matrix.experiments[0].recipe.learning_rate(7), 5e-6);
}

#[test]
fn the_rate_sweep_grows_tenfold_every_decade() {
    let text = TINY.replace(
        "momentum = 0.9 }",
        "momentum = 0.9 }\nschedule = { name = \"exponential\", epochs_per_decade = 20 }",
    );
    let recipe = &Matrix::parse(&text).unwrap().experiments[0].recipe;
    assert_eq!(recipe.learning_rate(0), 5e-6);
    assert!((recipe.learning_rate(20) / 5e-5 - 1.0).abs() < 1e-15);
    assert!((recipe.learning_rate(10) / 5e-6 - 10.0_f64.sqrt()).abs() < 1e-14);
}

#[test]
fn a_cosine_falls_from_the_first_rate_to_nothing() {
    let text = TINY.replace(
        "momentum = 0.9 }",
        "momentum = 0.9 }\nschedule = { name = \"cosine\", epochs = 10 }",
    );
    let recipe = &Matrix::parse(&text).unwrap().experiments[0].recipe;
    assert_eq!([0, 10, 11].map(|epoch| recipe.learning_rate(epoch)), [5e-6, 0.0, 0.0]);
    assert!((recipe.learning_rate(5) - 2.5e-6).abs() < 1e-20);
}

#[test]
fn our_own_recipes_are_run_when_asked_for_alone() {
    let ours = TINY.replace("id = \"tiny\"", "id = \"own\"\nsource = \"ours\"");
    let (_, own) = ours.split_once("\n\n").unwrap();
    let matrix = Matrix::parse(&format!("{TINY}\n{own}")).unwrap();
    let ids = |ids: &[&str]| -> Vec<String> {
        let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
        let selected = matrix.select(&ids).unwrap();
        selected.iter().map(|experiment| experiment.id.clone()).collect()
    };
    assert_eq!(ids(&[]), ["tiny"]);
    assert_eq!(ids(&["own"]), ["own"]);
    assert_eq!(matrix.ids(), ["tiny", "own"]);
}

#[test]
fn a_part_of_the_series_ends_where_it_says() {
    let matrix = Matrix::parse(TINY).unwrap();
    let data = matrix.clone().on_part(Some(600), Some(800)).unwrap().data.load();
    assert_eq!((data.train().len(), data.validation().len()), (600, 200));
    assert_eq!(data.values, reference::values()[..800]);
    let error = matrix.on_part(Some(800), Some(800)).unwrap_err();
    assert!(error.to_string().contains("has 800 points"), "{error}");
}

#[test]
fn every_slip_is_named() {
    let cases = [
        ("schema = 1", "schema = 2", "schema 2"),
        ("split = 1000", "split = 1461", "has 1461 points"),
        ("epochs = 2", "epochs = 0", "recipe.epochs"),
        ("epochs = 2", "epoch = 2", "unknown field `epoch`"),
        ("momentum = 0.9", "momentum = 0.9, width = 2", "unknown field `width`"),
        ("\"huber\"", "\"hubert\"", "unknown variant `hubert`"),
        ("output_scale = 100.0", "output_scale = 0.0", "recipe.output_scale"),
        ("id = \"tiny\"", "id = \"../tiny\"", "lower-case letters"),
        (
            "momentum = 0.9 }",
            "momentum = 0.9 }\nschedule = { name = \"linear\" }",
            "linear",
        ),
        (
            "momentum = 0.9 }",
            "momentum = 0.9 }\nschedule = { name = \"cosine\", epochs = 0 }",
            "recipe.schedule.epochs",
        ),
        ("epochs = 2", "epochs = 2\ndifference = 0", "recipe.difference"),
        ("epochs = 2", "epochs = 2\naveraging = 1.5", "recipe.averaging"),
        ("epochs = 2", "epochs = 2\nscale = \"log\"", "recipe.scale"),
        (
            "epochs = 2",
            "epochs = 2\ncentre = \"median\"",
            "unknown variant `median`",
        ),
        (
            "epochs = 2",
            "epochs = 2\nseason = { period = 0 }",
            "recipe.season.period",
        ),
        (
            "epochs = 2",
            "epochs = 2\nseason = { period = 7, neighbours = 7 }",
            "recipe.season.neighbours",
        ),
        ("split = 1000", "split = 1000, end = 1000", "has 1000 points"),
        ("window = 20", "window = 1000", "recipe.window must be shorter"),
        (
            "window = 20",
            "window = 20\ndifference = 365\nseason = { period = 400, neighbours = 215 }",
            "recipe.window must be shorter",
        ),
        ("window = 20", "window = 18446744073709551615", "recipe.window"),
        ("batch = 128", "batch = 1000001", "recipe.batch"),
        (
            "= 1000\nepochs",
            "= 9223372036854775807\nepochs",
            "recipe.shuffle_buffer",
        ),
        ("epochs = 2", "epochs = 9223372036854775807", "recipe.epochs"),
        (
            "epochs = 2",
            "epochs = 2\ndifference = 9223372036854775807",
            "recipe.difference",
        ),
        (
            "epochs = 2",
            "epochs = 2\nseason = { period = 9223372036854775807 }",
            "recipe.season.period",
        ),
        (
            "momentum = 0.9 }",
            "momentum = 0.9 }\nschedule = { name = \"cosine\", epochs = 9223372036854775807 }",
            "recipe.schedule.epochs",
        ),
        (
            "\"huber\", delta = 1.0",
            "\"quantile\", quantile = 0.5",
            "recipe.loss must be a loss of point forecasts",
        ),
        (
            "\"huber\", delta = 1.0",
            "\"quantiles\", quantiles = [0.1, 0.5, 0.9]",
            "recipe.loss must be a loss of point forecasts",
        ),
    ];
    for (from, to, message) in cases {
        let error = Matrix::parse(&TINY.replace(from, to)).unwrap_err().to_string();
        assert!(error.contains(message), "{to}: {error}");
    }
}

#[test]
fn a_second_rate_sweep_is_refused() {
    let sweep = TINY.replace("id = \"tiny\"", "id = \"sweep\"\nkind = \"sweep\"");
    let again = sweep.replace("id = \"sweep\"", "id = \"again\"");
    let (_, second) = again.split_once("\n\n").unwrap();
    Matrix::parse(&sweep).unwrap();
    let error = Matrix::parse(&format!("{sweep}\n{second}")).unwrap_err();
    assert!(
        matches!(&error, MatrixProblem::SecondRateSweep { first, second } if first == "sweep" && second == "again"),
        "{error}"
    );
}

#[test]
fn a_claim_about_nothing_is_refused() {
    let claimed = |statistic: &str, region: &str| {
        Matrix::parse(&format!(
            "{TINY}\n[[claim]]\nid = \"bold\"\nclaim = \"x\"\nstatistic = {{ {statistic} }}\n{region}\n"
        ))
        .map_err(|problem| problem.to_string())
    };
    const MAE: &str = "kind = \"metric\", experiment = \"tiny\", metric = \"val-mae\"";
    claimed(MAE, "at_least = 1.0\nat_most = 1.0").unwrap();
    let cases = [
        (
            MAE.replace("tiny", "large"),
            "at_least = 1.0",
            "no experiment is called `large`; there are: tiny",
        ),
        (
            "kind = \"difference\", experiment = \"tiny\", minus = \"small\", metric = \"val-mae\"".into(),
            "at_least = 1.0",
            "no experiment is called `small`",
        ),
        (
            "kind = \"against-baseline\", experiment = \"tiny\", baseline = \"oracle\"".into(),
            "at_least = 1.0",
            "no baseline is called `oracle`; there are: naive, trailing-mean",
        ),
        (MAE.into(), "at_least = 2.0\nat_most = 1.0", "at_least and at_most"),
        (MAE.into(), "at_least = nan", "at_least and at_most"),
        (MAE.into(), "", "one of them must be given"),
    ];
    for (statistic, region, message) in cases {
        let error = claimed(&statistic, region).unwrap_err();
        assert!(error.contains("claim `bold`") && error.contains(message), "{error}");
    }
}

#[test]
fn an_unknown_experiment_lists_those_there_are() {
    let matrix = Matrix::parse(TINY).unwrap();
    let error = matrix.select(&["large".into()]).unwrap_err().to_string();
    assert!(error.contains("large") && error.contains("tiny"), "{error}");
}
