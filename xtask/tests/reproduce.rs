//! The command `reproduce`, from outside: a tiny matrix, its files, its exit codes.

#![allow(clippy::unwrap_used)]

use recurra_report::records::{Results, Verdict};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};
use tempfile::TempDir;

fn tiny() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tiny.toml")
}

fn reproduce(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command
        .arg("reproduce")
        .arg("--matrix")
        .arg(tiny())
        .args(arguments)
        .output()
        .unwrap()
}

/// Runs the tiny matrix with two seeds into a fresh folder.
fn whole(extra: &[&str]) -> (TempDir, Output) {
    let folder = tempfile::tempdir().unwrap();
    let output = again(folder.path(), extra);
    (folder, output)
}

fn again(out: &Path, extra: &[&str]) -> Output {
    let mut arguments = vec!["--seeds", "2", "--out", out.to_str().unwrap()];
    arguments.extend(extra);
    let output = reproduce(&arguments);
    assert!(output.status.success(), "{}", text(&output.stderr));
    output
}

fn results(folder: &Path) -> Vec<u8> {
    fs::read(folder.join("results.json")).unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

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
    let sweep: Vec<(u64, usize)> = results.sweep.iter().map(|point| (point.seed, point.epoch)).collect();
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
    assert!(alone.sweep.is_empty());
}

#[test]
fn finished_runs_are_taken_up_and_damaged_ones_made_again() {
    let (folder, _) = whole(&[]);
    let before = results(folder.path());
    let cells = folder.path().join("cells");
    let mut files: Vec<PathBuf> = fs::read_dir(&cells)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    assert_eq!(files.len(), 10);
    fs::remove_file(&files[0]).unwrap();
    let half = fs::read(&files[1]).unwrap();
    fs::write(&files[1], &half[..half.len() / 2]).unwrap();
    fs::remove_file(folder.path().join("results.json")).unwrap();

    let said = text(&again(folder.path(), &[]).stderr);
    assert!(said.contains("9 of 10 runs") || said.contains("8 of 10 runs"), "{said}");
    assert!(said.contains("is not used"), "{said}");
    assert_eq!(results(folder.path()), before);

    let said = text(&again(folder.path(), &["--force"]).stderr);
    assert!(!said.contains("taken up"), "{said}");
    assert_eq!(results(folder.path()), before);
}

#[test]
fn what_there_is_not_ends_with_exit_code_2() {
    for (arguments, says) in [
        (
            &["--only", "sprint-1,marathon"][..],
            "there are: sweep, sprint-2, sprint-1, bilstm, explosion, own",
        ),
        (&["--seeds", "0"], "--seeds"),
        (&["--jobs", "0"], "--jobs"),
        (&["--seed", "1", "--seeds", "2"], "cannot be used with"),
        (&["--bogus"], "--bogus"),
    ] {
        let output = reproduce(arguments);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.contains(says), "{arguments:?}: {said}");
    }
}

#[test]
fn an_unknown_model_lists_those_there_are_before_anything_runs() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("matrix.toml");
    fs::write(
        &file,
        fs::read_to_string(tiny())
            .unwrap()
            .replace("bilstm-1x32", "bilstm-1x33"),
    )
    .unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    let output = command
        .arg("reproduce")
        .arg("--matrix")
        .arg(&file)
        .arg("--out")
        .arg(folder.path().join("out"));
    let output = output.output().unwrap();
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("bilstm-1x33") && said.contains("bilstm-1x32"), "{said}");
    assert!(!folder.path().join("out").exists());
}

