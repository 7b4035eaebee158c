//! What a reproduction writes, whatever the number of jobs and whatever is asked for.

use recurra_report::records::{Results, Verdict};
use std::fs;

use crate::{reproduce, results, text, whole};

#[test]
fn everything_is_written_and_said() {
    let (folder, output) = whole(&[]);
    for file in ["results.json", "timings.json", "REPORT.md", "report.html", "charts"] {
        assert!(folder.path().join(file).exists(), "{file}");
    }
    let (said, shown) = (text(&output.stderr), text(&output.stdout));
    assert!(said.contains("bilstm, seed 51: MAE "), "{said}");
    assert!(said.contains("explosion, seed 1: diverged in epoch 0"), "{said}");
    assert!(said.contains("kernels"), "{said}");
    assert!(shown.contains("sprint-2") && shown.contains("report.html"), "{shown}");
    assert!(
        fs::read_dir(folder.path())
            .unwrap()
            .all(|entry| !text(entry.unwrap().file_name().as_encoded_bytes()).starts_with('.'))
    );
}

#[test]
fn records_stand_in_matrix_order_then_seed_order() {
    let (folder, _) = whole(&["--quiet"]);
    let results: Results = serde_json::from_slice(&results(folder.path())).unwrap();
    let order: Vec<(&str, u64, usize)> = results
        .runs
        .iter()
        .map(|run| (run.experiment.as_str(), run.seed, run.epochs))
        .collect();
    let expected = [
        ("sprint-2", 51, 2),
        ("sprint-2", 1, 2),
        ("sprint-1", 51, 1),
        ("sprint-1", 1, 1),
        ("bilstm", 51, 1),
        ("bilstm", 1, 1),
        ("explosion", 51, 0),
        ("explosion", 1, 0),
    ];
    assert_eq!(order, expected);
    let sweep: Vec<(u64, usize)> = results
        .rate_sweep
        .iter()
        .map(|point| (point.seed, point.epoch))
        .collect();
    assert_eq!(sweep, [(51, 0), (51, 1), (51, 2), (1, 0), (1, 1), (1, 2)]);
    let explosion = &results.runs[6];
    assert_eq!(explosion.diverged.map(|diverged| diverged.epoch), Some(0));
    assert_eq!(
        (explosion.val_mae, explosion.train_mae, explosion.final_loss),
        (None, None, None)
    );
    assert!(
        results.runs[..6]
            .iter()
            .all(|run| run.val_mae.is_some() && run.final_loss.is_some())
    );
    assert!(results.baselines.contains_key("naive"));
}

#[test]
fn jobs_and_quiet_change_no_byte() {
    let (one, _) = whole(&["--jobs", "1"]);
    let (two, output) = whole(&["--jobs", "2", "--quiet"]);
    assert_eq!(results(one.path()), results(two.path()));
    assert_eq!(text(&output.stderr) + &text(&output.stdout), "");
}

#[test]
fn a_shared_training_gives_what_two_trainings_give() {
    let (both, _) = whole(&[]);
    let (alone, _) = whole(&["--only", "sprint-1"]);
    let (both, alone): (Results, Results) = (
        serde_json::from_slice(&results(both.path())).unwrap(),
        serde_json::from_slice(&results(alone.path())).unwrap(),
    );
    assert_eq!(both.runs[2..4], alone.runs);
    assert!(alone.rate_sweep.is_empty());
}

#[test]
fn a_part_of_the_series_can_be_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    let part = [
        "--only", "own", "--seed", "1", "--split", "600", "--end", "800", "--out", out,
    ];
    let output = reproduce(&part);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let results: Results = serde_json::from_slice(&results(folder.path())).unwrap();
    assert_eq!(results.runs.len(), 1);
    // The seasonal mean needs two years before the first forecast.
    assert!(results.baselines.contains_key("naive") && !results.baselines.contains_key("seasonal-mean"));
    let report = fs::read_to_string(folder.path().join("REPORT.md")).unwrap();
    assert!(report.contains(" --split 600 --end 800`"), "{report}");
    let output = reproduce(&["--only", "own", "--split", "800", "--end", "800"]);
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
}

#[test]
fn claims_are_judged_and_few_seeds_decide_nothing() {
    let (folder, output) = whole(&[]);
    let results: Results = serde_json::from_slice(&results(folder.path())).unwrap();
    let claims: Vec<(&str, usize)> = results
        .claims
        .iter()
        .map(|claim| (claim.id.as_str(), claim.n))
        .collect();
    assert_eq!(claims, [("two-epochs-help", 2), ("explosion-beats-naive", 2)]);
    assert!(results.claims[1].claim.contains("; 2 of 2 seeds diverged"));
    assert!(results.claims.iter().all(|claim| claim.verdict == Verdict::Undecided));
    assert!(text(&output.stdout).contains("undecided"), "{}", text(&output.stdout));
}
