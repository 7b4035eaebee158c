//! Finished runs are kept, and a second start goes on from there.

use std::{fs, path::PathBuf, process::Command};

use crate::{again, reproduce, results, text, tiny, whole};

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
