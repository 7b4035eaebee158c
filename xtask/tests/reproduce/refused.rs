//! What there is not is refused before anything runs.

use std::{fs, process::Command};

use crate::{reproduce, text, tiny};

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
