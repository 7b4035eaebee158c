//! A folder of tables: a panel that is read part by part.

#![allow(clippy::unwrap_used)]

mod support;

use std::path::Path;

use support::{command, run, succeed};

fn json(folder: &Path, words: &str) -> serde_json::Value {
    serde_json::from_slice(&succeed(folder, words).stdout).unwrap()
}

/// The rows of a Parquet forecast, as CSV would have them.
fn rows(folder: &Path, file: &str) -> usize {
    let bytes = std::fs::read(folder.join(file)).unwrap();
    let source = recurra_series::Source::Bytes {
        name: file.to_owned(),
        bytes,
    };
    let table = recurra_series::Table::read(source, &recurra_series::CsvOptions::default()).unwrap();
    let names: Vec<&str> = table.names().collect();
    assert_eq!(names, ["unique_id", "ds", "yhat", "lo-80", "hi-80"]);
    table.height()
}

#[test]
fn a_panel_goes_from_parts_to_parts() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    succeed(
        at,
        "generate --preset panel --series 60 --length 80 --parts 3 -o panel -q",
    );
    let fitted = json(at, "fit panel --model gru-1x8 --epochs 4 --horizon 7 -o m.model --json");
    assert_eq!(
        (&fitted["parts"], &fitted["series"], &fitted["points"]),
        (&3.into(), &60.into(), &4800.into())
    );
    let (mae, naive) = (
        fitted["hold_out"]["mae"].as_f64().unwrap(),
        fitted["hold_out"]["naive_mae"].as_f64().unwrap(),
    );
    assert!(mae < naive, "{mae} {naive}");

    let written = json(
        at,
        "forecast m.model panel --horizon 7 --interval 80 -o forecasts --json",
    );
    assert_eq!((&written["rows"], &written["series"]), (&420.into(), &60.into()));
    let files: Vec<usize> = (0..3)
        .map(|part| rows(at, &format!("forecasts/part-0000{part}.parquet")))
        .collect();
    assert_eq!(files, [140; 3]);

    // A part forecast by itself gives what it gave among the others.
    succeed(
        at,
        "forecast m.model panel/part-00001.parquet --horizon 7 --interval 80 -o alone.parquet -q",
    );
    let bytes = |file: &str| std::fs::read(at.join(file)).unwrap();
    assert_eq!(bytes("alone.parquet"), bytes("forecasts/part-00001.parquet"));

    let own = run(at, "forecast m.model panel --horizon 7 -o panel");
    assert_eq!(own.status.code(), Some(2), "{}", String::from_utf8_lossy(&own.stderr));
}

#[test]
fn the_same_parts_give_the_same_model_and_a_finished_run_resumes_to_it() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    succeed(
        at,
        "generate --preset panel --series 12 --length 60 --parts 3 -o panel -q",
    );
    let fit = "fit panel --model gru-1x8 --epochs 2 --horizon 3 -q";
    succeed(at, &format!("{fit} -o a.model"));
    succeed(at, &format!("{fit} --checkpoint kept -o b.model"));
    succeed(at, &format!("{fit} --checkpoint kept --resume -o c.model"));
    let bytes = |file: &str| std::fs::read(at.join(file)).unwrap();
    assert_eq!(bytes("a.model"), bytes("b.model"));
    assert_eq!(bytes("a.model"), bytes("c.model"));
}

#[test]
fn names_with_dots_of_their_own_stay_apart() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    succeed(
        at,
        "generate --preset panel --series 20 --length 60 --parts 2 -o panel -q",
    );
    let mut parts: Vec<_> = std::fs::read_dir(at.join("panel"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    parts.sort();
    for (part, year) in parts.iter().zip(["2024", "2025"]) {
        std::fs::rename(part, at.join(format!("panel/sales.{year}.parquet"))).unwrap();
    }
    succeed(
        at,
        "fit panel --model rnn-1x8 --epochs 1 --horizon 3 --validation 0 -o m.model -q",
    );
    succeed(at, "forecast m.model panel --horizon 3 -o forecasts -q");
    let mut names: Vec<_> = (std::fs::read_dir(at.join("forecasts")).unwrap())
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["sales.2024.parquet", "sales.2025.parquet"]);
}

