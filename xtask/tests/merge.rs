//! Shares of several machines, merged: the very bytes of one machine.

#![allow(clippy::unwrap_used)]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

fn xtask(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.args(words);
    command
}

fn reproduce(out: &Path, words: &[&str]) -> Output {
    let tiny = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tiny.toml");
    let mut command = xtask(&["reproduce", "--seeds", "3"]);
    command
        .arg("--matrix")
        .arg(tiny)
        .arg("--out")
        .arg(out)
        .args(words)
        .output()
        .unwrap()
}

fn merge(folders: &[PathBuf], out: &Path) -> Output {
    xtask(&["merge"]).args(folders).arg("--out").arg(out).output().unwrap()
}

fn ok(output: &Output) {
    assert!(output.status.success(), "{}", said(output));
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Every share of `count` below `folder`.
fn shares(folder: &Path, scheme: &str, count: usize) -> Vec<PathBuf> {
    let share = |index: usize| {
        let out = folder.join(format!("{scheme}-{index}-of-{count}"));
        ok(&reproduce(&out, &["--partition", &format!("{scheme}:{index}/{count}")]));
        out
    };
    (1..=count).map(share).collect()
}

fn cells(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder.join("cells"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files
}

#[test]
fn two_four_and_eight_shares_give_the_bytes_of_one_machine() {
    let folder = tempfile::tempdir().unwrap();
    let one = folder.path().join("one");
    ok(&reproduce(&one, &[]));
    for (scheme, count) in [("slice", 2), ("hash", 2), ("slice", 4), ("slice", 8)] {
        let shares = shares(folder.path(), scheme, count);
        // One share was killed after its first run, and is started again.
        for file in cells(&shares[0]).iter().skip(1) {
            fs::remove_file(file).unwrap();
        }
        ok(&reproduce(&shares[0], &["--partition", &format!("{scheme}:1/{count}")]));
        let merged = folder.path().join(format!("{scheme}-{count}"));
        ok(&merge(&shares, &merged));
        for name in ["results.json", "plan.json"] {
            assert_eq!(
                fs::read(one.join(name)).unwrap(),
                fs::read(merged.join(name)).unwrap(),
                "{name}, {count} shares"
            );
        }
        for file in cells(&one) {
            let copy = merged.join("cells").join(file.file_name().unwrap());
            assert_eq!(fs::read(&file).unwrap(), fs::read(copy).unwrap());
        }
        assert!(merged.join("report.html").exists());
    }
}

#[test]
fn missing_and_damaged_cells_are_listed() {
    let folder = tempfile::tempdir().unwrap();
    let shares = shares(folder.path(), "slice", 2);
    let out = folder.path().join("merged");

    let output = merge(&shares[..1], &out);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        said(&output).contains("of the runs cannot be taken") && said(&output).contains(": missing"),
        "{}",
        said(&output)
    );
    assert!(!out.exists());

    let file = &cells(&shares[1])[0];
    let whole = fs::read_to_string(file).unwrap();
    fs::write(file, &whole[..whole.len() / 2]).unwrap();
    let output = merge(&shares, &out);
    assert!(
        said(&output).contains("1 of the runs cannot be taken"),
        "{}",
        said(&output)
    );
    fs::write(file, &whole).unwrap();

    // A result under a foreign name.
    fs::write(
        file,
        whole
            .replace(", seed 1\"", ", seed 7\"")
            .replace(", seed 51\"", ", seed 7\""),
    )
    .unwrap();
    let output = merge(&shares, &out);
    assert!(said(&output).contains("another run"), "{}", said(&output));
}

#[test]
fn plans_that_differ_or_were_edited_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (folder.path().join("one"), folder.path().join("two"));
    ok(&reproduce(&one, &[]));
    ok(&reproduce(&two, &["--only", "bilstm"]));
    let output = merge(&[one.clone(), two], &folder.path().join("merged"));
    assert!(
        said(&output).contains("not that of the first folder"),
        "{}",
        said(&output)
    );

    let plan = fs::read_to_string(one.join("plan.json")).unwrap();
    fs::write(one.join("plan.json"), plan.replacen("\"seed\": 51", "\"seed\": 52", 1)).unwrap();
    let output = merge(std::slice::from_ref(&one), &folder.path().join("merged"));
    assert!(said(&output).contains("does not follow from"), "{}", said(&output));

    fs::write(one.join("plan.json"), "{").unwrap();
    assert!(said(&merge(&[one], &folder.path().join("merged"))).contains("plan.json does not read"));
}

#[test]
fn a_partition_that_is_none_ends_with_exit_code_2() {
    let folder = tempfile::tempdir().unwrap();
    for text in ["slice:9/8", "block:1/2", "slice:auto"] {
        let output = reproduce(folder.path(), &["--partition", text]);
        assert_eq!(output.status.code(), Some(2), "{text}: {}", said(&output));
    }
}
