//! Sweeps of the real program: in one process, in shares, killed and started again, with the same bytes.

#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeMap;
use std::path::Path;

use support::{command, succeed};

const SWEEP: &str = r#"
horizon = 7
folds = 4
seeds = [51, 52]

[[data]]
file = "sales.csv"

[[candidates]]
model = ["gru-1x8", "rnn-1x8"]
lr = [1e-3, 1e-2]
window = 14
epochs = 3

[[candidates]]
model = ["theta", "seasonal-naive"]
"#;

/// A folder with a table and a sweep.
fn prepared(sweep: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    succeed(folder.path(), "generate --preset daily --length 200 -o sales.csv");
    std::fs::write(folder.path().join("SWEEP.toml"), sweep).unwrap();
    folder
}

/// The bytes of all files below a folder that somebody may read.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            found.extend(
                files(&path)
                    .into_iter()
                    .map(|(below, bytes)| (format!("{name}/{below}"), bytes)),
            );
        } else if !name.ends_with(".partial") {
            found.insert(name, std::fs::read(&path).unwrap());
        }
    }
    found
}

#[test]
fn the_best_is_named_with_its_interval_beside_naive() {
    let folder = prepared(SWEEP);
    let output = succeed(folder.path(), "sweep SWEEP.toml --out out");
    insta::assert_snapshot!("a_sweep", String::from_utf8(output.stdout).unwrap());
    let whole = files(&folder.path().join("out"));
    assert_eq!(whole.keys().filter(|name| name.starts_with("cells/")).count(), 10);
    assert!(whole.contains_key("sweep.svg"));
    let table = String::from_utf8(whole["sweep.csv"].clone()).unwrap();
    assert_eq!(table.lines().count(), 7);
    // All that was printed follows from what is kept: nothing is trained again.
    std::fs::remove_file(folder.path().join("out/sweep.json")).unwrap();
    succeed(folder.path(), "sweep SWEEP.toml --out out --collect --quiet");
    assert_eq!(files(&folder.path().join("out")), whole);
}

#[test]
fn shares_killed_and_started_again_merge_into_the_bytes_of_one_run() {
    let folder = prepared(SWEEP);
    let at = folder.path();
    succeed(at, "sweep SWEEP.toml --out one --quiet");
    let whole = files(&at.join("one"));
    for shares in [2, 4, 8] {
        let name = |share: usize| format!("share-{shares}-{share}");
        // The first share is killed as soon as it has something.
        let line = format!(
            "sweep SWEEP.toml --out {} --partition slice:1/{shares} --quiet",
            name(1)
        );
        let mut child = command(at, &line).env("RECURRA_THREADS", "1").spawn().unwrap();
        let cells = at.join(name(1)).join("cells");
        while child.try_wait().unwrap().is_none() && !cells.exists() {
            std::thread::yield_now();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        for share in 1..=shares {
            succeed(
                at,
                &format!(
                    "sweep SWEEP.toml --out {} --partition slice:{share}/{shares} --quiet",
                    name(share)
                ),
            );
        }
        let folders: Vec<String> = (1..=shares).map(name).collect();
        let out = format!("whole-{shares}");
        succeed(at, &format!("merge {} --out {out}", folders.join(" ")));
        succeed(at, &format!("sweep SWEEP.toml --out {out} --collect --quiet"));
        assert!(files(&at.join(&out)) == whole, "{shares} shares");
    }
}

#[test]
fn one_thread_and_three_give_the_same_bytes() {
    let folder = prepared(SWEEP);
    let run = |threads: &str| {
        let line = format!("sweep SWEEP.toml --out with-{threads} --json");
        let output = command(folder.path(), &line)
            .env("RECURRA_THREADS", threads)
            .output()
            .unwrap();
        assert!(output.status.success());
        (output.stdout, files(&folder.path().join(format!("with-{threads}"))))
    };
    assert!(run("1") == run("3"));
}

#[test]
fn a_halving_trains_few_to_the_end_and_random_draws_some() {
    let halving = SWEEP.replace(
        "[[data]]",
        "[search]\nmethod = \"halving\"\nrungs = 2\nfactor = 2\n\n[[data]]",
    );
    let folder = prepared(&halving);
    let output = succeed(folder.path(), "sweep SWEEP.toml --out out");
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.starts_with("6 candidates (2 rounds of halving)"), "{said}");
    // Three of six went on.
    let table = std::fs::read_to_string(folder.path().join("out/sweep.csv")).unwrap();
    assert_eq!(table.lines().count(), 4, "{table}");

    let random = SWEEP.replace(
        "[[data]]",
        "[search]\nmethod = \"random\"\ndraws = 2\nseed = 1\n\n[[data]]",
    );
    let folder = prepared(&random);
    let output = succeed(folder.path(), "sweep SWEEP.toml --out out");
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.starts_with("2 candidates (2 drawn with seed 1)"), "{said}");
}