#[cfg(unix)]
#[test]
fn a_fit_that_was_killed_again_and_again_ends_with_the_same_model() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    succeed(
        at,
        "generate --preset panel --series 40 --length 100 --parts 5 -o panel -q",
    );
    let fit = "fit panel --model lstm-1x16 --epochs 6 --horizon 7 -q";
    succeed(at, &format!("{fit} -o whole.model"));
    let checkpoint = at.join("kept/measured.checkpoint");
    let written = || std::fs::metadata(&checkpoint).and_then(|file| file.modified()).ok();
    let mut kills = 0;
    // Each time after a checkpoint that the last process had not written.
    for _ in 0..3 {
        let (before, words) = (written(), format!("{fit} --checkpoint kept --resume -o killed.model"));
        let mut child = command(at, &words).spawn().unwrap();
        while written() == before && child.try_wait().unwrap().is_none() {
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        kills += usize::from(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        child.wait().unwrap();
    }
    assert!(kills > 0, "every fit ended before it could be killed");
    succeed(at, &format!("{fit} --checkpoint kept --resume -o killed.model"));
    let bytes = |file: &str| std::fs::read(at.join(file)).unwrap();
    assert_eq!(bytes("killed.model"), bytes("whole.model"));
}

/// A folder of one file with days as plain numbers: four steps a season, and seven from day 160 on.
fn with_a_late_season(at: &Path) {
    std::fs::create_dir(at.join("panel")).unwrap();
    let mut text = "unique_id,ds,y\n".to_owned();
    for shop in 0..3 {
        for day in 0..400 {
            let season = if day < 160 { day % 4 } else { day % 7 };
            text += &format!("shop-{shop},{day},{}\n", 10 * season * season + day * 13 % 5);
        }
    }
    std::fs::write(at.join("panel/a.csv"), text).unwrap();
}

#[test]
fn the_season_of_a_folder_is_looked_for_before_the_held_out_part() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    with_a_late_season(at);
    let season = |validation: &str| {
        let fit = "fit panel --model rnn-1x8 --epochs 1 --horizon 4 --no-refit -o m.model -q";
        succeed(at, &format!("{fit} --validation {validation}"));
        json(at, "summary m.model --json")["data"]["season"].clone()
    };
    assert_eq!(season("160"), 4);
    assert_eq!(season("0"), 7);
}

#[test]
fn a_series_that_comes_again_in_a_later_file_is_named_with_both() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    std::fs::create_dir(at.join("panel")).unwrap();
    for (file, ids) in [
        ("a", ["north", "south"]),
        ("b", ["east", "west"]),
        ("c", ["centre", "north"]),
    ] {
        let rows = |id: &&str| {
            (0..60)
                .map(|day| format!("{id},{day},{}\n", day % 7))
                .collect::<String>()
        };
        let text: String = ids.iter().map(rows).collect();
        std::fs::write(at.join(format!("panel/{file}.csv")), format!("unique_id,ds,y\n{text}")).unwrap();
    }
    let output = run(at, "fit panel --model rnn-1x8 --epochs 1 --horizon 3 -o m.model");
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        said.contains("panel/c.csv: series `north` is in panel/a.csv too") && !at.join("m.model").exists(),
        "{said}"
    );
}

#[test]
fn a_model_is_not_written_onto_a_part_of_its_own_data() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    succeed(
        at,
        "generate --preset panel --series 6 --length 60 --parts 2 -o panel -q",
    );
    let before = std::fs::read(at.join("panel/part-00001.parquet")).unwrap();
    let line = "fit panel --model rnn-1x8 --epochs 1 --horizon 3 -o ./panel/part-00001.parquet";
    let output = run(at, line);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("it is one of the inputs"));
    assert_eq!(std::fs::read(at.join("panel/part-00001.parquet")).unwrap(), before);
}
