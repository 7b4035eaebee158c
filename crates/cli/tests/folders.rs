//! A folder of tables: a panel that is read part by part.

#![allow(clippy::unwrap_used)]

mod support;

use std::path::Path;

use recurra_zoo::Registry;
use recurra_zoo::model_file::{ModelFile, SavedModel, weights_sha256};
use support::{command, run, said, succeed};

/// A fitted model, with the losses of its trainings by epoch.
fn model(folder: &Path, file: &str) -> ModelFile {
    ModelFile::read(&folder.join(file), &Registry::builtin()).unwrap()
}

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
    // A checkpoint holds the windows of one file, and is refused with any other that has changed.
    succeed(
        at,
        "generate --preset panel --series 12 --length 60 --parts 3 --seed 7 -o other -q",
    );
    for part in 0..3 {
        let (file, other) = (
            at.join(format!("panel/part-{part:05}.parquet")),
            format!("other/part-{part:05}.parquet"),
        );
        let kept = std::fs::read(&file).unwrap();
        std::fs::copy(at.join(other), &file).unwrap();
        let output = run(at, &format!("{fit} --checkpoint kept --resume -o d.model"));
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "part {part}: {said}");
        assert!(
            said.contains("measured.checkpoint is of another training: data."),
            "{said}"
        );
        std::fs::write(&file, kept).unwrap();
    }
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
    let table = |file: &str, ids: &[&str]| {
        let rows = |id: &&str| {
            (0..60)
                .map(|day| format!("{id},{day},{}\n", day % 7))
                .collect::<String>()
        };
        let text: String = ids.iter().map(rows).collect();
        std::fs::create_dir_all(at.join("panel")).unwrap();
        std::fs::write(at.join(format!("panel/{file}.csv")), format!("unique_id,ds,y\n{text}")).unwrap();
    };
    table("a", &["north", "south"]);
    table("b", &["east", "west"]);
    let fit = "fit panel --model rnn-1x8 --epochs 1 --horizon 3 -q -o";
    succeed(at, &format!("{fit} before.model"));
    succeed(at, "forecast before.model panel --horizon 3 -o forecasts -q");
    table("c", &["centre", "north"]);
    for line in [&*format!("{fit} m.model"), "forecast before.model panel -o again"] {
        let output = run(at, line);
        assert_eq!(output.status.code(), Some(2), "{line}");
        let said = said(&output);
        assert!(
            said.contains(
                "panel/c.csv: series `north` is in panel/a.csv too; every series has to lie in one file as a whole"
            ),
            "{line}: {said}"
        );
    }
    assert!(!at.join("m.model").exists());
    assert!(at.join("again/b.parquet").exists() && !at.join("again/c.parquet").exists());
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

#[test]
fn a_folder_of_one_file_stops_early_as_that_file_does() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    succeed(
        at,
        "generate --preset panel --series 10 --length 90 --parts 1 -o panel -q",
    );
    let fit = "--model lstm-1x16 --epochs 60 --patience 2 --lr 0.05 --horizon 7 -q -o";
    succeed(at, &format!("fit panel {fit} folder.model"));
    succeed(at, &format!("fit panel/part-00000.parquet {fit} file.model"));
    let (of_folder, of_file) = (model(at, "folder.model"), model(at, "file.model"));
    // Training and validation of both fits, each stopped by itself.
    assert_eq!(of_folder.losses.len(), 4);
    assert!(
        of_folder
            .losses
            .iter()
            .all(|curve| (2..60).contains(&curve.values.len()))
    );
    assert_eq!(of_folder.losses, of_file.losses);
    let weights = |file: &ModelFile| match &file.model {
        SavedModel::Network(fitted) => weights_sha256(fitted.network()),
        SavedModel::Classical { .. } => panic!("it is a network"),
    };
    assert_eq!(weights(&of_folder), weights(&of_file));
}

/// A part of a page.
fn section<'a>(page: &'a str, id: &str) -> &'a str {
    let begin = page.find(&format!("<section id=\"{id}\"")).unwrap();
    let length = page[begin..].find("</section>").unwrap();
    &page[begin..begin + length]
}