#[test]
fn a_halving_that_starts_again_leaves_the_plan_of_its_later_rounds() {
    let halving = SWEEP.replace(
        "[[data]]",
        "[search]\nmethod = \"halving\"\nrungs = 2\nfactor = 2\n\n[[data]]",
    );
    let folder = prepared(&halving);
    let at = folder.path();
    succeed(at, "sweep SWEEP.toml --out out --quiet");
    let plan = || {
        let text = std::fs::read_to_string(at.join("out/plan.json")).unwrap();
        serde_json::from_str::<serde_json::Value>(&text).unwrap()
    };
    let whole = plan();
    // A machine whose share has nothing left waits in the first round for another, whose run is gone.
    let stem = whole["cells"][0]["stem"].as_str().unwrap();
    let lost = (std::fs::read_dir(at.join("out/cells")).unwrap())
        .map(|entry| entry.unwrap().path())
        .find(|path| path.file_name().unwrap().to_string_lossy().starts_with(stem))
        .unwrap();
    std::fs::remove_file(lost).unwrap();
    let output = succeed(at, "sweep SWEEP.toml --out out --partition slice:2/2");
    assert!(
        support::said(&output).contains("round 1 of 2"),
        "{}",
        support::said(&output)
    );
    assert_eq!(plan(), whole);
    // Of another sweep there is nothing to keep.
    std::fs::write(
        at.join("SWEEP.toml"),
        halving.replace("method = \"halving\"\nrungs = 2\nfactor = 2", "method = \"grid\""),
    )
    .unwrap();
    succeed(at, "sweep SWEEP.toml --out out --quiet");
    assert_ne!(plan(), whole);
}

#[test]
fn two_tables_count_alike_and_what_cannot_be_fitted_is_said() {
    let two = SWEEP.replace(
        "[[candidates]]\nmodel = [\"theta\"",
        "[[data]]\nfile = \"months.csv\"\n\n[[candidates]]\nmodel = [\"theta\"",
    ) + "\n[[candidates]]\nmodel = \"gru-1x8\"\nwindow = 150\n";
    let folder = prepared(&two);
    succeed(folder.path(), "generate --preset monthly --length 120 -o months.csv");
    let output = succeed(folder.path(), "sweep SWEEP.toml --out out --json");
    let results: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let candidates = results["candidates"].as_array().unwrap();
    assert_eq!(candidates.len(), 7);
    let best = &candidates[0];
    let ratio = |table: &serde_json::Value| table["mae"].as_f64().unwrap() / table["naive"].as_f64().unwrap();
    let both = best["tables"].as_array().unwrap();
    let geometric = (ratio(&both[0]) * ratio(&both[1])).sqrt();
    assert!((best["of_naive"].as_f64().unwrap() - geometric).abs() < 1e-12);
    let last = &candidates[6];
    assert_eq!(last["of_naive"], serde_json::Value::Null);
    assert!(
        last["failed"].as_str().unwrap().contains("needs at least 151"),
        "{last}"
    );
}

