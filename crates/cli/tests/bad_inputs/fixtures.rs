//! Good files that the bad inputs start from.

use std::path::Path;

use super::run;

/// Daily values from 2024-01-01 on, with a weekly season and a covariate.
pub(crate) fn daily(rows: usize) -> String {
    let mut text = String::from("ds,y,promo\n");
    for day in 0..rows {
        text += &format!("{},{},{}\n", date(day), 100 + day % 7 * 3 + day * 5 % 4, day % 5 / 4);
    }
    text
}

/// The date so many days after 2024-01-01, in the first half of that year.
fn date(mut day: usize) -> String {
    for (month, days) in [(1, 31), (2, 29), (3, 31), (4, 30), (5, 31), (6, 30)] {
        if day < days {
            return format!("2024-{month:02}-{:02}", day + 1);
        }
        day -= days;
    }
    "2024-07-01".to_owned()
}

/// A folder with good.csv and models fitted on it.
pub(crate) fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "good.csv", daily(100));
    write(folder.path(), "constant.csv", constant());
    for command in [
        "fit good.csv --model gru-1x8 --epochs 2 --horizon 5 -o gru.model",
        "fit good.csv --model gru-1x8 --epochs 1 --horizon 5 --strategy direct -o direct.model",
        "fit good.csv --model gru-1x8 --epochs 1 --horizon 5 --future-exog promo -o promo.model",
        "fit good.csv --model gru-1x8 --epochs 1 --horizon 5 --validation 0 -o unmeasured.model",
        "fit good.csv --model theta --horizon 5 -o theta.model",
    ] {
        let output = run(folder.path(), command);
        assert!(
            output.status.success(),
            "{command}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    folder
}

fn constant() -> String {
    (0..60).fold(String::from("ds,y\n"), |text, step| text + &format!("{step},7\n"))
}

/// Writes a file into a folder.
pub(crate) fn write(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) {
    std::fs::write(folder.join(name), bytes).unwrap();
}

/// good.csv with one of its lines (from 1, the header is 1) replaced, as bad.csv.
pub(crate) fn replaced(folder: &Path, line: usize, text: &str) {
    let good = daily(100);
    let lines: Vec<&str> = good.lines().collect();
    let lines = lines
        .iter()
        .enumerate()
        .map(|(at, old)| if at + 1 == line { text } else { old });
    write(folder, "bad.csv", lines.collect::<Vec<_>>().join("\n") + "\n");
}

/// The bytes of gru.model with a text of its header replaced by one of the same length.
pub(crate) fn changed_model(folder: &Path, from: &str, to: &str) {
    assert_eq!(from.len(), to.len());
    let mut bytes = std::fs::read(folder.join("gru.model")).unwrap();
    let at = bytes
        .windows(from.len())
        .position(|window| window == from.as_bytes())
        .unwrap();
    bytes[at..at + from.len()].copy_from_slice(to.as_bytes());
    write(folder, "bad.model", bytes);
}