#[test]
fn the_page_of_a_folder_of_one_file_shows_what_that_of_the_file_shows() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    succeed(
        at,
        "generate --preset panel --series 3 --length 90 --parts 1 -o panel -q",
    );
    // Scaled, a table is forecast by what its training part was scaled with, a folder by the history itself.
    let fit = "--model gru-1x8 --epochs 3 --horizon 7 --scale none --season 7 -q -o m.model --report";
    succeed(at, &format!("fit panel {fit} folder.html"));
    succeed(at, &format!("fit panel/part-00000.parquet {fit} file.html"));
    let page = |file: &str| std::fs::read_to_string(at.join(file)).unwrap();
    let (of_folder, of_file) = (page("folder.html"), page("file.html"));
    for part in ["scores", "all", "training", "residuals"] {
        let (found, expected) = (section(&of_folder, part), section(&of_file, part));
        assert!(found == expected, "{part}:\n{found}\n{expected}");
    }
    assert!(section(&of_folder, "scores").contains("seasonal-naive"));
    // Values, held-out forecasts and the next forecast; its bands have another scale.
    let size = |page: &str| section(page, "data").len();
    assert!(
        size(&of_folder) * 10 > size(&of_file) * 9,
        "{} {}",
        size(&of_folder),
        size(&of_file)
    );
}

#[test]
fn a_page_of_many_series_draws_the_worst_the_best_and_some_between() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    succeed(
        at,
        "generate --preset panel --series 90 --length 60 --parts 3 -o panel -q",
    );
    let fit = "fit panel --model rnn-1x8 --epochs 2 --horizon 3 --json -o m.model --report page.html";
    let fitted = json(at, fit);
    let page = std::fs::read_to_string(at.join("page.html")).unwrap();
    let error = format!(">{:.3}</td>", fitted["hold_out"]["mae"].as_f64().unwrap());
    assert!(section(&page, "scores").contains(&error), "{error}");
    // Every series stands in the table; of some there are charts.
    let rows = section(&page, "all").matches("<th scope=\"row\">").count();
    assert_eq!(rows, 90);
    let one = section(&page, "one");
    let held: usize = (one.split_once("This page holds ").unwrap().1)
        .split_once(" of 90 series, chosen as it says at its end")
        .unwrap()
        .0
        .parse()
        .unwrap();
    assert!((40..=60).contains(&held), "{held}");
    assert_eq!(section(&page, "all").matches("data-pick=").count(), held);
    let method = section(&page, "method");
    assert!(method.contains("the 20 that the model does worst on"), "{method}");

    // Nothing is measured, and some are drawn all the same.
    json(at, &format!("{fit} --validation 0"));
    let page = std::fs::read_to_string(at.join("page.html")).unwrap();
    assert!(!page.contains("<section id=\"scores\""));
    let method = section(&page, "method");
    assert!(
        method.contains("<dd>up to 20 that are spread evenly over the parts"),
        "{method}"
    );
    // Six of the thirty series of each part.
    for (name, drawn) in [("shop-0000055", true), ("shop-0000056", false), ("shop-0000089", false)] {
        assert_eq!(page.contains(name), drawn, "{name}");
    }
}

#[cfg(unix)]
#[test]
fn a_fit_that_stops_early_gives_the_same_model_when_it_was_killed_and_on_more_threads() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    succeed(
        at,
        "generate --preset panel --series 30 --length 90 --parts 3 -o panel -q",
    );
    let fit = "fit panel --model lstm-1x16 --epochs 60 --patience 2 --lr 0.05 --horizon 7 --validation 0 -q";
    succeed(at, &format!("{fit} -o whole.model"));
    let losses = model(at, "whole.model").losses;
    let [training, validation] = losses.as_slice() else {
        panic!("{losses:?}");
    };
    assert!(training.values.len() < 60, "it was not stopped: {losses:?}");
    assert_eq!(training.values.len(), validation.values.len());
    assert!(validation.values.iter().all(Option::is_some), "{validation:?}");
    let words = format!("{fit} --checkpoint kept --resume -o killed.model");
    let mut child = command(at, &words).env("RECURRA_THREADS", "1").spawn().unwrap();
    while !at.join("kept/whole.checkpoint").exists() && child.try_wait().unwrap().is_none() {
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    succeed(at, &words);
    let bytes = |file: &str| std::fs::read(at.join(file)).unwrap();
    assert_eq!(bytes("killed.model"), bytes("whole.model"));
}