#[test]
fn a_result_under_another_name_or_with_another_value_is_not_taken() {
    let folder = prepared(SWEEP);
    let at = folder.path();
    succeed(at, "sweep SWEEP.toml --out one --quiet");
    succeed(at, "sweep SWEEP.toml --out two --quiet");
    let cell = files(&at.join("two"))
        .into_keys()
        .find(|name| name.contains("theta"))
        .unwrap();
    let path = at.join("two").join(cell);
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replacen("\"mae\":[", "\"mae\":[1.0,", 1)).unwrap();
    let output = command(at, "merge one two --out whole").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.contains("1 of 10 runs cannot be taken") && said.contains("digest"),
        "{said}"
    );
    // Another sweep's folder.
    std::fs::write(at.join("OTHER.toml"), SWEEP.replace("folds = 4", "folds = 3")).unwrap();
    succeed(at, "sweep OTHER.toml --out other --partition slice:1/8 --quiet");
    let output = command(at, "merge one other --out whole").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .contains("its plan is not that of one")
    );
}

#[test]
fn no_error_at_all_is_beaten_by_none() {
    let sweep = "horizon = 7\nfolds = 3\n[[data]]\nfile = \"weeks.csv\"\n[[candidates]]\nmodel = [\"theta\", \"seasonal-naive\", \"drift\"]\n";
    let folder = prepared(sweep);
    let mut table = String::from("ds,y\n");
    for at in 0..100 {
        table += &format!("{at},{}\n", [3, 8, 1, 9, 4, 2, 7][at % 7]);
    }
    std::fs::write(folder.path().join("weeks.csv"), table).unwrap();
    let said = String::from_utf8(succeed(folder.path(), "sweep SWEEP.toml --out out").stdout).unwrap();
    assert!(
        said.contains("best: seasonal-naive") && said.contains("beats each of the others"),
        "{said}"
    );
}

#[test]
fn tables_of_the_same_bytes_are_finished_each() {
    let twice = SWEEP.replace(
        "[[candidates]]\nmodel = [\"theta\"",
        "[[data]]\nfile = \"again.csv\"\n\n[[candidates]]\nmodel = [\"theta\"",
    );
    let folder = prepared(&twice);
    std::fs::copy(folder.path().join("sales.csv"), folder.path().join("again.csv")).unwrap();
    succeed(folder.path(), "sweep SWEEP.toml --out out --quiet");
    let cells = files(&folder.path().join("out/cells"));
    succeed(folder.path(), "sweep SWEEP.toml --out out --collect --quiet");
    assert_eq!((cells.len(), files(&folder.path().join("out/cells"))), (20, cells));
}

#[test]
fn folds_that_one_table_lacks_count_in_none() {
    let two = "horizon = 2\nfolds = 3\n[[data]]\nfile = \"whole.csv\"\n[[data]]\nfile = \"gaps.csv\"\nfill = \"linear\"\n[[candidates]]\nmodel = [\"drift\", \"trailing-mean\"]\n";
    let folder = prepared(two);
    let rows = |missing: &[usize]| {
        let kept = (0..40).filter(|at| !missing.contains(at));
        kept.fold("ds,y\n".to_owned(), |text, at| {
            text + &format!("{at},{}\n", at * at % 23)
        })
    };
    std::fs::write(folder.path().join("whole.csv"), rows(&[])).unwrap();
    // Filled from what comes after it, so the fold that begins after 35 is scored nowhere.
    std::fs::write(folder.path().join("gaps.csv"), rows(&[35])).unwrap();
    let output = command(folder.path(), "sweep SWEEP.toml --out out --json")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let results: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    for standing in results["candidates"].as_array().unwrap() {
        let ratio = |table: &serde_json::Value| table["mae"].as_f64().unwrap() / table["naive"].as_f64().unwrap();
        let both = standing["tables"].as_array().unwrap();
        let geometric = (ratio(&both[0]) * ratio(&both[1])).sqrt();
        assert!((standing["of_naive"].as_f64().unwrap() - geometric).abs() < 1e-12);
        // Two folds of two steps: naive on the whole table is (|y36-y35|…) over those alone.
        let value = |at: usize| (at * at % 23) as f64;
        let naive: f64 = [33, 37]
            .into_iter()
            .flat_map(|last| [last + 1, last + 2].map(|at| (value(at) - value(last)).abs()))
            .sum();
        assert!(
            (both[0]["naive"].as_f64().unwrap() - naive / 4.0).abs() < 1e-12,
            "{standing}"
        );
    }
}
