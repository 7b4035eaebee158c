//! `--check` and `--accept`: what moved is found and explained.

use recurra_report::records::Results;
use std::fs;

use crate::{reproduce, results, text};

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
