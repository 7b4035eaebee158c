//! Backtests in shares: killed, started again, merged, with the bytes of one run.

#![allow(clippy::unwrap_used)]

mod support;

use std::process::Stdio;

use support::{command, succeed};

const BACKTEST: &str =
    "backtest sales.csv --model gru-1x8,theta --epochs 2 --window 14 --horizon 7 --folds 4 --refit --interval 80";

#[test]
fn shares_killed_and_started_again_merge_into_the_bytes_of_one_run() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    succeed(at, "generate --preset daily --length 200 -o sales.csv");
    let whole = succeed(at, &format!("{BACKTEST} -o whole.csv --json")).stdout;
    let table = std::fs::read(at.join("whole.csv")).unwrap();
    for shares in [2, 4, 8] {
        let name = |share: usize| format!("share-{shares}-{share}");
        let line = |share: usize| format!("{BACKTEST} --out {} --partition slice:{share}/{shares}", name(share));
        // The first share is killed as soon as it has something.
        let mut child = command(at, &line(1)).stderr(Stdio::null()).spawn().unwrap();
        while child.try_wait().unwrap().is_none() && !at.join(name(1)).join("cells").exists() {
            std::thread::yield_now();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        for share in 1..=shares {
            let output = succeed(at, &line(share));
            assert!(output.stdout.is_empty(), "a share has no scores");
        }
        let folders: Vec<String> = (1..=shares).map(name).collect();
        succeed(at, &format!("merge {} --out whole-{shares}", folders.join(" ")));
        let before = std::fs::read_dir(at.join(format!("whole-{shares}/cells")))
            .unwrap()
            .count();
        let merged = succeed(at, &format!("{BACKTEST} --out whole-{shares} -o merged.csv --json")).stdout;
        assert!(merged == whole, "{shares} shares");
        assert!(
            std::fs::read(at.join("merged.csv")).unwrap() == table,
            "{shares} shares"
        );
        // Nothing was fitted again.
        let after = std::fs::read_dir(at.join(format!("whole-{shares}/cells")))
            .unwrap()
            .count();
        assert_eq!(before, after);
    }
}

#[test]
fn a_share_that_is_missing_is_named_and_other_flags_are_other_pieces() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    succeed(at, "generate --preset daily --length 200 -o sales.csv");
    let line = "backtest sales.csv --model theta --horizon 7 --folds 3";
    for share in [1, 2] {
        succeed(at, &format!("{line} --out share-{share} --partition slice:{share}/2"));
    }
    succeed(at, &format!("{line} --season 10 --out other --partition slice:1/2"));
    let said = |line: &str| {
        let output = command(at, line).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8(output.stderr).unwrap()
    };
    let missing = said("merge share-1 --out whole");
    assert!(
        missing.contains("1 of 2 runs cannot be taken") && missing.contains("theta, folds 1 to 3: missing"),
        "{missing}"
    );
    assert!(said("merge share-1 other --out whole").contains("its plan is not that of share-1"));
    assert!(!at.join("whole").exists());
}