#[test]
fn check_compares_with_the_snapshot_and_says_what_moved() {
    let folder = tempfile::tempdir().unwrap();
    let snapshot = folder.path().join("tiny.snap");
    let path = snapshot.to_str().unwrap();
    let output = reproduce(&["--accept", "--seeds", "2", "--snapshot", path]);
    assert!(output.status.success(), "{}", text(&output.stderr));

    let output = reproduce(&["--check", "--snapshot", path, "--quiet"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(text(&output.stdout), "");
    let output = reproduce(&["--check", "--seed", "7", "--snapshot", path]);
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));

    // The report of a check that passes is there, too.
    let out = folder.path().join("out");
    let output = reproduce(&["--check", "--snapshot", path, "--quiet", "--out", out.to_str().unwrap()]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(out.join("report.html").is_file());
    let written: Results = serde_json::from_slice(&results(&out)).unwrap();
    assert_eq!(written.runs.len(), 8);

    // One figure, moved by hand.
    let whole = fs::read_to_string(&snapshot).unwrap();
    let line = whole
        .lines()
        .filter(|line| line.contains("\"val_mae\""))
        .nth(2)
        .unwrap();
    fs::write(&snapshot, whole.replace(line, "      \"val_mae\": 1.25,")).unwrap();
    let output = reproduce(&["--check", "--snapshot", path]);
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(
        said.contains("sprint-1") && said.contains("val_mae") && said.contains("1.25"),
        "{said}"
    );
    assert!(said.contains("1 of the figures are not those"), "{said}");
    let output = reproduce(&["--check", "--only", "bilstm,sweep", "--snapshot", path]);
    assert!(output.status.success(), "{}", text(&output.stderr));
}

#[test]
fn a_planted_regression_is_explained_beside_the_seeds() {
    let folder = tempfile::tempdir().unwrap();
    let snapshot = folder.path().join("tiny.snap");
    let path = snapshot.to_str().unwrap();
    assert!(reproduce(&["--accept", "--snapshot", path]).status.success());
    let plant = |line: &str| {
        let whole = fs::read_to_string(&snapshot).unwrap();
        let old = whole.lines().find(|line| line.contains("\"val_mae\"")).unwrap();
        fs::write(&snapshot, whole.replacen(old, line, 1)).unwrap();
        let output = reproduce(&["--check", "--only", "sprint-2", "--quiet", "--snapshot", path]);
        assert_eq!(output.status.code(), Some(1));
        text(&output.stderr)
    };
    let said = plant("      \"val_mae\": 20.0,");
    assert!(
        said.contains("how far a seed would move these figures cannot be said"),
        "{said}"
    );

    let output = reproduce(&["--accept-seeds", "--seeds", "8", "--quiet", "--snapshot", path]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    insta::assert_snapshot!(plant("      \"val_mae\": 20.5,"));
}

#[test]
fn our_own_recipes_are_run_beside_the_tutorials_and_kept_in_a_file_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let snapshot = folder.path().join("tiny.snap");
    let path = snapshot.to_str().unwrap();
    let kept = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    let check = |arguments: &[&str]| {
        let output = reproduce(&[&["--check", "--snapshot", path], arguments].concat());
        (output.status.code(), text(&output.stderr) + &text(&output.stdout))
    };
    assert!(reproduce(&["--accept", "--snapshot", path]).status.success());
    assert!(!folder.path().join("ours.snap").exists());
    let alone = kept("tiny.snap");
    let output = reproduce(&["--accept", "--with", "ours", "--snapshot", path]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(kept("tiny.snap"), alone);
    assert!(kept("ours.snap").contains("\"own\"") && !kept("ours.snap").contains("sprint"));

    for (arguments, runs) in [(&["--with", "ours"][..], 6), (&["--only", "own"], 1), (&[], 5)] {
        let (code, said) = check(arguments);
        assert_eq!(code, Some(0), "{arguments:?}: {said}");
        assert!(said.contains(&format!("{runs} runs are what")), "{arguments:?}: {said}");
    }
    let moved = kept("ours.snap").replace("\"epochs\": 2,", "\"epochs\": 3,");
    fs::write(folder.path().join("ours.snap"), moved).unwrap();
    assert_eq!(check(&[]).0, Some(0));
    for arguments in [["--with", "ours"], ["--only", "own"]] {
        let (code, said) = check(&arguments);
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains("own") && said.contains("epochs"), "{said}");
    }
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
fn a_check_that_compares_nothing_fails() {
    let folder = tempfile::tempdir().unwrap();
    let snapshot = folder.path().join("tiny.snap");
    let path = snapshot.to_str().unwrap();
    let output = reproduce(&["--accept", "--seed", "7", "--snapshot", path]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    // Two seeds are 51 and 1.
    let output = reproduce(&["--check", "--seeds", "2", "--snapshot", path]);
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("none of the seeds") && said.contains("[7]"), "{said}");
}

/// Enough seeds that the signal arrives before the end.
#[cfg(unix)]
#[test]
fn ctrl_c_breaks_nothing_and_the_next_start_goes_on() {
    const MANY: [&str; 4] = ["--only", "sprint-2,bilstm", "--seeds", "40"];
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let start = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command
            .arg("reproduce")
            .arg("--matrix")
            .arg(tiny())
            .arg("--out")
            .arg(&out)
            .args(MANY);
        command
    };
    let child = start()
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let cells = out.join("cells");
    while fs::read_dir(&cells).map_or(0, Iterator::count) == 0 {
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    assert!(
        Command::new("kill")
            .args(["-INT", &child.id().to_string()])
            .status()
            .unwrap()
            .success()
    );
    let output = child.wait_with_output().unwrap();
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(130), "{said}");
    assert!(said.contains("interrupted after"), "{said}");
    assert!(!out.join("results.json").exists());
    for entry in fs::read_dir(&cells).unwrap() {
        let file = entry.unwrap().path();
        assert!(
            serde_json::from_slice::<serde_json::Value>(&fs::read(&file).unwrap()).is_ok(),
            "{}",
            file.display()
        );
    }

    let output = start().output().unwrap();
    assert!(output.status.success());
    assert!(
        text(&output.stderr).contains("are taken up"),
        "{}",
        text(&output.stderr)
    );
    let whole = tempfile::tempdir().unwrap();
    let mut arguments = MANY.to_vec();
    arguments.extend(["--quiet", "--out", whole.path().to_str().unwrap()]);
    assert!(reproduce(&arguments).status.success());
    assert_eq!(results(&out), results(whole.path()));
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
